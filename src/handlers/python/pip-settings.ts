import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Variables that set uv's indexes. If one is set, pip's settings do not count. */
const UV_VARIABLES = ['UV_DEFAULT_INDEX', 'UV_INDEX', 'UV_INDEX_URL', 'UV_EXTRA_INDEX_URL', 'UV_FIND_LINKS', 'UV_NO_INDEX', 'UV_CONFIG_FILE'];

/** pip's settings, and uv's variables for them. In pip, spaces separate the items of a list. */
const IN_UV: Array<[setting: string, variable: string, separator: string]> = [
  ['index-url', 'UV_DEFAULT_INDEX', ' '],
  ['extra-index-url', 'UV_INDEX', ' '],
  ['find-links', 'UV_FIND_LINKS', ','],
  ['trusted-host', 'UV_INSECURE_HOST', ' '],
  ['keyring-provider', 'UV_KEYRING_PROVIDER', ' '],
  ['cert', 'SSL_CERT_FILE', ' '],
  ['client-cert', 'SSL_CLIENT_CERT', ' '],
  ['proxy', 'ALL_PROXY', ' '],
];

/** pip's settings for all users of a machine. */
const OF_MACHINE = process.platform === 'win32'
  ? [join(process.env.PROGRAMDATA ?? '', 'pip', 'pip.ini')]
  : ['/etc/xdg/pip/pip.conf', '/etc/pip.conf', '/Library/Application Support/pip/pip.conf'];

/**
 * The environment that makes uv use pip's indexes. Users of a private index often configure only pip. uv would then ask the public index,
 * which may have someone else's package under the same name.
 *
 * @see https://pip.pypa.io/en/stable/topics/configuration/
 */
export function uvEnvironment(environment: NodeJS.ProcessEnv = process.env, ofMachine = OF_MACHINE): NodeJS.ProcessEnv {
  const settings = pipSettings(environment, ofMachine);
  const told = UV_VARIABLES.some((name) => environment[name]) || uvHasIndexes(environment);
  const added: NodeJS.ProcessEnv = {};
  for (const [setting, variable, separator] of IN_UV) {
    const value = settings.get(setting);
    const isIndex = ['index-url', 'extra-index-url', 'find-links'].includes(setting);
    if (value && !environment[variable] && !(told && isIndex)) {
      added[variable] = value.split(/\s+/).join(separator);
    }
  }
  if (!told && /^(1|true|yes|on)$/i.test(settings.get('no-index') ?? '')) { added.UV_NO_INDEX = '1'; }
  return added;
}

/** pip's settings: files of the machine, of the user, of the virtual environment; then variables. Later ones win. */
function pipSettings(environment: NodeJS.ProcessEnv, ofMachine: string[]): Map<string, string> {
  const settings = new Map<string, string>();
  // If the variable names the null device, pip reads no file at all.
  const isNull = /^(\/dev\/null|nul)$/i.test(environment.PIP_CONFIG_FILE ?? '');
  for (const file of isNull ? [] : [...ofMachine, ...settingsFiles(environment)]) {
    const sections = existsSync(file) ? sectionsOf(readFileSync(file, 'utf8')) : new Map<string, Map<string, string>>();
    for (const section of ['global', 'install']) {
      sections.get(section)?.forEach((value, name) => settings.set(name, value));
    }
  }
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith('PIP_') && value) { settings.set(name.slice(4).toLowerCase().replace(/_/g, '-'), value); }
  }
  return settings;
}

function settingsFiles(environment: NodeJS.ProcessEnv): string[] {
  const { PIP_CONFIG_FILE, APPDATA, VIRTUAL_ENV, HOME = homedir(), XDG_CONFIG_HOME } = environment;
  const files = process.platform === 'win32'
    ? [join(HOME, 'pip', 'pip.ini'), join(APPDATA ?? '', 'pip', 'pip.ini')]
    : [
      join(HOME, '.pip', 'pip.conf'), join(HOME, 'Library', 'Application Support', 'pip', 'pip.conf'),
      join(XDG_CONFIG_HOME ?? join(HOME, '.config'), 'pip', 'pip.conf'),
    ];
  const ofEnvironment = VIRTUAL_ENV && join(VIRTUAL_ENV, process.platform === 'win32' ? 'pip.ini' : 'pip.conf');
  return [...files, PIP_CONFIG_FILE, ofEnvironment].filter((file): file is string => Boolean(file));
}

function sectionsOf(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  let name: string | undefined;
  for (const line of text.split(/\r?\n/).filter((one) => !/^\s*([#;]|$)/.test(one))) {
    const header = /^\[([^\]]+)\]/.exec(line)?.[1];
    const [, key, value] = /^([\w.-]+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (header !== undefined) {
      section = sections.get(header) ?? new Map();
      sections.set(header, section);
      name = undefined;
    } else if (/^\s/.test(line) && name !== undefined) {
      section.set(name, `${section.get(name)} ${line.trim()}`.trim());
    } else if (key !== undefined) {
      name = key.toLowerCase().replace(/_/g, '-');
      section.set(name, value);
    }
  }
  return sections;
}

function uvHasIndexes({ APPDATA, HOME = homedir(), XDG_CONFIG_HOME }: NodeJS.ProcessEnv): boolean {
  const folders = process.platform === 'win32' ? [APPDATA ?? ''] : [XDG_CONFIG_HOME ?? join(HOME, '.config'), '/etc'];
  return folders.map((folder) => join(folder, 'uv', 'uv.toml'))
    .some((file) => existsSync(file) && /^\s*(\[\[\s*index\s*\]\]|(index|(extra-)?index-url|no-index|find-links)\s*=)/m.test(readFileSync(file, 'utf8')));
}
