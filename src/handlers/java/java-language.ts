import { cpSync, existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { missingJavaEntry } from './java-entry';
import { MavenOptions } from './maven-options';
import { dependsOn, inputsOfMaven, isGradle, MavenProject, nearestPom, Pom, readMavenProject, releaseOf } from './maven-project';
import { CompiledLanguage, CompiledRequest, CompiledSource, ToolError } from '../compiled/compiled-language';
import { ProjectCopy } from '../compiled/project-copy';
import { elementsAt, textAt } from '../compiled/xml';
import { findOnPath, Steps, Tool, toolAt } from '../tools/tool';

/** Copies the dependencies of a project. One version, unless the project asks for another. */
const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

/** What identifies the wrapper of a project: it is one of the inputs. */
const WRAPPER = 'wrapper';

/** Of managed runtimes of Lambda. */
const NEWEST = { version: 25, runtime: 'java25' };

/** Handlers in Java: each project of Maven becomes one asset, its classes at the root and its dependencies in `lib/`. */
export const JAVA: CompiledLanguage = {
  name: 'Java',
  bundling: 'maven',
  find: findProject,
  inputs: ({ project, request }) => ({ files: inputsOfMaven(readMavenProject(project)), settings: argumentsOf(request.options) }),
  toolIdentity: ({ project }) => {
    const java = process.env.JAVA_HOME ? toolAt(join(process.env.JAVA_HOME, 'bin', process.platform === 'win32' ? 'java.exe' : 'java')) : findOnPath('java');
    return `${findMaven(readMavenProject(project)).identity} ${java?.identity ?? ''}`;
  },
  batch: ({ project, runtime, request }) => JSON.stringify([project, runtime, request.architecture, request.options]),
  build: buildProject,
  missingEntry: ({ entry, runtime }, asset) => missingJavaEntry(entry, versionOf(runtime), asset),
};

function findProject(request: CompiledRequest): CompiledSource {
  const { handler, srcDir } = request;
  const quoted = `handler \`${JSON.stringify(handler)}\``;
  if (!/^[\p{L}_$][\p{L}\p{N}_$]*(\.[\p{L}_$][\p{L}\p{N}_$]*)*(::[\p{L}_$][\p{L}\p{N}_$]*)?$/u.test(handler)) {
    throw new Error(`${quoted} does not name a class and a method: write \`"com.acme.Say::handleRequest"\``);
  }
  const manifest = nearestPom(srcDir);
  if (manifest === undefined) { throw withoutPom(quoted, srcDir); }
  const project = readMavenProject(dirname(manifest));
  refuseOthers(quoted, project);
  return { request, runtime: runtimeFor(quoted, project.pom, request), entry: handler, project: project.pom.folder, manifest };
}

function withoutPom(quoted: string, srcDir: string): Error {
  for (let directory = srcDir; directory !== dirname(directory); directory = dirname(directory)) {
    if (isGradle(directory)) {
      const zip = relative(process.cwd(), join(directory, 'build/distributions/handlers.zip')).split(sep).join('/');
      return new Error(`${quoted} is in a Gradle project, \`${directory}\`, and only Maven projects are built here: build it with Gradle, and write ` +
        `\`code: Code.fromAsset('${zip}')\`, with the zip that your \`buildZip\` task makes, and \`runtime: Runtime.${NEWEST.runtime.toUpperCase().replace('JAVA', 'JAVA_')}\``);
    }
  }
  return new Error(`${quoted} is in Java, and there is no \`pom.xml\` in \`${srcDir}\` or above it: name the folder of the project with \`srcPath\`, ` +
    'or give what you built as `code: Code.fromAsset(…)` with a `runtime`');
}

function refuseOthers(quoted: string, { pom }: MavenProject) {
  const file = shown(pom.file);
  if (dependsOn(pom, 'aws-cdk-lib')) {
    throw new Error(`${quoted} is looked up in \`${file}\`, which depends on aws-cdk-lib, so it is the project of the CDK app and not of the function: ` +
      'put the handlers into a project of their own, and name its folder with `srcPath`');
  }
  if (textAt(pom.xml, 'packaging') === 'pom') {
    const modules = elementsAt(pom.xml, 'modules', 'module').map(({ text }) => `\`${JSON.stringify(shown(resolve(pom.folder, text.trim())))}\``);
    throw new Error(`${quoted} is looked up in \`${file}\`, which has no code of its own: name the module's folder with \`srcPath\`` +
      (modules.length === 0 ? '' : `, such as ${modules.join(' or ')}`));
  }
}

function runtimeFor(quoted: string, pom: Pom, { runtime = NEWEST.runtime, options }: CompiledRequest): string {
  const release = releaseOf(pom, (options as MavenOptions).properties);
  if (release !== undefined && release > versionOf(runtime)) {
    throw new Error(`${quoted}: \`${shown(pom.file)}\` compiles for Java ${release}, which the runtime \`${runtime}\` does not run: ` + (release > NEWEST.version
      ? `set \`<maven.compiler.release>\` to ${NEWEST.version}, the newest that Lambda has, or less`
      : `leave \`runtime\` out, or set \`<maven.compiler.release>\` to ${versionOf(runtime)} or less`));
  }
  return runtime;
}

function versionOf(runtime: string): number {
  return parseInt(runtime.replace('java', ''), 10);
}

/** The wrapper of the project, else the Maven on the PATH. */
function findMaven({ root }: MavenProject): Tool {
  const wrapper = join(root, process.platform === 'win32' ? 'mvnw.cmd' : 'mvnw');
  if (existsSync(wrapper)) { return { command: wrapper, identity: WRAPPER }; }
  const maven = findOnPath('mvn');
  if (!maven) {
    throw new Error(`the handler is in Java, and there is neither a wrapper (\`${shown(wrapper)}\`) nor \`mvn\` on the PATH: install Maven and a JDK, or give what you built as \`code: Code.fromAsset(…)\` with a \`runtime\``);
  }
  return maven;
}

function argumentsOf({ profiles = [], properties = {} }: MavenOptions): string[] {
  return [
    ...profiles.length > 0 ? [`-P${profiles.join(',')}`] : [],
    ...Object.entries(properties).sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, value]) => `-D${name}=${value}`),
  ];
}

/** Builds in a copy: Maven writes beside the sources, and the project stays as it is. */
function* buildProject([source]: CompiledSource[], [folder]: string[]): Steps {
  const project = readMavenProject(source.project);
  const poms = project.reactor.flatMap((pom) => [pom, ...pom.parents]).map(({ file }) => file);
  const copy = new ProjectCopy([...inputsOfMaven(project), ...poms], join(dirname(folder), 'project'));
  const maven = findMaven(project);
  const isWrapper = maven.identity === WRAPPER;
  const called = isWrapper ? copy.at(maven.command) : maven.command;
  // Jars of other modules hold the modes of files, which follow the umask. A wrapper may have lost the mode that lets it run.
  const [command, ...first] = process.platform === 'win32' ? [called] : ['/bin/sh', '-c', `umask 022; exec ${isWrapper ? '/bin/sh ' : ''}"$0" "$@"`, called];
  const { ok, stdout, complaint } = yield {
    command,
    args: [
      ...first, '--batch-mode', '--no-transfer-progress', '-Dmaven.test.skip=true', '-Dstyle.color=never',
      // Not `--quiet`: it is a warning that a profile does not exist.
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      // Archives of other modules hold the time.
      '-Dproject.build.outputTimestamp=1980-01-01T00:00:02Z',
      ...argumentsOf(source.request.options),
      ...project.root === source.project ? [] : ['--projects', relative(project.root, source.project).split(sep).join('/'), '--also-make'],
      ...goalsFor(project, join(folder, 'lib')),
    ],
    cwd: copy.at(project.root),
  };
  if (!ok) {
    const message = readable(copy.original(stdout.trim() === '' ? complaint : stdout));
    throw new ToolError('Maven', message, adviceFor(message));
  }
  const [, profile] = /The requested profile "(.*?)" could not be activated because it does not exist/.exec(stdout) ?? [];
  if (profile !== undefined) {
    throw new Error(`\`Bundling.maven()\` has the profile \`${JSON.stringify(profile)}\`, which neither \`${shown(source.manifest)}\`, nor a parent, nor Maven's settings have`);
  }
  const classes = join(copy.at(source.project), 'target/classes');
  if (existsSync(classes)) { cpSync(classes, folder, { recursive: true }); }
  copy.remove();
  if (readdirSync(folder).length === 0) {
    throw new Error(`\`${shown(source.manifest)}\` has no code: Maven compiles what is in \`src/main/java\``);
  }
}

/** Other modules are jars in `lib/`, so they have to be packaged first. */
function goalsFor({ pom, needed }: MavenProject, lib: string): string[] {
  const poms = needed.flatMap((one) => [one, ...one.parents]);
  const hasDependencies = poms.some(({ xml }) => elementsAt(xml, 'dependencies', 'dependency').length > 0 || elementsAt(xml, 'profiles').length > 0)
    || elementsAt(pom.xml, 'parent').length > pom.parents.length;
  const hasOwnPlugin = poms.some(({ xml }) => JSON.stringify(elementsAt(xml, 'build')).includes('maven-dependency-plugin'));
  return [
    needed.length > 1 ? 'package' : 'process-classes',
    ...hasDependencies ? [
      `${hasOwnPlugin ? 'dependency' : DEPENDENCY_PLUGIN}:copy-dependencies`, '-DincludeScope=runtime', `-DoutputDirectory=${lib}`,
    ] : [],
  ];
}

/** The message of the compiler with the paths of the project, without Maven's advice on how to run it again. */
function readable(output: string): string {
  const lines = output.replace(/\u001b\[[\d;]*m/g, '').split(/\r?\n/);
  const end = lines.findIndex((line) => /^\[ERROR\] (-> \[Help|To see the full stack trace)/.test(line));
  const message = (end < 0 ? lines : lines.slice(0, end)).filter((line) => !line.startsWith('[WARNING]'));
  return [...new Set(message.map((line) => line.replace(/ -> \[Help \d+\]$/, '')))].join('\n').trim();
}

function adviceFor(message: string): string {
  const [, release] = /release version (\d+) not supported|invalid target release: (\d+)/.exec(message)?.filter((one) => one !== undefined) ?? [];
  if (release !== undefined) {
    return `The JDK that Maven runs on is older than Java ${release}: install one that is not, and name it with \`JAVA_HOME\`; or set \`<maven.compiler.release>\` to the version that it has`;
  }
  return /Could not transfer|Unknown host|UnknownHostException|Connection refused|offline mode|Connect to .* failed|Network is unreachable/i.test(message)
    ? 'Dependencies or plugins are missing, and there is no network: build once where there is one' : '';
}

function shown(path: string): string {
  return relative(process.cwd(), path).split(sep).join('/') || '.';
}
