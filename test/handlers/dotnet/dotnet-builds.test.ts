import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { csharp, csproj, HANDLER, hash, hashOf, OF_APP, startProject } from './dotnet-project';
import { Route } from '../../../src';
import { missingDotnetEntry } from '../../../src/handlers/dotnet/dotnet-entry';
import { processorOf } from '../../../src/local/lambda/runtimes/binary';
import { describeWithTool, withCountedTool } from '../compiled/tool-chain';
import { filesOf, sourceProject, synthesize, SynthesizedFunction } from '../source-project';

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
