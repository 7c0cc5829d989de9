import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiledFilesIn, foreignFile, PLATFORM_HERE, platformOf, processorOf } from './binary';
import { dotnetClient, DotnetHere, dotnetHere, DotnetRuntime } from './dotnet-client';
import { Family, Launch, versionOf } from './family';
import { FunctionModel } from '../../definition/model';

/** The page that says what Lambda needs in addition to an assembly. */
const CONFIG = 'publish the project with `<GenerateRuntimeConfigurationFiles>true</GenerateRuntimeConfigurationFiles>`';

/** .NET of Lambda: class libraries, which the client `Dotnet.cs` loads, and executables, which speak to the Runtime API by themselves. */
export const dotnet: Family = {
  isManaged: true,
  serves: (runtime) => /^dotnet\d/.test(runtime),
  async launch(fn, { folders: { code }, lead, reaper }): Promise<Launch> {
    const reason = problem(fn, code);
    if (reason) { throw new Error(reason); }
    return {
      ...isLibrary(fn) ? await libraryCommand(fn, code, reaper) : executableCommand(fn, code),
      environment: {
        // The debugger's files in the temporary folder would stay, because these processes are killed. Set it to 1 to attach a debugger.
        DOTNET_EnableDiagnostics: '0',
        DOTNET_GCHeapHardLimit: (fn.memoryMB * 1024 * 1024).toString(16),
        DOTNET_TieredPGO: '0',
        ...lead ? { HTTPS_PROXY: `http://127.0.0.1:${lead.port}`, NO_PROXY: 'localhost,127.0.0.1,::1' } : {},
        ...ofThisMachine(),
      },
    };
  },
  missing: (fn, { code }) => problem(fn, code),
  note(fn) {
    const runtime = runtimeFor(Number(versionOf(fn)));
    return !runtime || runtime.major === Number(versionOf(fn)) ? undefined : `.NET ${runtime.major} (${versionOf(fn)} in Lambda)`;
  },
};

async function libraryCommand(fn: FunctionModel, code: string, reaper: Parameters<typeof dotnetClient>[1]) {
  const { deps, config } = companions(fn, code);
  const client = await dotnetClient(runtimeFor(frameworkOf(config!) ?? Number(versionOf(fn)))!, reaper);
  return { command: 'dotnet', args: ['exec', '--roll-forward', 'Major', '--depsfile', deps!, '--runtimeconfig', config!, client] };
}

function executableCommand(fn: FunctionModel, code: string) {
  const assembly = join(code, assemblyOf(fn));
  return existsSync(assembly) ? { command: 'dotnet', args: ['exec', '--roll-forward', 'Major', assembly] } : { command: join(code, fn.handler), args: [] };
}

/** Variables of this machine that .NET needs here. A function gets no others, as they would not be set in Lambda. */
function ofThisMachine(): Record<string, string> {
  return Object.fromEntries(['DOTNET_ROOT', 'DOTNET_SYSTEM_GLOBALIZATION_INVARIANT'].flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** What stands in the way, as the rest of a sentence about the function. */
function problem(fn: FunctionModel, code: string): string | undefined {
  const here = dotnetHere();
  const version = Number(versionOf(fn));
  const isBinary = !isLibrary(fn) && !existsSync(join(code, assemblyOf(fn))) && existsSync(join(code, fn.handler));
  if (isBinary) { return foreignBinary(fn, code); }
  if (!here) { return `needs .NET, and there is no \`dotnet\` here: install the SDK of .NET ${Math.max(version, 8)} or newer`; }
  const own = isLibrary(fn) ? libraryProblem(fn, code, here) : executableProblem(fn, code);
  return own ?? versionProblem(fn, code, here) ?? foreignLibrary(code);
}

function libraryProblem(fn: FunctionModel, code: string, { compiler }: DotnetHere): string | undefined {
  const { name, deps, config } = companions(fn, code);
  const absent = [[deps, 'deps'], [config, 'runtimeconfig']].find(([file]) => !file)?.[1];
  if (absent) { return `has no \`${name}.${absent}.json\` in its code, without which Lambda does not start it: ${CONFIG}`; }
  return compiler ? undefined
    : 'needs the SDK of .NET, and there is only a runtime here: this gateway compiles what loads its assembly. Install the SDK, or make the project an executable '
      + 'that calls `LambdaBootstrapBuilder`';
}

function executableProblem(fn: FunctionModel, code: string): string | undefined {
  const assembly = assemblyOf(fn);
  if (!existsSync(join(code, assembly))) {
    return `has the handler \`${fn.handler}\`, and no \`${assembly}\` in its code: write \`Assembly::Namespace.Type::Method\`, or the name of an executable assembly`;
  }
  const config = assembly.replace(/\.dll$/, '.runtimeconfig.json');
  return existsSync(join(code, config)) ? undefined : `has no \`${config}\` in its code, without which Lambda does not start it: publish the project with \`<OutputType>Exe</OutputType>\``;
}

function versionProblem(fn: FunctionModel, code: string, { runtimes }: DotnetHere): string | undefined {
  const version = Number(versionOf(fn));
  const built = frameworkOf(isLibrary(fn) ? companions(fn, code).config! : join(code, assemblyOf(fn).replace(/\.dll$/, '.runtimeconfig.json'))) ?? version;
  if (built !== version) {
    return `is built for .NET ${built}, and its runtime is \`${fn.runtime}\`, where Lambda has .NET ${version} alone: use \`dotnet${built}\`, or build for \`net${version}.0\``;
  }
  const newest = runtimes.at(-1);
  return runtimeFor(version) ? undefined : `needs .NET ${version}, and ${newest ? `the newest here is ${newest.version}` : 'there is no runtime of .NET here'}: install .NET ${version}`;
}

function foreignBinary(fn: FunctionModel, code: string): string | undefined {
  const platform = platformOf(join(code, fn.handler));
  return platform === undefined || platform === PLATFORM_HERE ? undefined
    : `has a \`${fn.handler}\` for ${platform}, and this is ${PLATFORM_HERE} (exec format error): build it for both, or try it deployed`;
}

/** Files in `runtimes` do not count: they are for several platforms, and .NET chooses one when it loads them. */
function foreignLibrary(code: string): string | undefined {
  const files = (extension: RegExp) => compiledFilesIn(code, extension).filter((file) => !/^runtimes[/\\]/.test(file));
  const foreign = foreignFile(code, files(/\.so$/)) ?? foreignAssembly(code, files(/\.dll$/));
  return foreign && `has \`${foreign.file}\`, which is compiled for ${foreign.platform}, and this is ${PLATFORM_HERE}: it does not load here. `
    + 'Set `architecture` to the one of this machine while you develop, or try it deployed';
}

function foreignAssembly(code: string, files: string[]) {
  const file = files.find((one) => (processorOf(join(code, one)) ?? process.arch) !== process.arch);
  return file === undefined ? undefined : { file, platform: processorOf(join(code, file)) };
}

function isLibrary({ handler }: FunctionModel): boolean {
  return handler.includes(':');
}

/** The assembly of an executable. */
function assemblyOf({ handler }: FunctionModel): string {
  return handler.endsWith('.dll') ? handler : `${handler}.dll`;
}

/** The files that say what a class library needs: those of its name, or else the only ones, as in Lambda. */
function companions(fn: FunctionModel, code: string): { readonly name: string; readonly deps?: string; readonly config?: string } {
  const name = (fn.environment.LAMBDA_DOTNET_MAIN_ASSEMBLY ?? fn.handler.split('::')[0]).replace(/\.dll$/, '');
  const find = (ending: string) => {
    if (existsSync(join(code, name + ending))) { return join(code, name + ending); }
    const all = readdirSync(code).filter((file) => file.endsWith(ending));
    return all.length === 1 ? join(code, all[0]) : undefined;
  };
  return { name, deps: find('.deps.json'), config: find('.runtimeconfig.json') };
}

/** The major version of .NET that an assembly is built for; undefined if its configuration does not say. */
function frameworkOf(config: string): number | undefined {
  try {
    const { runtimeOptions } = JSON.parse(readFileSync(config, 'utf8').replace(/^\uFEFF/, ''));
    const frameworks: { name: string; version: string }[] = runtimeOptions.frameworks ?? [runtimeOptions.framework];
    return parseInt(frameworks.find(({ name }) => name === 'Microsoft.NETCore.App')!.version, 10) || undefined;
  } catch {
    return undefined;
  }
}

/** Of this major version, or else of the next. */
function runtimeFor(major: number): DotnetRuntime | undefined {
  const runtimes = dotnetHere()?.runtimes ?? [];
  const next = runtimes.find((runtime) => runtime.major >= major)?.major;
  return runtimes.filter((runtime) => runtime.major === next).at(-1);
}
