import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bundling, HandlerRouteProps, Route, WebSocketApi } from '../../../src';
import { missingDotnetEntry } from '../../../src/handlers/dotnet/dotnet-entry';
import { DOTNET } from '../../../src/handlers/dotnet/dotnet-language';
import { findOnPath } from '../../../src/handlers/tools/tool';
import { describeWithTool, hashWithoutBuild, withEnvironment } from '../compiled/tool-chain';
import { filesOf, sourceProject, synthesize, SynthesizedFunction, write } from '../source-project';

const csproj = (more = '', framework = 'net10.0') => `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>${framework}</TargetFramework>
  </PropertyGroup>
  ${more}
</Project>`;
const SAY = 'using System.IO;\n\nnamespace Chat;\n\npublic class Say : Base {\n  public Stream Handle(Stream input) => input;\n  public static string Join(string text) => text;\n  void Hidden() { }\n  public class Inner { public void Run() { } }\n}\n';
const APP = {
  'handlers/Chat/Chat.csproj': csproj('<ItemGroup><ProjectReference Include="..\\Words\\Words.csproj" /></ItemGroup><PropertyGroup><RestorePackagesWithLockFile>true</RestorePackagesWithLockFile></PropertyGroup>'),
  'handlers/Chat/Say.cs': SAY,
  'handlers/Chat/Base.cs': 'namespace Chat;\n\npublic class Base { public string Inherited(string text) => Words.Word.Text; }\n',
  'handlers/Chat/packages.lock.json': '{ "version": 1, "dependencies": { "net10.0": { "words": { "type": "Project" } } } }',
  'handlers/Words/Words.csproj': csproj(),
  'handlers/Words/Word.cs': 'namespace Words;\n\npublic static class Word { public const string Text = "word"; }\n',
};
const OF_APP = { srcPath: 'handlers/Chat' };
const HANDLER = 'Chat::Chat.Say::Handle';

function csharp(handler = HANDLER, props: HandlerRouteProps = {}, outdir?: string): SynthesizedFunction {
  return synthesize({ a: Route.toHandler(handler, { ...OF_APP, ...props }) }, {}, outdir).a;
}

function hash(props: HandlerRouteProps = {}): string {
  return hashWithoutBuild(DOTNET, HANDLER, { ...OF_APP, ...props });
}

function hashOf({ properties }: SynthesizedFunction): string {
  return properties.Code.S3Key;
}

function contentsOf(fn: SynthesizedFunction): Map<string, Buffer> {
  return new Map(filesOf(fn.asset).map((file) => [file, readFileSync(join(fn.asset, file))]));
}

/** Runs with a `dotnet` of the test's own before the real one. It counts its runs. */
function withDotnet<T>(run: () => T): { runs: number; result: T } {
  const real = findOnPath('dotnet')!.command;
  write({ 'bin/dotnet': `#!/bin/sh\necho >> "${process.cwd()}/runs"\nexec "${real}" "$@"\n`, 'runs': '' });
  chmodSync('bin/dotnet', 0o755);
  const result = withEnvironment({ PATH: `${join(process.cwd(), 'bin')}${delimiter}${process.env.PATH}` }, run);
  return { result, runs: readFileSync('runs', 'utf8').length };
}

describeWithTool('dotnet', 'handlers in C#', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'dotnet-'));
  let reference: SynthesizedFunction[];
  let runs: number;
  beforeAll(() => {
    sourceProject(APP);
    const routes = () => Object.values(synthesize(Object.fromEntries([HANDLER, 'Chat::Chat.Say::Join', 'Chat::Chat.Say::Inherited', 'Chat::Chat.Say+Inner::Run'].map((handler) => (
      [handler, Route.toHandler(handler, OF_APP)]))), {}, outdir));
    ({ runs, result: reference } = withDotnet(() => [...routes(), ...routes()]));
  });
  beforeEach(() => { sourceProject(APP); });
  afterAll(() => rmSync(outdir, { recursive: true, force: true }));

  test('of one project share one build and one asset, which is kept while nothing changes', () => {
    expect(runs).toBe(1);
    expect(new Set(reference.map(hashOf)).size).toBe(1);
    expect(reference[0].properties).toMatchObject({ Handler: HANDLER, Runtime: 'dotnet10' });
    expect(filesOf(reference[0].asset)).toEqual(['Chat.deps.json', 'Chat.dll', 'Chat.pdb', 'Chat.runtimeconfig.json', 'Words.dll', 'Words.pdb']);
  });

  test('are not built for a stack that needs no bundling, nor is .NET needed', () => {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] }, outdir: 'cdk.out' });

    expect(() => withEnvironment({ PATH: '/nowhere' }, () => {
      new WebSocketApi(new Stack(app, 'Stack'), 'Api', { routes: { a: Route.toHandler(HANDLER, OF_APP) } });
      app.synth();
    })).not.toThrow();
  });

  test('are refused when the assembly, the type or the method is not there, with what was probably meant', () => {
    const refused = (handler: string) => expect(missingDotnetEntry(handler, reference[0].asset));

    refused('Cat::Chat.Say::Handle').toBe('handler `"Cat::Chat.Say::Handle"` names the assembly `Cat`, which the project does not build; did you mean `"Chat::Chat.Say::Handle"`?');
    refused('Chat::Chat.Sya::Handle').toContain('names the type `Chat.Sya`, which `Chat.dll` does not have; did you mean `"Chat::Chat.Say::Handle"`?');
    refused('Chat::Other.Say::Handle').toContain('did you mean `"Chat::Chat.Say::Handle"`?');
    refused('Chat::Nothing::Handle').toContain('which `Chat.dll` does not have: it has `Chat.Base`, `Chat.Say`');
    refused('Chat::Chat.Say::Handel').toContain('names the method `Handel`, which `Chat.Say` does not have: its public methods are `Handle`, `Join`, `Inherited`; did you mean `"Chat::Chat.Say::Handle"`?');
    refused('Chat::Chat.Say::Hidden').toContain('names the method `Hidden`, which is not public: Lambda calls only public ones');
    refused('Chat::Chat.Say+Inner::Run').toBeUndefined();
  });

  test('have the hash of their sources', () => expect(hash()).toBe(hashOf(reference[0])));

  test.each([
    ['a source', { 'handlers/Chat/Say.cs': `${SAY}// changed\n` }, {}],
    ['a project that it refers to', { 'handlers/Words/Word.cs': 'namespace Words; public static class Word { public const string Text = "bird"; }' }, {}],
    ['a lock file', { 'handlers/Chat/packages.lock.json': '{ "version": 1 }' }, {}],
    ['Directory.Build.props above it', { 'handlers/Directory.Build.props': '<Project />' }, {}],
    ['central package versions', { 'Directory.Packages.props': '<Project />' }, {}],
    ['global.json', { 'global.json': '{}' }, {}],
    ['NuGet.config', { 'NuGet.config': '<configuration />' }, {}],
    ['an option', {}, { bundling: Bundling.dotnet({ properties: { Version: '2' } }) }],
    ['the architecture', {}, { architecture: Architecture.ARM_64 }],
  ])('have another hash with %s', (_, files, props: HandlerRouteProps) => {
    write(files as { [path: string]: string });

    expect(hash(props)).not.toBe(hashOf(reference[0]));
  });

  test('have the same hash with what builds leave, and what is beside the project', () => {
    write({ 'handlers/Chat/obj/project.assets.json': '{}', 'handlers/Chat/bin/Debug/x.dll': '', 'handlers/Words/obj/x': '', 'handlers/Other/Other.cs': '', 'handlers/Chat/Chat.csproj.user': '' });

    expect(hash()).toBe(hashOf(reference[0]));
  });

  test('have another hash when a file changes that the project compiles from elsewhere, or that a link leads to', () => {
    write({ 'shared/größe und so/Size.cs': '', 'linked.cs': '', 'handlers/Chat/Chat.csproj': csproj('<ItemGroup><Compile Include="..\\..\\shared\\**\\*.cs" /></ItemGroup>') });
    symlinkSync(join(process.cwd(), 'linked.cs'), 'handlers/Chat/Linked.cs');
    const hashes = [hash()];
    write({ 'shared/größe und so/Size.cs': '// changed' });
    hashes.push(hash());
    write({ 'linked.cs': '// changed' });
    hashes.push(hash());

    expect(new Set(hashes).size).toBe(3);
  });

  test('have the same hash and files from another folder, at another commit, under another umask and in another time zone; the project stays as git sees it', () => {
    const umask = process.umask(0o077);
    try {
      const git = (...args: string[]) => spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { encoding: 'utf8' }).stdout;
      write({ '.gitignore': 'cdk.out\n' });
      git('init');
      git('add', '.');
      git('commit', '-m', 'one');
      write({ 'README.md': 'dirty' });
      const asset = contentsOf(reference[0]);
      rmSync(outdir, { recursive: true });
      const fn = withEnvironment({ TZ: 'Asia/Tokyo' }, () => csharp());

      expect(hashOf(fn)).toBe(hashOf(reference[0]));
      expect(contentsOf(fn)).toEqual(asset);
      expect(new Set(filesOf(fn.asset).map((file) => statSync(join(fn.asset, file)).mode.toString(8).slice(-3)))).toEqual(new Set(['644']));
      expect(git('status', '--porcelain', '--untracked-files=all')).toBe('?? README.md\n');
    } finally {
      process.umask(umask);
    }
  });
});

describeWithTool('dotnet', 'a project in C#', () => {
  test('that does not compile is refused with what the compiler says of which file', () => {
    const folder = sourceProject({ 'handlers/Chat/Chat.csproj': csproj(), 'handlers/Chat/Say.cs': 'public class Say { int a = "b"; }\n' });

    expect(() => synthesize({ a: Route.toHandler('Chat::Say::A', OF_APP), b: Route.toHandler('Chat::Say::B', OF_APP) })).toThrow(
      `cannot build the handler of route \`"a"\`, route \`"b"\`: dotnet said\n\n${folder}/handlers/Chat/Say.cs(1,28): error CS0029: Cannot implicitly convert type 'string' to 'int'`);
  });

  test('for .NET 8, on ARM, with a `Main` of its own, is an assembly that polls by itself', () => {
    sourceProject({ 'größe und so/Chat.csproj': csproj('<PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>', 'net8.0'), 'größe und so/Main.cs': 'System.Console.WriteLine(1);\n' });
    const fn = csharp('Chat', { srcPath: 'größe und so', runtime: Runtime.DOTNET_8, architecture: Architecture.ARM_64 });

    expect(fn.properties).toMatchObject({ Handler: 'Chat', Runtime: 'dotnet8', Architectures: ['arm64'] });
    expect(filesOf(fn.asset)).toEqual(['Chat.deps.json', 'Chat.dll', 'Chat.pdb', 'Chat.runtimeconfig.json']);
    expect(readFileSync(join(fn.asset, 'Chat.deps.json'), 'utf8')).toContain('.NETCoreApp,Version=v8.0/linux-arm64');
  });
});

describe('a handler in C# is refused', () => {
  const refusal = (files: { [path: string]: string }, handler = HANDLER, props: HandlerRouteProps = OF_APP) => {
    sourceProject({ 'handlers/Chat/x': '', ...files });
    return expect(() => synthesize({ a: Route.toHandler(handler, props) }));
  };

  test('where there is no .csproj upwards, with those below', () => {
    refusal({}).toThrow(/^route `"a"`: handler `"Chat::Chat\.Say::Handle"` is in C#, and there is no `\.csproj` in `.*Chat` or above it: name the folder of the project with `srcPath`, or give/);
    refusal(APP, undefined, {}).toThrow('name the folder of the project with `srcPath`, such as `"handlers/Chat"` or `"handlers/Words"`');
  });

  test('in a folder with two projects', () => {
    refusal({ ...APP, 'handlers/Chat/Other.csproj': csproj() }).toThrow('is looked up in `handlers/Chat`, which has 2 projects, `Chat.csproj` and `Other.csproj`: give each a folder of its own');
  });

  test.each([['Chat.fsproj', 'F#'], ['Chat.vbproj', 'Visual Basic']])('in a project of another language: %s', (file, language) => {
    refusal({ [`handlers/Chat/${file}`]: csproj('', 'net8.0') }).toThrow(`is in a project of ${language}, \`handlers/Chat/${file}\`, and of .NET only C# is built here: ` +
      'run `dotnet publish -c Release -o handlers/Chat/publish`, and write `code: Code.fromAsset(\'handlers/Chat/publish\')` and `runtime: Runtime.DOTNET_8`');
  });

  test('in the project of the CDK app', () => {
    refusal({ 'handlers/Chat/Chat.csproj': csproj('<ItemGroup><PackageReference Include="Amazon.CDK.Lib" Version="2.250.0" /></ItemGroup>') })
      .toThrow('is looked up in `handlers/Chat/Chat.csproj`, which depends on Amazon.CDK.Lib, so it is the project of the CDK app and not of the function: put the handlers into a project of their own, and name its folder with `srcPath`');
  });

  test('when Lambda has no runtime for its framework', () => {
    refusal({ 'handlers/Chat/Chat.csproj': csproj('', 'net9.0') }).toThrow('`handlers/Chat/Chat.csproj` is for `net9.0`, and Lambda has managed runtimes for `net8.0` and `net10.0`: set `<TargetFramework>` to one of them; ' +
      'or publish it self-contained as an executable named `bootstrap`, and write `code: Code.fromAsset(\'handlers/Chat/publish\')` and `runtime: Runtime.PROVIDED_AL2023`');
  });

  test('when its runtime does not run its framework', () => {
    refusal(APP, undefined, { ...OF_APP, runtime: Runtime.DOTNET_8 }).toThrow('`handlers/Chat/Chat.csproj` is for `net10.0`, which the runtime `dotnet8` does not run: leave `runtime` out, or set `<TargetFramework>` to the one that it runs');
  });

  test('when its framework cannot be read', () => {
    refusal({ 'handlers/Chat/Chat.csproj': '<Project Sdk="Microsoft.NET.Sdk" />' }).toThrow('has no `TargetFramework` that can be read without building it: write `<TargetFramework>net10.0</TargetFramework>` into it or into a Directory.Build.props');
  });

  test('when it names only the assembly of a class library', () => {
    refusal(APP, 'Chat', { ...OF_APP, runtime: Runtime.DOTNET_10 }).toThrow('handler `"Chat"` names only an assembly, and `handlers/Chat/Chat.csproj` is a class library: write the type and the method too, such as `"Chat::Chat.Function::Handle"`');
  });

  test('without a .NET', () => {
    withEnvironment({ PATH: '/nowhere' }, () => refusal(APP).toThrow('the handler is in C#, and there is no `dotnet` on the PATH: install the .NET SDK, or give what you published as `code: Code.fromAsset(…)`'));
  });
});

describe('the framework of a project in C#', () => {
  const runtimeOf = (files: { [path: string]: string }) => {
    sourceProject({ 'handlers/Chat/Chat.csproj': '<Project Sdk="Microsoft.NET.Sdk" />', ...files });
    return DOTNET.find({ handler: HANDLER, srcDir: join(process.cwd(), 'handlers/Chat'), architecture: 'x86_64', options: {} }).runtime;
  };

  test('may be written above it, with properties', () => {
    expect(runtimeOf({ 'Directory.Build.props': '<Project><Import Project="versions.props" /><PropertyGroup><TargetFramework>net$(Level)</TargetFramework></PropertyGroup></Project>', 'versions.props': '<Project><PropertyGroup><Level>8.0</Level></PropertyGroup></Project>' })).toBe('dotnet8');
  });

  test('is the newest that Lambda has, of many', () => {
    expect(runtimeOf({ 'handlers/Chat/Chat.csproj': '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFrameworks>netstandard2.0;net8.0;net9.0</TargetFrameworks></PropertyGroup></Project>' })).toBe('dotnet8');
  });
});
