import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { APP, csharp, csproj, HANDLER, hash, OF_APP } from './dotnet-project';
import { Bundling, HandlerRouteProps, Route, WebSocketApi } from '../../../src';
import { nugetLock } from '../compiled/nuget-package';
import { withEnvironment, withTool } from '../compiled/tool-chain';
import { sourceProject, synthesize, write } from '../source-project';

test('handlers in C# are not built for a stack that needs no bundling, nor is .NET needed', () => {
  sourceProject(APP);
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] }, outdir: 'cdk.out' });

  expect(() => withEnvironment({ PATH: '/nowhere' }, () => {
    new WebSocketApi(new Stack(app, 'Stack'), 'Api', { routes: { a: Route.toHandler(HANDLER, OF_APP) } });
    app.synth();
  })).not.toThrow();
});

describe('the hash of a handler in C#', () => {
  test.each<[string, HandlerRouteProps]>([
    ['another architecture', { architecture: Architecture.ARM_64 }],
    ['a property', { bundling: Bundling.dotnet({ properties: { PublishReadyToRun: 'true' } }) }],
  ])('is another one with %s', (_, props) => {
    sourceProject(APP);

    expect(hash(props)).not.toBe(hash());
  });

  test('is the same with what builds leave, and what is beside the project', () => {
    sourceProject(APP);
    const before = hash();
    write({ 'handlers/Chat/obj/project.assets.json': '{}', 'handlers/Chat/bin/Debug/x.dll': '', 'handlers/Words/obj/x': '', 'handlers/Other/Other.cs': '', 'handlers/Chat/Chat.csproj.user': '' });

    expect(hash()).toBe(before);
  });

  test('is of files that the project compiles from elsewhere, or that a link leads to', () => {
    sourceProject({ ...APP, 'shared/größe und so/Size.cs': '', 'linked.cs': '', 'handlers/Chat/Chat.csproj': csproj('<ItemGroup><Compile Include="..\\..\\shared\\**\\*.cs" /></ItemGroup>') });
    symlinkSync(join(process.cwd(), 'linked.cs'), 'handlers/Chat/Linked.cs');
    const hashes = [hash()];
    write({ 'shared/größe und so/Size.cs': '// changed' });
    hashes.push(hash());
    write({ 'linked.cs': '// changed' });
    hashes.push(hash());

    expect(new Set(hashes).size).toBe(3);
  });

  test('is that of the framework that is published, of many', () => {
    sourceProject({ ...APP, 'handlers/Chat/Chat.csproj': csproj('', 'net10.0').replaceAll('TargetFramework>', 'TargetFrameworks>').replace('net10.0', 'net8.0;net10.0') });

    expect(hash({ runtime: Runtime.DOTNET_8 })).not.toBe(hash());
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
