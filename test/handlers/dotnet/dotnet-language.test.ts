import { chmodSync, existsSync, mkdirSync, readFileSync, utimesSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { APP, csproj, frameworks, HANDLER } from './dotnet-project';
import { CompiledRequest } from '../../../src/handlers/compiled/compiled-language';
import { DOTNET } from '../../../src/handlers/dotnet/dotnet-language';
import { ToolCall, ToolResult } from '../../../src/handlers/tools/tool';
import { nugetLock } from '../compiled/nuget-package';
import { Play, playBuild, withEnvironment } from '../compiled/tool-chain';
import { filesOf, sourceProject, write } from '../source-project';

const LOCKED = { ...APP, 'handlers/Chat/packages.lock.json': nugetLock('1.0.0', '') };

const request = (changes: Partial<CompiledRequest> = {}) => ({ handler: HANDLER, srcDir: join(process.cwd(), 'handlers/Chat'), architecture: 'x86_64', options: {}, ...changes });
const find = (changes?: Partial<CompiledRequest>) => DOTNET.find(request(changes));

/** As .NET leaves what it publishes. */
const publishes = (_: ToolCall, asset: string) => write({ 'Chat.dll': '', 'Chat.deps.json': '' }, asset);

function build(files: { [path: string]: string }, changes: Partial<CompiledRequest> = {}, play: Play = publishes) {
  sourceProject(files);
  return playBuild(DOTNET, request(changes), 'dotnet', play);
}

describe('.NET', () => {
  test('publishes a copy of the project, once, for every processor and with the same bytes from every folder', () => {
    const { calls, files, left } = build(APP, {}, (call, asset) => {
      expect(filesOf(dirname(call.cwd!))).toEqual(['Chat/Base.cs', 'Chat/Chat.csproj', 'Chat/Say.cs', 'NuGet.config', 'Words/Word.cs', 'Words/Words.csproj']);
      publishes(call, asset);
    });

    expect(calls).toEqual([{
      command: 'dotnet',
      args: [
        'publish', '<work>/project/Chat/Chat.csproj', '--configuration', 'Release', '--output', '<work>/asset', '--nologo', '--verbosity', 'quiet',
        '--runtime', 'linux-x64', '--self-contained', 'false', '-p:UseAppHost=false', '-p:GenerateRuntimeConfigurationFiles=true', '-p:PlatformTarget=AnyCPU',
        '-p:IncludeSourceRevisionInInformationalVersion=false', '-p:PathMap=<work>/project=/_',
      ],
      cwd: '<work>/project/Chat',
      environment: { DOTNET_NOLOGO: '1', MSBUILDTERMINALLOGGER: 'off' },
    }]);
    expect([files, left]).toEqual([['Chat.deps.json', 'Chat.dll'], []]);
    expect(filesOf('handlers')).toEqual(Object.keys(APP).map((path) => path.replace('handlers/', '')).sort());
  });

  test.each<[what: string, changes: Partial<CompiledRequest>, more: string[], less: string[]]>([
    ['the platform', { architecture: 'arm64' }, ['linux-arm64'], ['linux-x64']],
    ['the framework of one that has many', { srcDir: 'handlers/Many' }, ['--framework', 'net10.0'], []],
    ['the framework of the runtime', { srcDir: 'handlers/Many', runtime: 'dotnet8' }, ['--framework', 'net8.0'], []],
    ['the properties, in an order that does not count, with what would end them escaped', { options: { properties: { Version: '1;2,3%4', Alpha: 'a=b' } } },
      ['-p:Alpha=a=b', '-p:Version=1%3B2%2C3%254'], []],
  ])('is told %s', (_, { srcDir = 'handlers/Chat', ...changes }, more, less) => {
    const files = { ...APP, 'handlers/Many/Chat.csproj': frameworks('net8.0;net10.0') };
    const args = (one: Partial<CompiledRequest>) => build(files, one).calls[0].args;
    const before = args({});
    sourceProject(files);
    const { calls: [{ args: after }] } = playBuild(DOTNET, request({ ...changes, srcDir: join(process.cwd(), srcDir) }), 'dotnet', publishes);
    const names = (all: string[]) => all.map((one) => one.replace('/Many', '').replace('/Chat/', '/'));

    expect(names(after).filter((one) => !names(before).includes(one))).toEqual(more);
    expect(names(before).filter((one) => !names(after).includes(one))).toEqual(less);
  });

  test('finds the packages beside the project', () => {
    build({ ...APP, 'handlers/packages/Acme.1.0.0.nupkg': '' }, {}, (call, asset) => {
      expect(existsSync(join(call.cwd!, '../packages/Acme.1.0.0.nupkg'))).toBe(true);
      publishes(call, asset);
    });
    expect.assertions(1);
  });
});

describe('the lock file of a project in C#', () => {
  const lockOf = ({ cwd }: ToolCall) => JSON.parse(readFileSync(join(cwd!, 'packages.lock.json'), 'utf8')).dependencies;

  test('names the platform in the copy, and stays as it is in the project', () => {
    const { calls } = build(LOCKED, { architecture: 'arm64' }, (call, asset) => {
      expect(Object.keys(lockOf(call))).toEqual(['net10.0', 'net10.0/linux-arm64']);
      publishes(call, asset);
    });

    expect(calls).toHaveLength(1);
    expect(readFileSync('handlers/Chat/packages.lock.json', 'utf8')).toBe(LOCKED['handlers/Chat/packages.lock.json']);
  });

  test.each(['NU1101', 'NU1102', 'NU1103'])('is not a must for packages that only the platform needs: %s', (code) => {
    const targets: string[][] = [];
    const { calls, files } = build(LOCKED, {}, (call, asset) => {
      targets.push(Object.keys(lockOf(call)));
      if (targets.length === 1) { return { ok: false, stdout: `x.csproj : error ${code}: Unable to find package` }; }
      return publishes(call, asset);
    });

    expect(targets).toEqual([['net10.0', 'net10.0/linux-x64'], ['net10.0']]);
    expect(calls[1]).toEqual({ ...calls[0], args: [...calls[0].args, '-p:RestoreLockedMode=false'] });
    expect(files).toEqual(['Chat.deps.json', 'Chat.dll']);
  });

  test.each<[what: string, files: { [path: string]: string }, result: Partial<ToolResult>]>([
    ['where there is none', APP, { ok: false, stdout: 'x : error NU1102: Unable to find package' }],
    ['for what else goes wrong', LOCKED, { ok: false, stdout: 'x : error NU1301: Unable to load' }],
    ['for a warning', LOCKED, { ok: false, stdout: 'x : warning NU1102: Unable' }],
    ['when nothing goes wrong', LOCKED, { ok: true, stdout: 'error NU1102' }],
  ])('is not tried again %s', (_, files, result) => {
    let runs = 0;
    const run = () => build(files, {}, () => {
      runs++;
      return result;
    });
    if (result.ok) { run(); } else { expect(run).toThrow('dotnet said'); }

    expect(runs).toBe(1);
  });

  test('is told to be older than the project if another version was taken, also that of another project', () => {
    const file = 'handlers/Words/packages.lock.json';
    const older = (call: ToolCall) => write({ 'Words/packages.lock.json': nugetLock('1.1.0', '') }, dirname(call.cwd!));

    expect(() => build({ ...LOCKED, [file]: nugetLock('1.0.0', '') }, { architecture: 'arm64' }, older)).toThrow(
      `\`${file}\` says \`Acme.Phrases\` 1.0.0, and NuGet took 1.1.0: it is older than the project, or not for \`linux-arm64\`. ` +
      'Write `<RuntimeIdentifiers>linux-arm64</RuntimeIdentifiers>` into the project, and run `dotnet restore`');
  });
});

describe('a failure of .NET is told', () => {
  const failure = (stdout: string, complaint = '') => {
    try {
      build(APP, {}, ({ cwd }) => ({ ok: false, stdout: stdout.replaceAll('<cwd>', cwd!), complaint: complaint.replaceAll('<cwd>', cwd!) }));
      return '';
    } catch (error) {
      return (error as Error).message.replace(/^dotnet said\n\n/, '');
    }
  };

  test('with the files of the project, without the project that each line ends with', () => {
    const file = `${process.cwd()}/handlers/Chat/Say.cs`;
    const said = failure('<cwd>/Say.cs(1,2): error CS1: no [<cwd>/Chat.csproj]\r\n  <cwd>/Say.cs(1,2): error CS1: a [b] [<cwd>/Chat.csproj::TargetFramework=net8.0]');

    expect(said.replaceAll(process.cwd(), '')).toBe(`${file}(1,2): error CS1: no\n${file}(1,2): error CS1: a [b]`.replaceAll(/.*\/handlers/g, '/handlers'));
  });

  test('each error once, and nothing else if there is one', () => {
    expect(failure('Determining projects\nx : error CS1: one\n  x : warning CS2: errors: two\nx : error CS1: one\nERROR three', 'error: four')).toBe('x : error CS1: one\nERROR three\nerror: four');
  });

  test('with all that it says if that is no error, also elsewhere', () => {
    expect(failure(' 10.0.401 [/sdk] \n\nterror', 'Not found.\n')).toBe('10.0.401 [/sdk]\n\nterror\nNot found.');
  });

  test.each([
    ['x : error NU1004: The lock file is inconsistent', 'The lock file is older than the project, and the project wants it as it is: run `dotnet restore --force-evaluate`'],
    ...['x : error NU1301: no service', 'x : error NU1101: Unable to find package. Source(s): offline packages', 'error: Unable to load the service index for source x'].map((message) => (
      [message, 'Packages are missing, and there is no network: run `dotnet restore` where there is one'])),
  ])('with what to do: %s', (message, advice) => {
    expect(failure(message)).toBe(`${message}\n\n${advice}`);
  });

  test.each(['x : error NU1101: Unable to find package', 'x : error CS1: no'])('with nothing more where nobody knows what to do: %s', (message) => {
    expect(failure(message)).toBe(message);
  });
});

describe('the tools that build a project in C#', () => {
  const identity = () => withEnvironment({ PATH: join(process.cwd(), 'tools') }, () => DOTNET.toolIdentity(find()));
  const install = (...sdks: string[]) => {
    sourceProject({ ...APP, 'tools/dotnet': '' });
    chmodSync('tools/dotnet', 0o755);
    sdks.forEach((name) => mkdirSync(join('tools/sdk', name), { recursive: true }));
  };

  test('are the `dotnet` on the PATH, with the SDKs that it has', () => {
    install('8.0.100', '10.0.401');
    expect(identity()).toMatch(/tools\/dotnet 0 [\d.]+ 10\.0\.401 8\.0\.100$/);
    const before = identity();
    mkdirSync('tools/sdk/9.0.100');
    expect(identity()).not.toBe(before);
    utimesSync('tools/dotnet', 1, 1);
    expect(identity()).toMatch(/tools\/dotnet 0 1000 10\.0\.401 8\.0\.100 9\.0\.100$/);
  });

  test('need not have their SDKs beside them', () => {
    install();

    expect(identity()).toMatch(/tools\/dotnet 0 [\d.]+ $/);
  });
});

describe('one run of .NET publishes', () => {
  test.each<[what: string, changes: Partial<CompiledRequest>, isOne: boolean]>([
    ['all handlers of a project', { handler: 'Chat::Chat.Say::Join' }, true],
    ['not those of another project', { srcDir: 'handlers/Words' }, false],
    ['not those for another runtime', { runtime: 'dotnet8' }, false],
    ['not those for another architecture', { architecture: 'arm64' }, false],
    ['not those with other options', { options: { properties: { A: 'b' } } }, false],
  ])('%s', (_, { srcDir = 'handlers/Chat', ...changes }, isOne) => {
    sourceProject({ ...APP, 'handlers/Chat/Chat.csproj': frameworks('net8.0;net10.0') });
    const [one, other] = [{}, { ...changes, srcDir: join(process.cwd(), srcDir) }].map((each) => DOTNET.batch(find(each)));

    expect(one === other).toBe(isOne);
  });
});

test('the hash of a handler in C# is of the name of its project, of its framework and its properties', () => {
  sourceProject(APP);
  const { files, settings } = DOTNET.inputs(find({ options: { properties: { B: '2', A: '1' } } }));

  expect(settings).toEqual(['Chat.csproj', 'net10.0', '-p:A=1', '-p:B=2']);
  expect(files.map((file) => file.replace(`${process.cwd()}/`, '')).sort()).toEqual(Object.keys(APP).sort());
});

describe('a handler in C#', () => {
  test.each(['Chat::Chat.Say::Handle', 'Größe::Größe+Länge::Messen', 'Acme.Chat::Say::Handle'])('has a name such as %s', (handler) => {
    sourceProject(APP);

    expect(find({ handler })).toMatchObject({ entry: handler, project: join(process.cwd(), 'handlers/Chat'), manifest: join(process.cwd(), 'handlers/Chat/Chat.csproj') });
  });

  test.each(['Chat::Say', 'Chat::Say::', '::Say::Handle', 'Chat::::Handle', 'Chat:Say:Handle', 'Chat::Say::Handle::More', 'Chat::Say::Handle:', ':', ''])('has no name such as %p', (handler) => {
    sourceProject(APP);

    expect(() => find({ handler })).toThrow('does not name an assembly, a type and a method');
  });

  test.each<[what: string, text: string, properties: { [name: string]: string } | undefined]>([
    ['says so', csproj('<PropertyGroup><OutputType>exe</OutputType></PropertyGroup>'), undefined],
    ['is told so', csproj(), { OutputType: 'Exe' }],
    ['is one for Windows', csproj('<PropertyGroup><OutputType>WinExe</OutputType></PropertyGroup>'), undefined],
    ['is one for the web', csproj().replace('NET.Sdk', 'NET.Sdk.Web'), undefined],
    ['is a worker', csproj().replace('NET.Sdk', 'NET.Sdk.Worker'), undefined],
  ])('may name the assembly of a project that %s: it is a program', (_, text, properties) => {
    sourceProject({ 'handlers/Chat/Chat.csproj': text });

    expect(find({ handler: 'Chat', options: { properties } }).entry).toBe('Chat');
  });

  test.each([
    ['says so', csproj('<PropertyGroup><OutputType>Library</OutputType></PropertyGroup>').replace('NET.Sdk', 'NET.Sdk.Web')],
    ['does not say what it is', csproj()],
    ['has no SDK', csproj().replace(/ Sdk="[^"]*"/, '')],
  ])('may not name only the assembly of a project that %s: it is a library', (_, text) => {
    sourceProject({ 'handlers/Chat/Chat.csproj': text });

    expect(() => find({ handler: 'Chat' })).toThrow('is a class library: write the type and the method too');
  });
});

describe('the project of a handler in C#', () => {
  const refused = (files: { [path: string]: string }, folder = '.') => {
    sourceProject({ 'a/x': '', ...files });
    return expect(() => find({ srcDir: join(process.cwd(), folder) }));
  };

  test('is the nearest upwards, also from a folder that is not there', () => {
    sourceProject({ 'app/App.csproj': csproj(), 'app/deep/x': '' });

    expect(['app', 'app/deep', 'app/nowhere/deep'].map((folder) => basename(find({ srcDir: join(process.cwd(), folder) }).manifest))).toEqual(['App.csproj', 'App.csproj', 'App.csproj']);
  });

  test('is named if it is below, three folders deep at most, and not where nobody writes one', () => {
    const files = ['a/A.csproj', 'a/b/c/C.csproj', 'a/b/c/d/D.csproj', ...['.x', 'node_modules', 'bin', 'obj', 'cdk.out'].map((name) => `${name}/X.csproj`)];

    refused(Object.fromEntries(files.map((file) => [file, csproj()]))).toThrow(/with `srcPath`, such as `"a"` or `"a\/b\/c"`$/);
    refused({ 'x.cdk.out/X.csproj': csproj(), 'binary/X.csproj': csproj() }).toThrow(/such as `"(binary|x\.cdk\.out)"` or `"(binary|x\.cdk\.out)"`$/);
    refused({}, 'a').toThrow(/with `srcPath`, or give what you built as `code: Code\.fromAsset\(…\)` with a `runtime`$/);
    refused({}, 'nowhere').toThrow(/with `srcPath`, or give what you built/);
  });

  test('is that of the CDK app if any file of it says so, in whatever letters', () => {
    refused({ 'Directory.Build.props': '<Project><ItemGroup><PackageReference Include="Other;amazon.cdk.LIB" /></ItemGroup></Project>', 'a/A.csproj': csproj() }, 'a').toThrow('depends on Amazon.CDK.Lib');
  });

  test.each([['', '`runtime: Runtime.DOTNET_10`'], ['net9.0', '`runtime: Runtime.DOTNET_10`'], ['net8.0', '`runtime: Runtime.DOTNET_8`']])('in another language is published by hand, for %p', (framework, end) => {
    refused({ 'a/A.fsproj': csproj('', framework) }, 'a').toThrow(`run \`dotnet publish -c Release -o a/publish\`, and write \`code: Code.fromAsset('a/publish')\` and ${end}`);
  });
});
