import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fingerprintOf, projectKey, withLocalDependencies } from './local-project';
import { LocalProject, nameOf, Packages } from './packages';

const ARCHIVE = /\.(zip|tar\.gz|tgz|tar\.bz2|tar\.xz)$/i;

/**
 * The packages of a `requirements.txt`, and everything that it refers to: other files, local projects, wheels and folders of wheels.
 *
 * @see https://pip.pypa.io/en/stable/reference/requirements-file-format/
 */
export function readRequirements(file: string): Packages {
  const reader = new RequirementsReader(dirname(file));
  reader.read(file, reader.requirements);
  const projects = withLocalDependencies(reader.projects);
  return {
    manifest: file,
    requirements: reader.requirements,
    constraints: reader.constraints,
    projects,
    names: reader.requirements.flatMap((line) => nameOf(line) ?? []),
    complete: false,
    key: [...reader.texts, ...reader.files.map(fingerprintOf), ...projects.map(projectKey)],
  };
}

/** The packages of a list of requirements, such as the dependencies in a `pyproject.toml`. */
export function readRequirementList(manifest: string, list: string[]): Packages {
  for (const requirement of list) {
    // pip and uv would take it, or the line after a break, as an option, and install from another index, say.
    if (/^\s*-|[\r\n]/.test(requirement)) {
      throw new Error(`\`${manifest}\` has the dependency \`${JSON.stringify(requirement)}\`, which is not a requirement: write \`name\`, \`name>=1.2\` or \`name @ https://…\``);
    }
  }
  const reader = new RequirementsReader(dirname(manifest));
  list.forEach((requirement) => reader.addRequirement(requirement, manifest, dirname(manifest), reader.requirements));
  const projects = withLocalDependencies(reader.projects);
  return {
    manifest,
    requirements: reader.requirements,
    constraints: [],
    projects,
    names: reader.requirements.flatMap((line) => nameOf(line) ?? []),
    complete: false,
    key: [...list, ...reader.files.map(fingerprintOf), ...projects.map(projectKey)],
  };
}

class RequirementsReader {
  public readonly requirements: string[] = [];
  public readonly constraints: string[] = [];
  public readonly projects: LocalProject[] = [];
  /** Wheels, and the files in folders of wheels. */
  public readonly files: string[] = [];
  /** The contents of the files, unresolved: they are the same on every machine. */
  public readonly texts: string[] = [];
  private readonly reading: string[] = [];

  /** @param start the folder that paths are relative to, as if pip were called there */
  constructor(private readonly start: string) {}

  public read(file: string, lines: string[]) {
    if (this.reading.includes(file)) { return; }
    this.reading.push(file);
    const text = textOf(file);
    this.texts.push(text);
    for (const line of logicalLines(text)) {
      if (line.startsWith('-')) {
        optionsIn(line).forEach((option) => this.addOption(option, file, lines));
      } else {
        this.addRequirement(line, file, dirname(file), lines);
      }
    }
    this.reading.pop();
  }

  public addRequirement(line: string, file: string, folder: string, lines: string[]) {
    const [, target, extras = '', rest] = /^(.*?)(\[[^\]]*\])?(\s*(?:;.*|\s--.*)?)$/.exec(line)!;
    const named = /^[\w.-]+(\s*\[[^\]]*\])?\s*@\s*(file:[^;\s]+)/.exec(line);
    const path = named ? named[2] : target.trim();
    if (!named && !isPath(path)) {
      lines.push(line);
      return;
    }
    const local = this.resolveLocal(path, folder);
    if (!local) { throw new Error(`\`${file}\` leads to \`${path}\`, which does not exist`); }
    const wanted = named?.[1]?.trim() ?? extras;
    if (statSync(local).isDirectory() || ARCHIVE.test(local)) {
      const marker = /;.*/.exec(named ? line : rest)?.[0] ?? '';
      this.projects.push({ path: local, extras: wanted, marker });
    } else {
      this.files.push(local);
      lines.push(`${local}${wanted}${rest}`);
    }
  }

  private addOption(line: string, file: string, lines: string[]) {
    const [, long, short, value = ''] = /^(?:(--[\w-]+)(?:\s*=\s*|\s+)|(-[a-zA-Z])\s*=?\s*)(.*)/.exec(line) ?? [];
    switch (long ?? short) {
      case '-r': case '--requirement':
        return this.include(value, file, lines);
      case '-c': case '--constraint':
        return this.include(value, file, this.constraints);
      case '-e': case '--editable':
        // An editable install would refer to a path on this machine.
        return this.addRequirement(value, file, dirname(file), lines);
      case '-f': case '--find-links': case '-i': case '--index-url': case '--extra-index-url':
        return lines.push(`${longName(long ?? short)} ${this.place(value, file)}`);
      default:
        return lines.push(line);
    }
  }

  private include(value: string, file: string, lines: string[]) {
    const path = withEnvironment(value);
    if (isUrl(path) && !path.startsWith('file:')) {
      lines.push(`${lines === this.constraints ? '-c' : '-r'} ${value}`);
      return;
    }
    const included = path.startsWith('file:') ? pathOf(path) : resolve(dirname(file), path);
    if (!existsSync(included)) { throw new Error(`\`${file}\` leads to \`${value}\`, which does not exist`); }
    this.read(included, lines);
  }

  /** A place that holds packages. If it is on this machine, its contents are part of the hash. */
  private place(value: string, file: string): string {
    const folder = this.resolveLocal(value, dirname(file));
    if (!folder) { return value; }
    this.files.push(...filesBelow(folder));
    return value.startsWith('file:') ? value : folder;
  }

  /** Paths are relative to the folder that the tool is called in, or to the file. */
  private resolveLocal(value: string, folder: string): string | undefined {
    const path = withEnvironment(value);
    const candidates = path.startsWith('file:') ? [pathOf(path)] : [resolve(this.start, path), resolve(folder, path)];
    return candidates.find((candidate) => existsSync(candidate));
  }
}

/** A line may have several options. Those behind an editable project are its own. */
function optionsIn(line: string): string[] {
  return /^(-e|--editable)/.test(line) ? [line] : line.split(/\s+(?=-)/);
}

function longName(option: string): string {
  return { '-f': '--find-links', '-i': '--index-url' }[option] ?? option;
}

function isUrl(value: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(value);
}

/** Both `file:/path` and `file:///path` are in use. */
function pathOf(url: string): string {
  return fileURLToPath(url.replace(/^file:(?!\/\/)/, 'file://'));
}

function isPath(target: string): boolean {
  if (/^(\.{1,2}$|[/\\]|file:)/.test(target)) { return true; }
  return !isUrl(target) && (/^[^@<>=!~;\s]+[/\\]/.test(target) || /^\S+\.whl$/.test(target));
}

function filesBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) { return [path]; }
  const names = readdirSync(path, { recursive: true }) as string[];
  return names.map((name) => join(path, name)).filter((file) => statSync(file).isFile()).sort();
}

function withEnvironment(value: string): string {
  return value.replace(/\$\{([A-Z0-9_]+)\}/g, (reference, name) => process.env[name] ?? reference);
}

/** PowerShell writes UTF-16. */
function textOf(file: string): string {
  const bytes = readFileSync(file);
  return (bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString('utf16le') : bytes.toString('utf8')).replace(/^\ufeff/, '');
}

/** Lines without comments. A backslash at the end joins a line with the next one, but for a line that is all comment. */
function logicalLines(text: string): string[] {
  return text.replace(/\r\n?/g, '\n').replace(/^[^\S\n]*#.*$/gm, '').replace(/\\\n/g, ' ').split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}
