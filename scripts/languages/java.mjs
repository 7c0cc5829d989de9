import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { apiSource } from './api-blocks.mjs';
import { chatOnGateway } from './chat-on-gateway.mjs';
import { onlyOnPath } from './only-on-path.mjs';
import { ESBUILD_RECORDER, expectEsbuild } from './recorded-esbuild.mjs';
import { broadcastSource, layOut } from './snippets.mjs';

export const language = 'java';

/** The oldest supported CDK, and the newest that is complete on Maven Central. The scenario uses one in between. */
const FLOOR = '2.250.0';
const NEWEST = '2.263.0';

/** What docs/realtime.md broadcasts with, in the version that the chat example has of the SDK. */
const LAMBDA_CLIENT = `    <dependency>
      <groupId>software.amazon.awssdk</groupId>
      <artifactId>lambda</artifactId>
      <version>2.57.8</version>
    </dependency>
  </dependencies>`;

/** The commands that Maven's own script calls. */
const MAVEN_NEEDS = ['dirname', 'expr', 'ls', 'tr', 'uname'];

export function missing() {
  const command = ['javac', 'mvn'].find((one) => spawnSync(one, ['-version'], { stdio: 'ignore' }).status !== 0);
  return command && `there is no \`${command}\` on the PATH`;
}

export async function test({ root, work, run, check, note, measure }) {
  const copy = (folder, ...path) => {
    cpSync(join(root, ...path), join(work, folder), { recursive: true, filter: (file) => !/[/\\](target|cdk\.out)$/.test(file) });
    return join(work, folder);
  };
  const maven = (cwd, args, env) => run('mvn', args, { cwd, env });
  useRepository(work, join(root, 'dist', 'java'));

  const record = join(work, 'esbuild');
  const synthEnv = (assembly) => ({
    CDK_OUTDIR: assembly,
    CDK_VALIDATION: 'false',
    ESBUILD_RECORD: record,
    NODE_OPTIONS: `--require ${ESBUILD_RECORDER}`,
  });
  const bare = { PATH: onlyOnPath(join(work, 'bin'), ['node', 'java', 'mvn', ...MAVEN_NEEDS]) };

  const scenario = copy('scenario', 'test', 'languages', 'scenario');
  const synthScenario = (assembly, args, env) => {
    rmSync(join(scenario, 'java', 'target'), { recursive: true, force: true });
    return maven(scenario, ['-q', '-f', 'java/pom.xml', ...args, 'compile', 'exec:java'], { ...synthEnv(join(work, assembly)), ...env });
  };
  for (const version of [FLOOR, NEWEST]) {
    await check(`the scenario compiles without a warning and is synthesized beside aws-cdk-lib ${version}`, () => synthScenario(version, [`-Dcdk.version=${version}`]));
  }
  await check('the scenario is synthesized, with nothing but node, java and mvn on the PATH, with the esbuild in the package', async () => {
    rmSync(record);
    await synthScenario('assembly', [], bare);
    expectEsbuild('esbuild-wasm', record);
  });

  const errors = copy('errors', 'test', 'languages', 'errors');
  await check('wrong inputs are answered with the construct\'s own sentences', async () => testsRun(await maven(errors, ['-f', 'java/pom.xml', 'test'])));

  const chat = copy('chat', 'examples', 'java', 'chat');
  await check('the chat example is built, and its tests pass', async () => {
    const started = Date.now();
    const tests = testsRun(await maven(chat, ['package', '-pl', 'app']));
    measure('build and test of the chat example', `${((Date.now() - started) / 1000).toFixed(1)} s`);
    return tests;
  });
  await check('the chat example is synthesized as cdk.json says, with nothing but node, java and mvn on the PATH', async () => {
    const { app } = JSON.parse(readFileSync(join(chat, 'cdk.json'), 'utf8'));
    const shell = (command) => run('/bin/sh', ['-c', command], { cwd: chat, env: { ...synthEnv(join(chat, 'cdk.out')), ...bare } });
    await shell(app);
    const started = Date.now();
    await shell(app);
    measure('synth of the chat example, second run', `${((Date.now() - started) / 1000).toFixed(1)} s`);
    if (!existsSync(join(chat, 'cdk.out', 'Chat.template.json'))) { throw new Error('there is no Chat.template.json'); }
  });
  await check('two clients talk through the chat example, whose handlers are in Java, on the local gateway', async () => {
    note(await chatOnGateway(root, work, join(chat, 'cdk.out')));
  });

  await check('the app and the handlers of docs/java.md and docs/realtime.md are built, the test passes, and docs/api/java.md compiles', async () => {
    const docs = join(work, 'docs');
    layOut(readFileSync(join(root, 'docs', 'java.md'), 'utf8'), docs);
    writeFileSync(join(docs, 'cdk.json'), '{}\n');
    writeFileSync(join(docs, 'pom.xml'), initialPom(readFileSync(join(chat, 'pom.xml'), 'utf8'), readFileSync(join(chat, 'app', 'pom.xml'), 'utf8')));
    const pom = join(docs, 'handlers', 'pom.xml');
    writeFileSync(pom, readFileSync(pom, 'utf8').replace('  </dependencies>', LAMBDA_CLIENT));
    const broadcast = broadcastSource('java', readFileSync(join(root, 'docs', 'realtime.md'), 'utf8'));
    writeFileSync(join(docs, 'handlers', 'src', 'main', 'java', 'com', 'example', 'echo', 'Broadcast.java'), broadcast);
    const sources = join(docs, 'src', 'main', 'java', 'api');
    mkdirSync(sources);
    writeFileSync(join(sources, 'Api.java'), apiSource('java', readFileSync(join(root, 'docs', 'api', 'java.md'), 'utf8')).source);
    return testsRun(await maven(docs, ['test']));
  });

  forget();
  return { scenario: join(work, 'assembly') };
}

/** The project of an app that has no parent, as `cdk init` makes it, from that of the chat example and its parent. */
function initialPom(parent, app) {
  const [properties] = /<properties>.*<\/properties>/s.exec(parent);
  const [plugins] = /<pluginManagement>.*<\/pluginManagement>/s.exec(parent);
  return app.replace(/<parent>.*<\/parent>/s, `<groupId>com.myorg</groupId>\n  <version>0.1</version>\n  ${properties}`).replace('<build>', `<build>\n    ${plugins}`);
}

/** Points every Maven project in `work` at the repository of the package, without a change to its pom that a user would not make. */
function useRepository(work, repository) {
  const settings = join(work, 'settings.xml');
  writeFileSync(settings, `<settings>
  <profiles>
    <profile>
      <id>packaged</id>
      <repositories>
        <repository>
          <id>packaged</id>
          <url>${pathToFileURL(repository)}</url>
        </repository>
      </repositories>
    </profile>
  </profiles>
  <activeProfiles>
    <activeProfile>packaged</activeProfile>
  </activeProfiles>
</settings>
`);
  mkdirSync(join(work, '.mvn'));
  writeFileSync(join(work, '.mvn', 'maven.config'), `--batch-mode\n--global-settings\n${settings}\n`);
  forget();
}

/** Removes what Maven has cached: it never fetches a version again, and would test the package of an earlier run. */
function forget() {
  rmSync(join(homedir(), '.m2', 'repository', 'io', 'github', 'cdkwebsocketapi'), { recursive: true, force: true });
}

/** @returns how many tests Surefire ran */
function testsRun(output) {
  return Number([...output.matchAll(/Tests run: (\d+), Failures: 0, Errors: 0, Skipped: 0$/gm)].at(-1)[1]);
}
