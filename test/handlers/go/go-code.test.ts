import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bundling, HandlerRouteProps, Route, WebSocketApi, WebSocketApiProps } from '../../../src';
import { GO } from '../../../src/handlers/go/go-language';
import { describeWithTool, hashWithoutBuild, withCountedTool, withEnvironment } from '../compiled/tool-chain';
import { filesOf, sourceProject, synthesize, SynthesizedFunction, write } from '../source-project';

const MAIN = 'package main\n\nfunc main() { println(1) }\n';
const APP = {
  'go.mod': 'module example.com/chat\n\ngo 1.21\n',
  'cmd/send/main.go': 'package main\n\nimport "example.com/chat/internal/text"\n\nfunc main() { println(text.Text) }\n',
  'cmd/join/main.go': MAIN,
  'internal/text/text.go': 'package text\n\nconst Text = "hello"\n',
};

/** Whether a call of Go is a build. */
const BUILD = '[ "$1" = build ]';

// What a machine has in Go's own settings is not the users'.
beforeAll(() => { process.env.GOENV = 'off'; });

function go(handler: string, props: HandlerRouteProps = {}, outdir?: string): SynthesizedFunction {
  return synthesize({ a: Route.toHandler(handler, props) }, {}, outdir).a;
}

function hashOf({ properties }: SynthesizedFunction): string {
  return properties.Code.S3Key;
}

/** Where a binary is for: its ELF header says so. */
function machineOf({ asset }: SynthesizedFunction): number {
  return readFileSync(join(asset, 'bootstrap')).readUInt16LE(18);
}

describeWithTool('go', 'a handler in Go', () => {
  test('is the bootstrap of its own function, which everyone may run', () => {
    sourceProject(APP);
    const fn = go('cmd/send');

    expect(fn.properties).toMatchObject({ Handler: 'bootstrap', Runtime: 'provided.al2023' });
    expect(filesOf(fn.asset)).toEqual(['bootstrap']);
    expect(statSync(join(fn.asset, 'bootstrap')).mode.toString(8).slice(-3)).toBe('755');
    expect(spawnSync(join(fn.asset, 'bootstrap'), { encoding: 'utf8' }).stderr).toBe('hello\n');
  });

  test('may be named by a file, and from a `srcPath`', () => {
    sourceProject(Object.fromEntries(Object.entries(APP).map(([path, text]) => [`backend/${path}`, text])));

    expect(hashOf(go('cmd/send/main.go', { srcPath: 'backend' }))).toBe(hashOf(go('backend/cmd/send')));
  });

  test('may be the module itself', () => {
    sourceProject({ 'go.mod': 'module example.com/chat/v2\n', 'main.go': MAIN });

    expect(filesOf(go('main.go').asset)).toEqual(['bootstrap']);
  });

  test('is built for the architecture of its function', () => {
    sourceProject(APP);

    expect([Architecture.X86_64, Architecture.ARM_64].map((architecture) => machineOf(go('cmd/join', { architecture })))).toEqual([62, 183]);
  });

  test('is built with the options of its bundling', () => {
    sourceProject({ ...APP, 'cmd/join/main.go': 'package main\n\nvar version string\n\nfunc main() { println(version) }\n', 'cmd/join/beta.go': '//go:build beta\n\npackage main\n\nfunc init() { version += "-beta" }\n' });
    const run = ({ asset }: SynthesizedFunction) => spawnSync(join(asset, 'bootstrap'), { encoding: 'utf8' }).stderr.trim();
    const bundling = (tags?: string[]) => Bundling.golang({ ldflags: '-X main.version=1.2', tags });

    expect([undefined, ['beta']].map((tags) => run(go('cmd/join', { bundling: bundling(tags) })))).toEqual(['1.2', '1.2-beta']);
  });

  test('shares a run of Go with others of its module, also one of the same name', () => {
    sourceProject({ ...APP, 'admin/send/main.go': MAIN });
    const calls = withCountedTool('go', () => {
      const functions = synthesize(Object.fromEntries(['cmd/send', 'cmd/join', 'admin/send', 'cmd/join/main.go'].map((handler) => [handler, Route.toHandler(handler)])));
      expect(new Set(Object.values(functions).map(hashOf)).size).toBe(3);
      return Object.values(functions).map(({ asset }) => spawnSync(join(asset, 'bootstrap'), { encoding: 'utf8' }).stderr);
    }, BUILD);

    expect(calls.result).toEqual(['hello\n', '1\n', '1\n', '1\n']);
    // Binaries of one name do not fit into one folder.
    expect(calls.runs).toBe(2);
  });

  test('is not built again while nothing changes, and built again when another Go is installed', () => {
    sourceProject(APP);
    const times = withCountedTool('go', (goOfTest) => {
      go('cmd/join');
      go('cmd/join');
      const before = filesOf('cdk.out').length;
      utimesSync(goOfTest, 1, 1);
      go('cmd/join');
      expect(filesOf('cdk.out')).toHaveLength(before);
    }, BUILD);

    expect(times.runs).toBe(2);
  });

  test('is not built for a stack that needs no bundling, nor is Go needed', () => {
    sourceProject(APP);
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] }, outdir: 'cdk.out' });
    new WebSocketApi(new Stack(app, 'Stack'), 'Api', { routes: { a: Route.toHandler('cmd/send') } });

    expect(() => withEnvironment({ PATH: '/nowhere' }, () => app.synth())).not.toThrow();
    expect(filesOf('cdk.out').filter((file) => file.endsWith('bootstrap'))).toEqual([]);
  });
});

describeWithTool('go', 'the asset hash of a handler in Go', () => {
  const MODULE = {
    ...APP,
    'go.mod': 'module example.com/chat\n\ngo 1.21\n\nrequire example.com/far v1.0.0\n\nrequire example.com/words v0.0.0\n\nreplace example.com/words => ./words\n',
    'cmd/send/main.go': 'package main\n\nimport (\n\t_ "embed"\n\n\t"example.com/far"\n\t"example.com/words"\n)\n\n//go:embed text\nvar text string\n\nfunc main() { println(text, words.Word, far.A) }\n',
    'vendor/modules.txt': '# example.com/far v1.0.0\n## explicit\nexample.com/far\n',
    'vendor/example.com/far/far.go': 'package far\n\nconst A = 1\n',
    'cmd/send/text': 'hello',
    'words/go.mod': 'module example.com/words\n\ngo 1.21\n',
    'words/words.go': 'package words\n\nconst Word = "word"\n',
  };
  const hash = (props?: HandlerRouteProps) => hashWithoutBuild(GO, 'cmd/send', props);
  let reference: string;
  beforeEach(() => {
    sourceProject(MODULE);
    reference = hash();
  });

  test.each([
    ['a file of another package', 'cmd/join/main.go', 'package main\n\nfunc main() { println(2) }\n'],
    ['a test', 'cmd/send/main_test.go', 'package main\n'],
    ['the app in the same module', 'infra/app.go', 'package infra\n'],
  ])('does not change with %s', (_, file, text) => {
    write({ [file]: text });

    expect(hash()).toBe(reference);
  });

  test.each([
    ['an embedded file', 'cmd/send/text', 'bye'],
    ['a file of a vendored module', 'vendor/example.com/far/far.go', 'package far\n\nconst A = 2\n'],
    ['the list of vendored modules', 'vendor/modules.txt', ''],
  ])('changes with %s', (_, file, text) => {
    write({ [file]: text });

    expect(hash()).not.toBe(reference);
  });

  test('changes with the architecture and the runtime', () => {
    const others = [hash({ architecture: Architecture.ARM_64 }), hash({ runtime: Runtime.PROVIDED_AL2 })];

    expect(new Set([...others, reference]).size).toBe(3);
  });

  test('changes with a package of a workspace', () => {
    sourceProject({ ...APP, 'go.work': 'go 1.21\n\nuse (\n\t.\n\t./words\n)\n', 'words/go.mod': MODULE['words/go.mod'], 'words/words.go': MODULE['words/words.go'], 'cmd/send/main.go': 'package main\n\nimport "example.com/words"\n\nfunc main() { println(words.Word) }\n' });
    const before = hash();
    write({ 'words/words.go': 'package words\n\nconst Word = "bird"\n' });

    expect(hash()).not.toBe(before);
  });
});

describeWithTool('go', 'a handler in Go is refused', () => {
  const refusal = (files: { [path: string]: string }, handler: string, props: HandlerRouteProps = {}) => {
    sourceProject(files);
    return expect(() => go(handler, props));
  };

  test('where there is no go.mod upwards', () => {
    refusal({ 'cmd/send/main.go': MAIN }, 'cmd/send').toThrow(/^route `"a"`: handler `"cmd\/send"` is in Go, and there is no `go\.mod` in `.*send` or above it: run `go mod init`/);
  });

  test('when its package is not `main`', () => {
    refusal(APP, 'internal/text').toThrow('handler `"internal/text"` is the package `text`, and a function is built from a package `main`: write `package main`, with a `main` function that calls `lambda.Start`');
  });

  test('when it stands for two `main` packages', () => {
    refusal(APP, 'cmd').toThrow('handler `"cmd"` stands for 2 `main` packages, and a function runs one: name `"cmd/join"` or `"cmd/send"`');
  });

  test('when a folder mixes packages', () => {
    refusal({ ...APP, 'cmd/send/other.go': 'package other\n' }, 'cmd/send')
      .toThrow('is a folder with two packages, `main` in `cmd/send/main.go` and `other` in `cmd/send/other.go`: give each a folder of its own');
  });

  test('when it does not compile, with what Go says; routes that it does not concern are not named', () => {
    sourceProject({ ...APP, 'cmd/send/main.go': 'package main\n\nfunc main() { nothing() }\n' });

    expect(() => synthesize({ a: Route.toHandler('cmd/send'), b: Route.toHandler('cmd/join'), c: Route.toHandler('cmd/send/main.go') }))
      .toThrow(/^cannot build the handler of route `"a"`, route `"c"`: go said\n\n# example\.com\/chat\/cmd\/send\ncmd\/send\/main\.go:3:15: undefined: nothing$/);
    expect(filesOf('cdk.out').filter((file) => file.startsWith('asset.'))).toEqual([]);
  });

  test('when it is not there, and its name or its runtime says Go', () => {
    refusal(APP, 'cmd/sned/main.go').toThrow(/handler `"cmd\/sned\/main\.go"` is not found: there is no file `cmd\/sned\/main\.go`\. In Go, write the folder of a `main` package/);
    refusal(APP, 'bootstrap', { runtime: Runtime.PROVIDED_AL2023 }).toThrow('handler `"bootstrap"` is not found: there is no folder `bootstrap`. In Go, write the folder of a `main` package, such as `"cmd/send"`');
    refusal(APP, 'cmd/sned').toThrow('a handler in Go is the folder of a `main` package');
  });

  test('when another language claims its name', () => {
    refusal({ ...APP, 'main.go': MAIN, 'main.ts': '' }, 'main.go')
      .toThrow('handler `"main.go"` is found in two languages, `main.go` and `main.ts`: say which with `runtime`, or rename one');
  });

  test('on a runtime that is gone', () => {
    refusal(APP, 'cmd/send', { runtime: Runtime.GO_1_X }).toThrow('Lambda\'s runtime `go1.x` is gone: leave `runtime` out, or write `Runtime.PROVIDED_AL2023`');
  });

  test('without a Go on the PATH', () => {
    withEnvironment({ PATH: '/nowhere' }, () => refusal(APP, 'cmd/send')
      .toThrow('route `"a"`: the handler is in Go, and there is no `go` on the PATH: install Go, or give the `bootstrap` that you built as `code: Code.fromAsset(…)`'));
  });

  test('when its module wants a newer Go than there is', () => {
    withEnvironment({ GOTOOLCHAIN: 'local' }, () => refusal({ ...APP, 'go.mod': 'module example.com/chat\n\ngo 1.999\n' }, 'cmd/send')
      .toThrow(/go said\n\ngo: go\.mod requires go >= 1\.999/));
  });

  test('when a module is missing and there is no network', () => {
    const files = {
      ...APP,
      'go.mod': 'module example.com/chat\n\ngo 1.21\n\nrequire example.com/far v1.0.0\n',
      'go.sum': 'example.com/far v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nexample.com/far v1.0.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n',
      'cmd/send/main.go': 'package main\n\nimport _ "example.com/far"\n\nfunc main() {}\n',
    };
    withEnvironment({ GOPROXY: 'http://127.0.0.1:1', GONOSUMDB: '*', GOFLAGS: '' }, () => refusal(files, 'cmd/send')
      .toThrow(/Modules are missing, and there is no network: run `go mod download` where there is one/));
  });

  test('when it uses cgo and does not build without', () => {
    refusal({ ...APP, 'cmd/send/main.go': 'package main\n\n// int one() { return 1; }\nimport "C"\n\nfunc main() { println(C.one()) }\n' }, 'cmd/send')
      .toThrow(/`cmd\/send\/main\.go` uses cgo, which is off: what this machine's C compiler makes does not run on Lambda/);
  });

  test('in the cloud assembly', () => {
    refusal(Object.fromEntries(Object.entries(APP).map(([path, text]) => [`cdk.out/x/${path}`, text])), 'cdk.out/x/cmd/send')
      .toThrow('`cdk.out/x/go.mod` is in the cloud assembly, whose files come and go: move the project out of it');
  });

  test('with options of another language, or without bundling', () => {
    refusal(APP, 'cmd/send', { bundling: Bundling.esbuild() })
      .toThrow('`bundling` is `Bundling.esbuild()`, but the handler is in Go: write `Bundling.golang()`, or leave it out');
    refusal(APP, 'cmd/send', { bundling: Bundling.disabled() })
      .toThrow('bundling is disabled, and a handler in Go has to be built: leave `bundling` out, or give what you built as `code: Code.fromAsset(…)`');
    refusal({ 'a.ts': '' }, 'a.main', { bundling: Bundling.golang() })
      .toThrow('`bundling` is `Bundling.golang()`, but the handler is in Node.js: write `Bundling.esbuild()`, or leave it out');
  });
});

describeWithTool('go', 'a project in Go', () => {
  test('takes the defaults of another language for what they are', () => {
    sourceProject(APP);
    const defaults: WebSocketApiProps = { defaultFunctionProps: { bundling: Bundling.esbuild() } };

    expect(() => synthesize({ a: Route.toHandler('cmd/join') }, defaults)).not.toThrow();
  });

  test('may have spaces and other letters in its names, and links out of it, whose targets count', () => {
    sourceProject({ 'größe und/go.mod': 'module example.com/chat\n', 'größe und/send/main.go': 'package main\n\nfunc main() { println(word) }\n' });
    mkdirSync('outside');
    write({ 'outside/word.go': 'package main\n\nconst word = "one"\n' });
    symlinkSync(join(process.cwd(), 'outside/word.go'), 'größe und/send/word.go');
    const before = go('größe und/send');
    write({ 'outside/word.go': 'package main\n\nconst word = "two"\n' });
    const after = go('größe und/send');

    expect(hashOf(after)).not.toBe(hashOf(before));
    expect(spawnSync(join(after.asset, 'bootstrap'), { encoding: 'utf8' }).stderr).toBe('two\n');
  });
});
