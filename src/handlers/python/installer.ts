import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Packages } from './packages';
import { uvEnvironment } from './pip-settings';
import { findPip, findPython, findUv, ISOLATED } from './pythons';

/** What packages are installed for. */
export interface Target {
  readonly runtime: Runtime;
  readonly architecture: Architecture;
  /** Packages that may be built on this machine. */
  readonly buildFromSource: string[];
}

/** The command lines of a tool that installs packages. They run in a temporary folder, which holds the files that they name. */
export interface Installer {
  readonly name: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Whether packages that exist as source only are built before the install. */
  readonly buildsAhead: boolean;
  /** @param what the options that say what to install */
  install(target: Target, outputDir: string, what: string[]): string[];
  buildProject(path: string, wheels: string): string[];
  buildPackage(name: string, requirements: string, constraints: string, wheels: string): string[];
  /** Prints a `pylock.toml` with the packages of a project that come from an index. */
  exportLock(root: string, packageName: string, localNames: string[]): string[];
}

/** Prefers uv, which is faster and reads more; pip if there is no uv. */
export function chooseInstaller({ manifest, onlyUv }: Packages): Installer {
  const uv = findUv();
  if (uv) { return uvInstaller(uv); }
  if (onlyUv) { throw new Error(`\`${manifest}\` cannot be installed: it has ${onlyUv}, and there is no \`uv\` on the PATH; install it, or write a requirements.txt`); }
  const pip = findPip();
  if (pip) { return pipInstaller(pip); }
  throw new Error(`\`${manifest}\` cannot be installed: there is neither \`uv\` nor \`python3\` with pip on the PATH; install one of them`);
}

/** What a tool writes is read here. Many set `FORCE_COLOR` in their builds, which would put colours even into the files that uv writes. */
const NO_COLOR = { NO_COLOR: '1', FORCE_COLOR: undefined, CLICOLOR_FORCE: undefined };

function uvInstaller(uv: string): Installer {
  const python = findPython();
  // Otherwise uv would use the Python of a virtual environment that it finds in the project.
  const interpreter = python ? ['--python', python] : [];
  return {
    name: 'uv',
    environment: {
      ...uvEnvironment(),
      ...NO_COLOR,
      // The copy that is built has no git history to take a version from.
      SETUPTOOLS_SCM_PRETEND_VERSION: process.env.SETUPTOOLS_SCM_PRETEND_VERSION ?? '0',
    },
    buildsAhead: false,
    install: ({ runtime, architecture, buildFromSource }, outputDir, what) => [
      uv, 'pip', 'install', '--quiet', '--target', outputDir, ...interpreter,
      '--only-binary', ':all:', ...buildFromSource.flatMap((name) => ['--no-binary', name]),
      '--python-version', versionOf(runtime), '--python-platform', `${machineOf(architecture)}-${glibcOf(runtime) === 17 ? 'manylinux2014' : `manylinux_2_${glibcOf(runtime)}`}`,
      ...what,
    ],
    buildProject: (path, wheels) => [uv, 'build', '--quiet', '--wheel', '--no-sources', ...interpreter, '--out-dir', wheels, '--', path],
    buildPackage: () => { throw new Error('uv builds while it installs'); },
    exportLock: (root, packageName, localNames) => [
      uv, 'export', '--quiet', '--project', root, '--frozen', '--no-default-groups', '--no-emit-project', ...interpreter,
      '--package', packageName, ...localNames.flatMap((name) => ['--no-emit-package', name]), '--format', 'pylock.toml',
    ],
  };
}

/** Has pip fetch what builds a wheel. Older versions of it otherwise expect this machine to have the package `wheel`. */
const ISOLATED_BUILD = '--use-pep517';

function pipInstaller(python: string): Installer {
  const pip = (command: string) => [python, ...ISOLATED, '-m', 'pip', command, '--quiet', '--disable-pip-version-check'];
  return {
    name: 'pip',
    environment: {
      ...NO_COLOR,
      SETUPTOOLS_SCM_PRETEND_VERSION: process.env.SETUPTOOLS_SCM_PRETEND_VERSION ?? '0',
      // The user's settings may demand a virtual environment, or another target.
      PIP_REQUIRE_VIRTUALENV: '0',
      PIP_USER: '0',
      PIP_TARGET: undefined,
      PIP_PREFIX: undefined,
      PIP_NO_INPUT: '1',
    },
    buildsAhead: true,
    install: ({ runtime, architecture }, outputDir, what) => [
      ...pip('install'), '--root-user-action', 'ignore', '--no-compile', '--target', outputDir,
      '--only-binary', ':all:', '--implementation', 'cp', '--python-version', versionOf(runtime), ...platforms(runtime, architecture), ...what,
    ],
    buildProject: (path, wheels) => [...pip('wheel'), ISOLATED_BUILD, '--no-deps', '--wheel-dir', wheels, '--', path],
    buildPackage: (name, requirements, constraints, wheels) => [
      ...pip('wheel'), ISOLATED_BUILD, '--no-deps', '--no-binary', name, '--wheel-dir', wheels, '--requirement', requirements, '--constraint', constraints,
    ],
    exportLock: () => { throw new Error('only uv reads its lock'); },
  };
}

function versionOf(runtime: Runtime): string {
  return runtime.name.replace('python', '');
}

function machineOf(architecture: Architecture): string {
  return architecture.name === Architecture.ARM_64.name ? 'aarch64' : 'x86_64';
}

/**
 * The newest `manylinux_2_…` that runs. Runtimes since Python 3.12 use Amazon Linux 2023, which has glibc 2.34. Older ones use Amazon
 * Linux 2, which has 2.26; uv has no platform for it, and the next one down is 2.17.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */
function glibcOf(runtime: Runtime): number {
  return Number(versionOf(runtime).split('.')[1]) >= 12 ? 34 : 17;
}

/** pip wants each platform by name: a newer one does not imply the older ones. */
function platforms(runtime: Runtime, architecture: Architecture): string[] {
  const versions = Array.from({ length: glibcOf(runtime) - 4 }, (_, index) => `_2_${glibcOf(runtime) - index}`);
  return [...versions, '2014', '2010', '1'].flatMap((version) => ['--platform', `manylinux${version}_${machineOf(architecture)}`]);
}
