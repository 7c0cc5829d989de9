import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { CsharpProject, inputsOfCsharp, itemsOf, packageFolders, projectsIn, propertyOf, readCsharpProject } from './csharp-project';
import { missingDotnetEntry } from './dotnet-entry';
import { DotnetOptions } from './dotnet-options';
import { changeOfLock, lockFilesIn, withPlatform } from './lock-files';
import { CompiledLanguage, CompiledRequest, CompiledSource, ToolError } from '../compiled/compiled-language';
import { ProjectCopy } from '../compiled/project-copy';
import { findOnPath, Steps, Tool, ToolCall } from '../tools/tool';

/** The frameworks that have a managed runtime of Lambda. */
const RUNTIMES: { readonly [framework: string]: string } = { 'net8.0': 'dotnet8', 'net10.0': 'dotnet10' };

interface DotnetSource extends CompiledSource {
  readonly framework: string;
  /** Whether the project builds for many frameworks, so that the one has to be named. */
  readonly hasMany: boolean;
}

/** Handlers in C#: each project becomes one asset, published for the architecture of its functions. */
export const DOTNET: CompiledLanguage<DotnetSource> = {
  name: 'C#',
  bundling: 'dotnet',
  find: findProject,
  inputs: ({ manifest, framework, request }) => ({
    files: inputsOfCsharp(readCsharpProject(manifest)), settings: [basename(manifest), framework, ...argumentsOf(request.options)],
  }),
  toolIdentity: () => {
    const { command, identity } = findDotnet();
    const sdks = join(command, '..', 'sdk');
    return `${identity} ${existsSync(sdks) ? readdirSync(sdks).sort().join(' ') : ''}`;
  },
  batch: ({ manifest, runtime, request }) => JSON.stringify([manifest, runtime, request.architecture, request.options]),
  build: publish,
  missingEntry: ({ entry }, asset) => missingDotnetEntry(entry, asset),
};

function findProject(request: CompiledRequest): DotnetSource {
  const { handler, srcDir, options } = request;
  const quoted = `handler \`${JSON.stringify(handler)}\``;
  if (!/^[^:]+(::[^:]+::[^:]+)?$/.test(handler)) {
    throw new Error(`${quoted} does not name an assembly, a type and a method: write \`"Chat::Chat.Say::Handle"\`, or the assembly alone if it has a \`Main\` that polls by itself`);
  }
  const manifest = nearestProject(quoted, srcDir);
  refuseOtherLanguages(quoted, manifest);
  const project = readCsharpProject(manifest);
  if (itemsOf(project, 'PackageReference').some(({ include }) => include.toLowerCase() === 'amazon.cdk.lib')) {
    throw new Error(`${quoted} is looked up in \`${shown(manifest)}\`, which depends on Amazon.CDK.Lib, so it is the project of the CDK app and not of the function: ` +
      'put the handlers into a project of their own, and name its folder with `srcPath`');
  }
  const { properties } = options as DotnetOptions;
  if (!handler.includes('::') && !/^(win)?exe$/i.test(propertyOf(project, 'OutputType', properties) ?? defaultOutput(project))) {
    throw new Error(`${quoted} names only an assembly, and \`${shown(manifest)}\` is a class library: write the type and the method too, such as \`${JSON.stringify(`${handler}::${handler}.Function::Handle`)}\``);
  }
  return { request, entry: handler, project: project.folder, manifest, ...frameworkOf(quoted, project, request) };
}

/** What a project builds that does not say it. */
function defaultOutput({ file, files }: CsharpProject): string {
  const own = files.find((one) => one.file === file)!;
  return /^Microsoft\.NET\.Sdk\.(Web|Worker)\b/i.test(own.xml.attributes.Sdk ?? '') ? 'Exe' : 'Library';
}

/** The project in the folder, or in the nearest one upwards that has one. */
function nearestProject(quoted: string, srcDir: string): string {
  for (let directory = srcDir; ; directory = dirname(directory)) {
    const projects = existsSync(directory) ? projectsIn(directory) : [];
    if (projects.length > 1) {
      throw new Error(`${quoted} is looked up in \`${shown(directory)}\`, which has ${projects.length} projects, ` +
        `${projects.map((file) => `\`${basename(file)}\``).join(' and ')}: give each a folder of its own`);
    }
    if (projects.length === 1) { return projects[0]; }
    if (directory === dirname(directory)) { break; }
  }
  const below = projectsBelow(srcDir).map((file) => `\`${JSON.stringify(shown(dirname(file)))}\``);
  throw new Error(`${quoted} is in C#, and there is no \`.csproj\` in \`${srcDir}\` or above it: name the folder of the project with \`srcPath\`` +
    (below.length === 0 ? ', or give what you built as `code: Code.fromAsset(…)` with a `runtime`' : `, such as ${below.join(' or ')}`));
}

function projectsBelow(folder: string, depth = 3): string[] {
  if (depth === 0 || !existsSync(folder)) { return []; }
  const folders = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^\.|^(node_modules|bin|obj|cdk\.out)$/.test(entry.name)).map(({ name }) => join(folder, name));
  return folders.flatMap((one) => [...projectsIn(one), ...projectsBelow(one, depth - 1)]);
}

function refuseOtherLanguages(quoted: string, manifest: string) {
  const language = manifest.endsWith('.fsproj') ? 'F#' : manifest.endsWith('.vbproj') ? 'Visual Basic' : undefined;
  if (language === undefined) { return; }
  const project = readCsharpProject(manifest);
  throw new Error(`${quoted} is in a project of ${language}, \`${shown(manifest)}\`, and of .NET only C# is built here: ${publishYourself(manifest, propertyOf(project, 'TargetFramework') ?? '')}`);
}

/** The way that always works. */
function publishYourself(manifest: string, framework: string): string {
  const runtime = RUNTIMES[framework];
  const folder = `${shown(dirname(manifest))}/publish`;
  return `run \`dotnet publish -c Release -o ${folder}\`, and write \`code: Code.fromAsset('${folder}')\` and ` +
    `\`runtime: Runtime.${(runtime ?? 'dotnet10').toUpperCase().replace('DOTNET', 'DOTNET_')}\``;
}

function frameworkOf(quoted: string, project: CsharpProject, { runtime, options }: CompiledRequest): Pick<DotnetSource, 'framework' | 'hasMany' | 'runtime'> {
  const { properties } = options as DotnetOptions;
  const one = propertyOf(project, 'TargetFramework', properties);
  const all = one ? [one] : (propertyOf(project, 'TargetFrameworks', properties) ?? '').split(';').map((name) => name.trim()).filter((name) => name !== '');
  const file = `\`${shown(project.file)}\``;
  if (all.length === 0 || all.some((name) => name.includes('$('))) {
    throw new Error(`${quoted}: ${file} has no \`TargetFramework\` that can be read without building it: write \`<TargetFramework>net10.0</TargetFramework>\` into it or into a Directory.Build.props`);
  }
  if (runtime) {
    const wanted = runtime.replace('dotnet', 'net');
    const framework = all.find((name) => name === wanted || name === `${wanted}.0`);
    if (framework === undefined) {
      throw new Error(`${quoted}: ${file} is for ${all.map((name) => `\`${name}\``).join(' and ')}, which the runtime \`${runtime}\` does not run: ` +
        'leave `runtime` out, or set `<TargetFramework>` to the one that it runs');
    }
    return { framework, hasMany: all.length > 1, runtime };
  }
  const framework = all.filter((name) => name in RUNTIMES).sort((a, b) => parseFloat(b.slice(3)) - parseFloat(a.slice(3)))[0];
  if (framework === undefined) {
    const own = `${shown(project.folder)}/publish`;
    throw new Error(`${quoted}: ${file} is for ${all.map((name) => `\`${name}\``).join(' and ')}, and Lambda has managed runtimes for ${Object.keys(RUNTIMES).map((name) => `\`${name}\``).join(' and ')}: ` +
      'set `<TargetFramework>` to one of them; or publish it self-contained as an executable named `bootstrap`, and write ' +
      `\`code: Code.fromAsset('${own}')\` and \`runtime: Runtime.PROVIDED_AL2023\``);
  }
  return { framework, hasMany: all.length > 1, runtime: RUNTIMES[framework] };
}

function findDotnet(): Tool {
  const dotnet = findOnPath('dotnet');
  if (!dotnet) {
    throw new Error('the handler is in C#, and there is no `dotnet` on the PATH: install the .NET SDK, or give what you published as `code: Code.fromAsset(…)` with a `runtime`');
  }
  return dotnet;
}

function argumentsOf({ properties = {} }: DotnetOptions): string[] {
  return Object.entries(properties).sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, value]) => `-p:${name}=${value.replace(/[;,%]/g, escaped)}`);
}

/** As MSBuild writes what would end a value. */
function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** Publishes a copy: a restore for another platform rewrites lock files, also of other projects. */
function* publish([source]: DotnetSource[], [folder]: string[]): Steps {
  const { manifest, request } = source;
  const files = inputsOfCsharp(readCsharpProject(manifest));
  const copy = new ProjectCopy(files, join(dirname(folder), 'project'));
  packageFolders(files).forEach((path) => copy.link(path));
  const platform = request.architecture === 'arm64' ? 'linux-arm64' : 'linux-x64';
  const locks = lockFilesIn(files).map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  const call = publishCall(source, platform, copy, folder);
  locks.forEach(({ file, text }) => writeFileSync(copy.at(file), withPlatform(text, platform)));
  let result = yield call;
  if (!result.ok && locks.length > 0 && /error NU110\d/.test(result.stdout)) {
    // Packages that only the platform needs are in no lock file for all platforms.
    locks.forEach(({ file, text }) => writeFileSync(copy.at(file), text));
    result = yield { ...call, args: [...call.args, '-p:RestoreLockedMode=false'] };
  }
  if (!result.ok) {
    const message = readable(copy.original(`${result.stdout}\n${result.complaint}`));
    throw new ToolError('dotnet', message, adviceFor(message));
  }
  locks.forEach(({ file, text }) => {
    const change = changeOfLock(text, readFileSync(copy.at(file), 'utf8'));
    if (change !== undefined) {
      throw new Error(`\`${shown(file)}\` says ${change}: it is older than the project, or not for \`${platform}\`. ` +
        `Write \`<RuntimeIdentifiers>${platform}</RuntimeIdentifiers>\` into the project, and run \`dotnet restore\``);
    }
  });
  copy.remove();
}

function publishCall(
  { manifest, framework, hasMany, request }: DotnetSource, platform: string, copy: ProjectCopy, folder: string,
): ToolCall {
  return {
    command: findDotnet().command,
    args: [
      'publish', copy.at(manifest), '--configuration', 'Release', '--output', folder, '--nologo', '--verbosity', 'quiet',
      '--runtime', platform, '--self-contained', 'false',
      ...hasMany ? ['--framework', framework] : [],
      '-p:UseAppHost=false', '-p:GenerateRuntimeConfigurationFiles=true',
      // What is not native runs on every machine, so that the local gateway can run it.
      '-p:PlatformTarget=AnyCPU',
      // The same bytes from every folder and commit.
      '-p:IncludeSourceRevisionInInformationalVersion=false', `-p:PathMap=${copy.root}=/_`,
      ...argumentsOf(request.options),
    ],
    cwd: copy.at(dirname(manifest)),
    environment: { DOTNET_NOLOGO: '1', MSBUILDTERMINALLOGGER: 'off' },
  };
}

/** The errors, each once, without the project that each line ends with. */
function readable(output: string): string {
  const lines = output.split(/\r?\n/).map((line) => line.trim().replace(/ \[[^\]]*proj(::TargetFramework=[^\]]*)?\]$/, ''));
  const errors = lines.filter((line) => /(: |^)error\b/i.test(line));
  return [...new Set(errors.length > 0 ? errors : lines)].join('\n').trim();
}

function adviceFor(message: string): string {
  if (/NU1004/.test(message)) { return 'The lock file is older than the project, and the project wants it as it is: run `dotnet restore --force-evaluate`'; }
  return /NU1301|NU1101.*offline|Unable to load the service index/.test(message)
    ? 'Packages are missing, and there is no network: run `dotnet restore` where there is one' : '';
}

function shown(path: string): string {
  return relative(process.cwd(), path).split(sep).join('/') || '.';
}
