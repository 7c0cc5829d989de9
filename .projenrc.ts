import { awscdk, github, javascript, JsonPatch } from 'projen';

/** The floor: what users may have at least. Compiled against, and tested on. */
const CDK_FLOOR = '2.250.0';
/** The newest: the whole suite runs a second time on it. */
const CDK_NEWEST = '2.276.0';
/** Native and WebAssembly must agree to the byte, so that asset hashes do: one version, pinned. */
const ESBUILD = '0.28.2';
/** What publishes the packages runs beside the secrets of the release. */
const PUBLIB = '0.2.1061';
/** A tag can be moved; a commit cannot. */
const ACTIONS = {
  'actions/checkout': '08c6903cd8c0fde910a37f88322edcfb5dd907a8', // v5.0.0
  'actions/setup-node': '2028fbc5c25fe9cf00d9f06a71cc4710d4507903', // v6.0.0
  'actions/setup-python': 'e797f83bcb11b83ae66e0230d6156d7c80228e7c', // v6.0.0
  'actions/setup-java': 'c5195efecf7bdfc987ee8bae7a71cb8b11521c00', // v4.7.1
  'actions/setup-go': 'd35c59abb061a4a6fb18e82ac0862c26744d6ab5', // v5.5.0
  'actions/setup-dotnet': '67a3573c9a986a3f9c594539f4ab511d57bb3ce9', // v4.3.1
  'peter-evans/create-pull-request': '271a8d0340265f705b14b6d32b9829c1cb33d45e', // v7.0.8
};

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-websocket-api',
  description: 'API Gateway WebSocket APIs for AWS CDK in five lines: routes, handlers from source, permissions, auth, logs, a domain. In TypeScript, Python, Java, C# and Go.',
  repositoryUrl: 'https://github.com/cdk-websocket-api/cdk-websocket-api.git',
  author: 'The cdk-websocket-api authors',
  authorAddress: 'maintainers@cdk-websocket-api.example',
  authorOrganization: true,
  license: 'Apache-2.0',
  keywords: ['aws-cdk', 'cdk', 'websocket', 'websocket-api', 'apigatewayv2', 'api-gateway', 'lambda', 'serverless', 'construct', 'sst'],
  stability: 'stable',

  projenrcTs: true,
  packageManager: javascript.NodePackageManager.NPM,
  defaultReleaseBranch: 'main',
  cdkVersion: CDK_FLOOR,
  constructsVersion: '10.5.1',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',
  minNodeVersion: '20.0.0',
  workflowNodeVersion: '24.x',

  // Runs the APIs of an app on the developer's machine: `npx cdk-websocket-api local`.
  bin: { 'cdk-websocket-api': 'lib/cli/main.js' },
  bundledDeps: [
    // Bundles handlers wherever native esbuild is not to be had: so Python, Java, .NET and Go users
    // need no npm project, and nothing is installed at synth. No dependencies of its own.
    `esbuild-wasm@${ESBUILD}`,
    // What follows is the local gateway's; importing the library loads none of it. All are plain JavaScript, and small.
    // The WebSocket protocol. No dependencies of its own.
    'ws@8.23.0',
    // Mapping templates (VTL) of non-proxy integrations. Loaded when an API has one. Brings `debug` and `ms`.
    'velocityjs@2.1.7',
    // Validates messages against the models of an API (JSON schema draft 4). Loaded when an API has one. No dependencies of its own.
    'jsonschema@1.5.0',
    // Reads the manifests and locks of Python projects (TOML). Loaded when there is one. No dependencies of its own.
    'smol-toml@1.9.1',
    // Opens assets that are zip files or jars. Loaded when there is one. Brings `pend`.
    'yauzl@3.4.0',
  ],
  devDeps: [
    // The second CDK that the suite runs on; it also brings CloudFormation's own validator.
    `cdk-newest@npm:aws-cdk-lib@${CDK_NEWEST}`,
    // Synthesizes the examples as a user would.
    'aws-cdk@2.1148.1',
    // The policy checks of the strict suite: the last line that accepts the floor.
    'cdk-nag@2.36.8',
    // The parity suite builds the same APIs by hand on the L2s that these modules were.
    '@aws-cdk/aws-apigatewayv2-alpha@2.114.1-alpha.0',
    '@aws-cdk/aws-apigatewayv2-integrations-alpha@2.114.1-alpha.0',
    '@aws-cdk/aws-apigatewayv2-authorizers-alpha@2.114.1-alpha.0',
    // What Lambda's Node.js runtime carries, for running the handlers in tests.
    '@aws-sdk/client-api-gateway@^3',
    '@aws-sdk/client-iam@^3',
    // The local gateway is tested with real clients, and its signatures against those of the SDK.
    '@aws-sdk/client-apigatewaymanagementapi@3.1164.0',
    '@aws-sdk/client-dynamodb@3.1164.0',
    '@smithy/signature-v4@5.7.5',
    // Bundled into the functions that the library deploys, and so no dependency of its users.
    '@aws-sdk/client-lambda@3.1164.0',
    'aws-jwt-verify@5.2.1',
    // Tables for tests: a DynamoDB in Node.js.
    'dynalite@4.0.0',
    // Properties, checked with generated input.
    'fast-check@4.11.0',
    // What `cdk diff` judges replacements with: CloudFormation's own schemas say which property replaces its resource.
    '@aws-cdk/cloudformation-diff@2.187.5',
    // The judge of the AsyncAPI documents that the command writes.
    '@asyncapi/parser@3.6.6',
    '@types/ws@^8',
    '@types/yauzl@^3',
    'playwright-core@1.64.1',
    'jsii-rosetta@~6.0.0',
    'projen@0.103.25',
  ],

  // Releases: no token of npm, PyPI or NuGet is stored, the tool that publishes has one version, and pull requests write nothing.
  npmTrustedPublishing: true,
  jsiiReleaseVersion: PUBLIB,
  buildWorkflowOptions: { mutableBuild: false },
  publishToPypi: { distName: 'cdk-websocket-api', module: 'cdk_websocket_api', trustedPublishing: true },
  publishToMaven: {
    javaPackage: 'io.github.cdkwebsocketapi',
    mavenGroupId: 'io.github.cdkwebsocketapi',
    mavenArtifactId: 'cdk-websocket-api',
    mavenServerId: 'central-ossrh',
  },
  publishToNuget: { dotNetNamespace: 'CdkWebSocketApi', packageId: 'CdkWebSocketApi', trustedPublishing: true },
  publishToGo: { moduleName: 'github.com/cdk-websocket-api/cdk-websocket-api-go', packageName: 'cdkwebsocketapi' },

  tsconfigDevFile: 'tsconfig.dev.json',
  tsconfigDev: { compilerOptions: { paths: { 'cdk-websocket-api': ['./src/index.ts'] } }, include: ['.projenrc.ts'], exclude: ['examples', 'lib', 'dist', 'test/languages'] },
  tsconfig: {
    // Users get no maps of this repository.
    compilerOptions: { inlineSourceMap: false, inlineSources: false },
  },
  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    configFilePath: 'jest.config.json',
    jestConfig: {
      roots: ['<rootDir>/test'],
      // Bundling is real, and machines of two cores are busy.
      testTimeout: 60_000,
      // The example is an app of its own, and names the library as users do.
      moduleNameMapper: { '^cdk-websocket-api$': '<rootDir>/src' },
      setupFiles: ['<rootDir>/test/setup.ts'],
      coverageThreshold: { lines: 95, branches: 90 },
      coveragePathIgnorePatterns: ['/node_modules/', '/test/'],
      // Programs of others, with modules of their own: see test/public/run.mjs.
      modulePathIgnorePatterns: ['<rootDir>/test/public/'],
    },
  },
  depsUpgradeOptions: { workflow: true },
});

for (const [action, commit] of Object.entries(ACTIONS)) { project.github?.actions.set(action, `${action}@${commit}`); }

// jsii's reserved words are warnings too, and projen silences them.
project.compileTask.reset('node scripts/build/clean.mjs');
project.compileTask.exec('jsii --fail-on-warnings');
// A program loads only what it uses of the library.
project.compileTask.exec('node scripts/build/lazy-modules.mjs');
// The functions that the library deploys carry what they import.
project.compileTask.exec('node scripts/build/shipped.mjs');
// The gateway's runtime clients and its page are no TypeScript.
project.compileTask.exec('node scripts/build/copy-assets.mjs');

// Node.js looks for no index of a folder that an ES module imports: the local gateway has to be named. The last two are what jsii reads.
project.package.addField('exports', {
  '.': './lib/index.js',
  './local': './lib/local/index.js',
  './package.json': './package.json',
  './.jsii': './.jsii',
});

// TypeScript with an older `moduleResolution` does not read `exports`.
project.package.addField('typesVersions', { '*': { local: ['lib/local/index.d.ts'] } });

// Native esbuild is many times faster than WebAssembly, and gives the same bytes: users who install with npm have it, nobody needs it.
project.package.addField('optionalDependencies', { esbuild: ESBUILD });

// What the registries of all languages have: see the versions that `go.mod` gets from here.
project.package.addPackageResolutions('unrs-resolver@1.12.2', '@aws-cdk/asset-node-proxy-agent-v6@2.1.1', '@aws-cdk/cloud-assembly-schema@53.0.0');
project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');

// One project for source, tests and this file, where the default looks for a tsconfig.json beside each.
project.tryFindObjectFile('.eslintrc.json')?.addDeletionOverride('parserOptions.projectService');
project.tryFindObjectFile('.eslintrc.json')?.addOverride('parserOptions.project', './tsconfig.dev.json');

// Imports run downwards only. The rooms of the gateway, from the bottom to the top: each may import from those before it.
const GATEWAY = [
  'definition', 'asyncapi', 'clock.ts', 'events', 'iam', 'assembly', 'lambda', 'integrations', 'dispatch', 'wire', 'invoke', 'user-pools', 'x509.ts', 'certificate.ts', 'trust.ts',
  'function-environment.ts', 'integration-host.ts', 'table-creator.ts', 'table-server.ts', 'tables.ts', 'gateway-parts.ts', 'requests.ts', 'gateway.ts', 'console', 'index.ts',
].map((room) => `./src/local/${room}`);
/** The rooms and files of the library below `websocket-api.ts`, which composes them. */
const LIBRARY = [
  'given', 'granting', 'routes', 'handlers', 'auth', 'connections', 'logs', 'messages', 'monitoring', 'domain', 'services', 'shipped', 'signature', 'api-keys', 'api-source.ts', 'permissions.ts', 'joined-text.ts', 'resource-limit.ts', 'stage-endpoint.ts', 'stage-source.ts',
].map((room) => `./src/${room}`);
project.eslint?.addRules({
  '@stylistic/max-len': ['error', { code: 140, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true }],
  'import/no-cycle': ['error', { ignoreExternal: true }],
  'import/no-restricted-paths': ['error', {
    zones: [
      ...GATEWAY.map((room, index) => ({
        target: room, from: GATEWAY.slice(index + 1), message: 'Imports run downwards only: see the order of rooms in CONTRIBUTING.md.',
      })),
      { target: LIBRARY, from: ['./src/websocket-api-props.ts', './src/websocket-api.ts', './src/index.ts'], message: 'Nothing imports what composes it.' },
      { target: [...LIBRARY, './src/websocket-api-props.ts', './src/websocket-api.ts', './src/index.ts'], from: ['./src/local', './src/cli'], message: 'The library never imports the gateway or the command.' },
      { target: './src/local', from: './src/cli', message: 'The command starts the gateway, never the other way.' },
      // Of the library, the gateway and the command import only data, signatures and the bundler.
      ...[
        { from: './src/handlers', except: ['./nodejs/esbuild.ts', './nodejs/nodejs-bundle.ts', './compiled/rebuild.ts', './source-files', './source-metadata.ts'] },
        { from: './src/logs', except: ['./access-log-context.ts'] },
        { from: './src/messages', except: ['./draft-04.ts', './nesting.ts', './reference.ts', './selecting-field.ts'] },
        ...[...LIBRARY, './src/websocket-api-props.ts', './src/websocket-api.ts', './src/index.ts'].filter((path) => !/handlers|logs|messages|signature/.test(path)).map((from) => ({ from })),
      ].map((zone) => ({ target: ['./src/local', './src/cli'], ...zone, message: 'Of the library, the gateway and the command import only data, signatures and the bundler.' })),
    ],
  }],
});

// Scripts, benchmarks, the page and the runtime clients are plain JavaScript: the same style, without the rules that need types.
const typed = [
  '@typescript-eslint/no-floating-promises', '@typescript-eslint/no-shadow', '@typescript-eslint/return-await', '@typescript-eslint/no-require-imports', '@typescript-eslint/member-ordering',
];
const plain = (files: string[], sourceType: string, env: object) => ({
  files,
  env,
  parser: 'espree',
  parserOptions: { ecmaVersion: 2024, sourceType, project: null },
  rules: { ...Object.fromEntries(typed.map((rule) => [rule, 'off'])), 'no-undef': ['error'], 'no-unused-vars': ['error', { ignoreRestSiblings: true }], 'no-bitwise': ['off'], 'import/no-extraneous-dependencies': ['off'] },
});
project.tryFindObjectFile('.eslintrc.json')?.addToArray('overrides',
  plain(['*.mjs'], 'module', { node: true, es2024: true }),
  plain(['*.cjs', '*.js'], 'script', { node: true, es2024: true }),
  plain(['src/local/console/page/*.js'], 'module', { browser: true, es2024: true }),
);
project.tryFindObjectFile('.eslintrc.json')?.addToArray('ignorePatterns', '!src/**/*.js', '!bench/**/*.js', '!test/**/*.js');

// Apps of their own.
project.eslint?.addIgnorePattern('test/languages/');
// Modules of its own, installed on demand.
project.eslint?.addIgnorePattern('test/public/handlers/');
// Native esbuild is an optional dependency for users, but the tests cannot do without.
project.eslint?.addOverride({
  files: ['test/**'],
  rules: { 'import/no-extraneous-dependencies': ['error', { devDependencies: true, optionalDependencies: true, peerDependencies: true }] },
});

// Handlers run in Lambda, whose Node.js runtimes carry the AWS SDK.
project.eslint?.allowDevDeps('src/shipped/**');
project.eslint?.allowDevDeps('scripts/deploy/apps/**');

// The examples in the README and in docstrings are compiled, and shipped as a tablet for Construct Hub.
project.package.addField('jsiiRosetta', { strict: true });
const rosetta = project.addTask('rosetta', {
  description: 'Compile the examples of the README and of docstrings',
  exec: 'jsii-rosetta extract --strict .jsii',
});
rosetta.exec('node scripts/build/csharp-snippets.mjs');
project.tasks.tryFind('post-compile')!.prependSpawn(rosetta);
project.tasks.tryFind('post-compile')!.spawn(project.addTask('docgen:languages', {
  description: 'Make the API reference of the languages other than TypeScript',
  exec: 'node scripts/docs/api.mjs',
}));
project.gitattributes.addAttributes('/docs/api/*.md', 'linguist-generated');
project.addGitIgnore('.jsii.tabl.json');
// `src/logs` is a room of the library.
project.gitignore.removePatterns('logs');

// The command of the Python package is our own, and not the one that jsii-pacmak generates: see there.
project.tasks.tryFind('package:python')!.reset('node scripts/build/python-package.mjs');

// The tests look into the tarball.
project.testTask.prependSpawn(project.tasks.tryFind('package:js')!);

// The README's two commands do their own set-up, so they are no projen tasks: projen itself is not there on a fresh clone.
project.package.setScript('example', 'node scripts/example.mjs');
project.package.setScript('test', 'node scripts/test.mjs');
project.package.setScript('package:all', 'node scripts/package-all.mjs');
project.package.setScript('bench', 'node bench/run.mjs');
project.package.setScript('mutation', 'node mutation/run.mjs');
project.package.setScript('upgrades:record', 'node --require ./test/typescript-hook.cjs test/upgrades/record.ts');
project.package.setScript('contract', 'node scripts/contract.mjs');
project.package.setScript('fuzz', 'node scripts/fuzz.mjs');
project.package.setScript('deploy:emulated', 'node scripts/deploy-emulated.mjs');
// The task stays, for the release; two scripts of nearly one name would not be told apart.
project.removeScript('package-all');

project.tasks.tryFind('package:go')!.exec('node scripts/build/go-readme.mjs');
project.tasks.tryFind('package:dotnet')!.reset('node scripts/build/nuget-package.mjs');

project.addPackageIgnore('/CONTRIBUTING.md');
project.addPackageIgnore('/rosetta/');
project.addPackageIgnore('/bench/');
project.addPackageIgnore('/mutation/');
project.addPackageIgnore('/docs/');
project.addPackageIgnore('/examples/');
project.addPackageIgnore('/scripts/');
project.addPackageIgnore('/.ci/');
project.addPackageIgnore('/.cache/');
project.addPackageIgnore('/.npmrc');
project.addPackageIgnore('/jest.config.json');
project.addPackageIgnore('/tsconfig.dev.json');

// The same command on GitHub as everywhere else: every language, the newest CDK, the contract, the guard of the public API.
const tools = [
  { uses: 'actions/checkout@v5' },
  { uses: 'actions/setup-node@v6', with: { 'node-version': '20' } },
];
const tests = project.github?.addWorkflow('test');
tests?.on({ pullRequest: {}, push: { branches: ['main'] } });
tests?.addJob('test', {
  runsOn: ['ubuntu-latest'],
  timeoutMinutes: 90,
  permissions: { contents: github.workflows.JobPermission.READ },
  steps: [
    ...tools,
    { uses: 'actions/setup-python@v6', with: { 'python-version': '3.13' } },
    { uses: 'actions/setup-java@v4', with: { 'java-version': '21', 'distribution': 'temurin' } },
    { uses: 'actions/setup-go@v5', with: { 'go-version': '1.26' } },
    { uses: 'actions/setup-dotnet@v4', with: { 'dotnet-version': '10.0.x' } },
    { run: 'sudo apt-get update && sudo apt-get install --yes --no-install-recommends chromium || true' },
    { run: 'npm test' },
  ],
});

// Known holes in what ships, and in what makes it. Advisories come without a commit, so this runs every week, too.
// Of the tools of development, only the worst holes stop a pull request.
const audit = project.github?.addWorkflow('audit');
audit?.on({ pullRequest: {}, push: { branches: ['main'] }, schedule: [{ cron: '0 6 * * 1' }] });
audit?.addJob('audit', {
  runsOn: ['ubuntu-latest'],
  permissions: { contents: github.workflows.JobPermission.READ },
  steps: [
    ...tools,
    { run: 'npm audit --package-lock-only --omit=dev --audit-level=high' },
    { if: 'always()', run: 'npm audit --package-lock-only --audit-level=critical' },
  ],
});

// A ratio that falls below half of its goal is a regression; less is noise.
const bench = project.github?.addWorkflow('bench');
bench?.on({ pullRequest: {} });
bench?.addJob('bench', {
  runsOn: ['ubuntu-latest'],
  permissions: { contents: github.workflows.JobPermission.READ },
  steps: [...tools, { run: 'npm run bench -- --quick --check' }],
});

// The default of the publishing tool is the same host, so the workflow need not name it. The test fails if the step moves.
const npmStep = '/jobs/release_npm/steps/9';
project.github?.tryFindWorkflow('release')?.file?.patch(JsonPatch.test(`${npmStep}/id`, 'release'), JsonPatch.remove(`${npmStep}/env/NPM_REGISTRY`));
// Pull requests are built, and write nothing.
project.github?.tryFindWorkflow('build')?.file?.patch(JsonPatch.replace('/jobs/build/permissions/contents', 'read'));

project.synth();
