import { chmodSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { filesOfPackage, filesWithCgo } from './go-inputs';
import { goFilesIn, isFile, moduleRootOf, readModule } from './go-module';
import { GoOptions } from './go-options';
import { CompiledLanguage, CompiledRequest, CompiledSource, ToolError } from '../compiled/compiled-language';
import { findOnPath, Steps } from '../tools/tool';

/** A `main` package. */
interface GoSource extends CompiledSource {
  readonly packageFolder: string;
}

/** Handlers in Go: each `main` package becomes the `bootstrap` of an asset. */
export const GO: CompiledLanguage<GoSource> = {
  name: 'Go',
  bundling: 'golang',
  find: findPackage,
  inputs: ({ project, packageFolder, request }) => ({
    files: filesOfPackage(readModule(project), packageFolder),
    settings: [relative(project, packageFolder).split(sep).join('/'), ...argumentsOf(request.options)],
  }),
  toolIdentity: () => `${findGo().identity} ${process.env.GOTOOLCHAIN ?? ''}`,
  batch: ({ project, runtime, request }) => JSON.stringify([project, runtime, request.architecture, request.options]),
  build: buildPackages,
  atFault,
};

function findPackage(request: CompiledRequest): GoSource {
  const { handler, srcDir, runtime = 'provided.al2023' } = request;
  const quoted = `handler \`${JSON.stringify(handler)}\``;
  const named = resolve(srcDir, handler);
  const where = `It is looked up from \`srcPath\`, which is \`${srcDir}\``;
  if (runtime === 'go1.x') {
    throw new Error(`${quoted} is in Go, and Lambda's runtime \`go1.x\` is gone: leave \`runtime\` out, or write \`Runtime.PROVIDED_AL2023\``);
  }
  if (handler.endsWith('.go') ? !isFile(named) : !statSync(named, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`${quoted} is not found: there is no ${handler.endsWith('.go') ? 'file' : 'folder'} \`${shown(named)}\`. ` +
      `In Go, write the folder of a \`main\` package, such as \`"cmd/send"\`, or a file in it. ${where}`);
  }
  const packageFolder = handler.endsWith('.go') ? dirname(named) : named;
  refuseOtherPackages(quoted, packageFolder);
  const project = moduleRootOf(packageFolder);
  if (project === undefined) {
    throw new Error(`${quoted} is in Go, and there is no \`go.mod\` in \`${packageFolder}\` or above it: run \`go mod init\` in the folder of the module`);
  }
  return { request, runtime, entry: 'bootstrap', project, manifest: join(project, 'go.mod'), packageFolder };
}

function refuseOtherPackages(quoted: string, folder: string) {
  const names = new Map([...goFilesIn(folder)].flatMap(([file, { packageName }]) => (
    packageName === undefined ? [] : [[packageName, file] as const])));
  if (names.size === 1 && names.has('main')) { return; }
  if (names.size > 1) {
    throw new Error(`${quoted} is a folder with two packages, ${[...names].map(([name, file]) => `\`${name}\` in \`${shown(file)}\``).join(' and ')}: give each a folder of its own`);
  }
  const mains = mainPackagesBelow(folder).map((one) => `\`${JSON.stringify(shown(one))}\``);
  if (mains.length > 1) {
    throw new Error(`${quoted} stands for ${mains.length} \`main\` packages, and a function runs one: name ${mains.slice(0, -1).join(', ')} or ${mains.at(-1)}`);
  }
  const [found] = names.keys();
  throw new Error(`${quoted} is ${found === undefined ? 'a folder without Go files' : `the package \`${found}\``}, and a function is built from a package \`main\`` +
    (mains.length === 1 ? `: did you mean ${mains[0]}?` : ': write `package main`, with a `main` function that calls `lambda.Start`'));
}

function mainPackagesBelow(folder: string, depth = 3): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^[._]|^(node_modules|vendor|testdata|cdk\.out)$/.test(entry.name))
    .map(({ name }) => join(folder, name))
    .flatMap((one) => [
      ...[...goFilesIn(one).values()].some(({ packageName }) => packageName === 'main') ? [one] : [],
      ...depth > 1 ? mainPackagesBelow(one, depth - 1) : [],
    ]);
}

function findGo() {
  const go = findOnPath('go');
  if (!go) {
    throw new Error('the handler is in Go, and there is no `go` on the PATH: install Go, or give the `bootstrap` that you built as `code: Code.fromAsset(…)` with `runtime: Runtime.PROVIDED_AL2023`');
  }
  return go;
}

/** What a user sets with `Bundling.golang()`, as arguments of `go build`. */
function argumentsOf(options: GoOptions): string[] {
  return ['-tags', ['lambda.norpc', ...options.tags ?? []].join(','), '-ldflags', options.ldflags ?? '-s -w'];
}

function* buildPackages(sources: GoSource[], folders: string[]): Steps {
  const { command } = findGo();
  const [{ project, request }] = sources;
  const settings = yield { command, args: ['env', 'GOFLAGS'], cwd: project };
  const environment = {
    GOOS: 'linux',
    GOARCH: request.architecture === 'arm64' ? 'arm64' : 'amd64',
    CGO_ENABLED: '0',
    // What is not in the hash does not decide the binary, and nothing changes the module.
    GOAMD64: 'v1',
    GOARM64: 'v8.0',
    GOEXPERIMENT: '',
    GOFLAGS: settings.stdout.trim().split(/\s+/).filter((flag) => /^-+(mod=vendor|mod=readonly|modcacherw|insecure)/.test(flag)).join(' '),
  };
  // `go build` names a binary after its folder, and writes many into one folder only if their names differ.
  for (const round of roundsOf(sources)) {
    const output = join(folders[0], '..', `go-${sources.indexOf(round[0])}`);
    mkdirSync(output);
    const packages = round.map(({ packageFolder }) => `./${relative(project, packageFolder).split(sep).join('/')}`);
    const target = round.length === 1 ? join(output, 'bootstrap') : `${output}${sep}`;
    const { ok, complaint } = yield {
      command,
      args: ['build', '-trimpath', '-buildvcs=false', ...argumentsOf(request.options), '-o', target, ...packages],
      cwd: project,
      environment,
    };
    if (!ok) { throw new ToolError('go', complaint, adviceFor(complaint, sources)); }
    for (const source of round) {
      const bootstrap = join(folders[sources.indexOf(source)], 'bootstrap');
      renameSync(join(output, round.length === 1 ? 'bootstrap' : basename(source.packageFolder)), bootstrap);
      chmodSync(bootstrap, 0o755);
    }
  }
}

/** Packages whose binaries have different names. A binary that is not named after its folder has a round of its own. */
function roundsOf(sources: GoSource[]): GoSource[][] {
  const hasNameOfFolder = ({ packageFolder, project }: GoSource) => packageFolder !== project && !/^v\d+$/.test(basename(packageFolder));
  const rounds: GoSource[][] = [];
  for (const source of sources) {
    const round = rounds.find((one) => [source, ...one].every(hasNameOfFolder)
      && one.every(({ packageFolder }) => basename(packageFolder) !== basename(source.packageFolder)));
    if (round) { round.push(source); } else { rounds.push([source]); }
  }
  return rounds;
}

function adviceFor(complaint: string, sources: GoSource[]): string {
  const cgo = filesWithCgo(sources.flatMap(({ project, packageFolder }) => filesOfPackage(readModule(project), packageFolder)));
  if (cgo.length > 0) {
    return `\`${shown(cgo[0])}\` uses cgo, which is off: what this machine's C compiler makes does not run on Lambda. ` +
      'Build it in a container for the function\'s architecture, and give the result as `code: Code.fromAsset(…)`';
  }
  return /dial tcp|no such host|i\/o timeout|connection refused|proxyconnect|module lookup disabled/.test(complaint)
    ? 'Modules are missing, and there is no network: run `go mod download` where there is one' : '';
}

/** Go names the files at fault, relative to the module. */
function atFault(sources: GoSource[], message: string): GoSource[] {
  const files = new Set([...message.matchAll(/^(\S.*?\.go):\d+/gm)].map(([, file]) => resolve(sources[0].project, file)));
  const isConcerned = ({ project, packageFolder }: GoSource) => (
    filesOfPackage(readModule(project), packageFolder).some((file) => files.has(file)));
  const found = sources.filter(isConcerned);
  return found.length > 0 ? found : sources;
}

function shown(path: string): string {
  return relative(process.cwd(), path).split(sep).join('/') || '.';
}
