import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { apiSource } from './api-blocks.mjs';
import { chatOnGateway } from './chat-on-gateway.mjs';
import { examplesSource } from './csharp-examples.mjs';
import { ESBUILD_RECORDER, expectEsbuild } from './recorded-esbuild.mjs';
import { broadcastSource, layOut } from './snippets.mjs';

export const language = 'csharp';

const FLOOR = '2.250.0';

/** What `cdk init` and `dotnet add package` make. */
const INITIAL = {
  'Echo.csproj': `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net8.0</TargetFramework>
    <RollForward>Major</RollForward>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Amazon.CDK.Lib" Version="[2.260.0,3.0.0)" />
    <PackageReference Include="Constructs" Version="10.*" />
    <PackageReference Include="CdkWebSocketApi" Version="0.0.0" />
  </ItemGroup>
</Project>
`,
  'Program.cs': `using Amazon.CDK;

namespace Echo
{
    sealed class Program
    {
        public static void Main(string[] args)
        {
            var app = new App();
            new EchoStack(app, "EchoStack", new StackProps { });
            app.Synth();
        }
    }
}
`,
};

export function missing() {
  return spawnSync('dotnet', ['--version']).status === 0
    ? undefined
    : 'the .NET SDK (`dotnet`) is not on this machine, so the C# source that is generated is neither compiled nor tested';
}

export async function test({ root, work, run, check, note, measure }) {
  const copy = (folder, ...path) => {
    cpSync(join(root, ...path), join(work, folder), { recursive: true, filter: (file) => !/[/\\](bin|obj|cdk\.out)$/.test(file) });
    return join(work, folder);
  };
  const record = join(work, 'esbuild');
  const environment = (assembly) => ({
    CDK_OUTDIR: assembly,
    CDK_VALIDATION: 'false',
    DOTNET_CLI_TELEMETRY_OPTOUT: '1',
    DOTNET_NOLOGO: '1',
    ESBUILD_RECORD: record,
    NODE_OPTIONS: `--require ${ESBUILD_RECORDER}`,
  });
  const dotnet = (cwd, args, assembly) => run('dotnet', args, { cwd, env: environment(assembly) });

  // NuGet never fetches a version again once it has unpacked it, and would test the package of an earlier run.
  const forget = () => rmSync(join(homedir(), '.nuget', 'packages', 'cdkwebsocketapi'), { recursive: true, force: true });
  forget();
  writeFileSync(join(work, 'nuget.config'), `<configuration>
  <packageSources>
    <add key="packaged" value="${join(root, 'dist', 'dotnet')}" />
  </packageSources>
</configuration>
`);

  const scenario = copy('scenario', 'test', 'languages', 'scenario');
  const restored = async (property) => {
    await dotnet(scenario, ['restore', 'csharp', property]);
    const { libraries } = JSON.parse(readFileSync(join(scenario, 'csharp', 'obj', 'project.assets.json'), 'utf8'));
    return Object.keys(libraries).map((name) => /^Amazon\.CDK\.Lib\/(.+)$/.exec(name)?.[1]).find((version) => version !== undefined);
  };
  // Where a source of packages lacks a version, NuGet takes the next one: the check names what it took.
  const floor = await restored(`--property:CdkVersion=${FLOOR}`);
  await check(`the scenario compiles and is synthesized beside aws-cdk-lib ${floor}`, () =>
    dotnet(scenario, ['run', '--project', 'csharp', `--property:CdkVersion=${FLOOR}`], join(work, FLOOR)));
  await check('the scenario is synthesized, with the esbuild in the package', async () => {
    rmSync(record, { force: true });
    await dotnet(scenario, ['run', '--project', 'csharp'], join(work, 'assembly'));
    expectEsbuild('esbuild-wasm', record);
  });

  const chat = copy('chat', 'examples', 'csharp', 'chat');
  await check('the chat example is built, and its tests pass', async () => {
    await dotnet(chat, ['add', 'Chat', 'package', 'CdkWebSocketApi', '--version', '0.0.0']);
    const started = Date.now();
    const output = await dotnet(chat, ['test', 'Chat.Tests']);
    measure('build and test of the chat example', `${((Date.now() - started) / 1000).toFixed(1)} s`);
    return Number(/Passed:\s+(\d+)/.exec(output)[1]);
  });
  await check('the chat example is synthesized as cdk.json says', async () => {
    const { app } = JSON.parse(readFileSync(join(chat, 'cdk.json'), 'utf8'));
    const shell = () => run('/bin/sh', ['-c', app], { cwd: chat, env: environment(join(chat, 'cdk.out')) });
    await shell();
    const started = Date.now();
    await shell();
    measure('synth of the chat example, second run', `${((Date.now() - started) / 1000).toFixed(1)} s`);
    if (!existsSync(join(chat, 'cdk.out', 'Chat.template.json'))) { throw new Error('there is no Chat.template.json'); }
  });
  await check('two clients talk through the chat example, whose handlers are in C#, on the local gateway', async () => {
    note(await chatOnGateway(root, work, join(chat, 'cdk.out')));
  });

  await check('the app and the handlers of docs/csharp.md and docs/realtime.md are built, the test passes, and docs/api/csharp.md and the examples in the package compile', async () => {
    const docs = join(work, 'docs');
    layOut(readFileSync(join(root, 'docs', 'csharp.md'), 'utf8'), docs);
    writeFileSync(join(docs, 'src', 'Handlers', 'Broadcast.cs'), broadcastSource('csharp', readFileSync(join(root, 'docs', 'realtime.md'), 'utf8')));
    writeFileSync(join(docs, 'cdk.json'), '{}\n');
    const app = join(docs, 'src', 'Echo');
    for (const [file, text] of Object.entries(INITIAL)) { writeFileSync(join(app, file), text); }
    writeFileSync(join(app, 'Api.cs'), apiSource('csharp', readFileSync(join(root, 'docs', 'api', 'csharp.md'), 'utf8')).source);
    const unpacked = join(homedir(), '.nuget', 'packages', 'cdkwebsocketapi', '0.0.0');
    const [framework] = readdirSync(join(unpacked, 'lib'));
    writeFileSync(join(app, 'Examples.cs'), examplesSource(readFileSync(join(unpacked, 'lib', framework, 'CdkWebSocketApi.xml'), 'utf8')));
    if (!existsSync(join(unpacked, 'README.md'))) { throw new Error('the package has no readme'); }
    return Number(/Passed:\s+(\d+)/.exec(await dotnet(docs, ['test', 'src/Echo.Tests']))[1]);
  });
  forget();
  return { scenario: join(work, 'assembly') };
}
