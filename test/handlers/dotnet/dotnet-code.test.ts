import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { HandlerRouteProps, Route, WebSocketApi } from '../../../src';
import { missingDotnetEntry } from '../../../src/handlers/dotnet/dotnet-entry';
import { DOTNET } from '../../../src/handlers/dotnet/dotnet-language';
import { processorOf } from '../../../src/local/lambda/runtimes/binary';
import { nugetLock, nugetPackage } from '../compiled/nuget-package';
import { describeWithTool, hashWithoutBuild, withCountedTool, withEnvironment, withTool } from '../compiled/tool-chain';
import { filesOf, sourceProject, synthesize, SynthesizedFunction, write } from '../source-project';

const csproj = (more = '', framework = 'net10.0') => `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>${framework}</TargetFramework>
  </PropertyGroup>
  ${more}
</Project>`;
const SAY = 'using System.IO;\n\nnamespace Chat;\n\npublic class Say : Base {\n  public Stream Handle(Stream input) => input;\n  public static string Join(string text) => text;\n  void Hidden() { }\n  public class Inner { public void Run() { } }\n}\n';
const APP = {
  'handlers/Chat/Chat.csproj': csproj('<ItemGroup><ProjectReference Include="..\\Words\\Words.csproj" /><PackageReference Include="Acme.Phrases" Version="1.*" /></ItemGroup>' +
    '<PropertyGroup><RestorePackagesWithLockFile>true</RestorePackagesWithLockFile><RestoreLockedMode>true</RestoreLockedMode></PropertyGroup>'),
  'handlers/NuGet.config': '<configuration><packageSources><add key="beside" value="packages" /></packageSources></configuration>',
  'handlers/Chat/Say.cs': SAY,
  'handlers/Chat/Base.cs': 'namespace Chat;\n\npublic class Base { public string Inherited(string text) => Words.Word.Text; }\n',
  'handlers/Words/Words.csproj': csproj(),
  'handlers/Words/Word.cs': 'namespace Words;\n\npublic static class Word { public const string Text = "word"; }\n',
};
/** Its lock file is older than the newest version that there is. */
function startProject() {
  sourceProject(APP);
  const [contentHash] = ['1.0.0', '1.1.0'].map((version) => nugetPackage('handlers/packages', version));
  write({ 'handlers/Chat/packages.lock.json': nugetLock('1.0.0', contentHash, { words: { type: 'Project' } }) });
}

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

describeWithTool('dotnet', 'handlers in C#', () => {
  const [outdir, packages] = ['dotnet-', 'packages-'].map((name) => mkdtempSync(join(tmpdir(), name)));
  let reference: SynthesizedFunction[];
  let runs: number;
  beforeAll(() => {
    process.env.NUGET_PACKAGES = packages;
    startProject();
    const routes = () => Object.values(synthesize(Object.fromEntries([HANDLER, 'Chat::Chat.Say::Join', 'Chat::Chat.Say::Inherited', 'Chat::Chat.Say+Inner::Run'].map((handler) => (
      [handler, Route.toHandler(handler, OF_APP)]))), {}, outdir));
    ({ runs, result: reference } = withCountedTool('dotnet', () => [...routes(), ...routes()]));
  });
  beforeEach(startProject);
  afterAll(() => {
    delete process.env.NUGET_PACKAGES;
    [outdir, packages].forEach((folder) => rmSync(folder, { recursive: true, force: true }));
  });

  test('of one project share one build and one asset, which is kept while nothing changes', () => {
    expect(runs).toBe(1);
    expect(new Set(reference.map(hashOf)).size).toBe(1);
    expect(reference[0].properties).toMatchObject({ Handler: HANDLER, Runtime: 'dotnet10' });
    expect(filesOf(reference[0].asset)).toEqual(['Chat.deps.json', 'Chat.dll', 'Chat.pdb', 'Chat.runtimeconfig.json', 'Words.dll', 'Words.pdb', 'phrases.txt']);
  });

  test('take the versions of packages that their lock file says, also if that must not change', () => {
    expect(readFileSync(join(reference[0].asset, 'phrases.txt'), 'utf8')).toBe('1.0.0');
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

  test('have another hash with another architecture', () => expect(hash({ architecture: Architecture.ARM_64 })).not.toBe(hashOf(reference[0])));

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
    // The local gateway runs it on another processor, too.
    expect(processorOf(join(fn.asset, 'Chat.dll'))).toBeUndefined();
  });
});

describe('what .NET says', () => {
  const said = (script: string, files = {}) => {
    sourceProject({ ...APP, ...files });
    return expect(() => withTool('dotnet', script, () => csharp()));
  };

  test.each([
    ['x.csproj : error NU1004: The packages lock file is inconsistent with the project dependencies', 'run `dotnet restore --force-evaluate`'],
    ['x.csproj : error NU1301: Unable to load the service index for source https://example.com', 'Packages are missing, and there is no network: run `dotnet restore` where there is one'],
  ])('is followed by what to do: %s', (message, advice) => {
    said(`echo '${message}'; exit 1`).toThrow(new RegExp(`^cannot build the handler of route "a": dotnet said\n\n${message}\n\n.*${advice}$`.replace('"a"', '`"a"`')));
  });

  test('is shown where it has no code, such as of a `global.json` that wants another SDK', () => {
    said('echo "A compatible .NET SDK was not found." >&2; echo "10.0.401 [/sdk]"; exit 145').toThrow('dotnet said\n\n10.0.401 [/sdk]\n\nA compatible .NET SDK was not found.');
  });

  test('is not all, if it takes another version than the lock file says', () => {
    said(
      'case "$*" in *RestoreLockedMode=false*) ;; *) echo "x : error NU1102: Unable to find package"; exit 1 ;; esac; sed s/1.0.0/1.1.0/ packages.lock.json > new && mv new packages.lock.json',
      { 'handlers/Chat/packages.lock.json': nugetLock('1.0.0', '') },
    ).toThrow('`handlers/Chat/packages.lock.json` says `Acme.Phrases` 1.0.0, and NuGet took 1.1.0: it is older than the project, or not for `linux-x64`. ' +
      'Write `<RuntimeIdentifiers>linux-x64</RuntimeIdentifiers>` into the project, and run `dotnet restore`');
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

  test.each<[runtime: string | undefined, frameworks: string, found: object]>([
    ['dotnet8', 'net8.0;net10.0', { framework: 'net8.0', hasMany: true, runtime: 'dotnet8' }],
    ['dotnet10', ' net8.0 ; net10.0 ;', { framework: 'net10.0', hasMany: true, runtime: 'dotnet10' }],
    ['dotnet8', 'net8.0', { framework: 'net8.0', hasMany: false, runtime: 'dotnet8' }],
    [undefined, 'net10.0', { framework: 'net10.0', hasMany: false, runtime: 'dotnet10' }],
  ])('is that of the runtime %s, of %s', (runtime, frameworks, found) => {
    sourceProject({ 'handlers/Chat/Chat.csproj': `<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFrameworks>${frameworks}</TargetFrameworks></PropertyGroup></Project>` });

    expect(DOTNET.find({ handler: HANDLER, srcDir: join(process.cwd(), 'handlers/Chat'), runtime, architecture: 'x86_64', options: {} })).toMatchObject(found);
  });

  test('cannot be read if one of many is made of what nobody knows', () => {
    expect(() => runtimeOf({ 'handlers/Chat/Chat.csproj': '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFrameworks>net8.0;net$(Other)</TargetFrameworks></PropertyGroup></Project>' }))
      .toThrow('has no `TargetFramework` that can be read without building it');
  });
});
