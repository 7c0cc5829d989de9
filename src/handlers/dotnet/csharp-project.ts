import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { filesBelow } from '../compiled/project-files';
import { elementsAt, parseXml, XmlElement } from '../compiled/xml';

/** A `*.csproj` with what is imported into it, as far as that can be read without MSBuild. */
export interface CsharpProject {
  readonly file: string;
  readonly folder: string;
  /** Its own file, and those that are imported, in the order in which they count. */
  readonly files: Array<{ readonly file: string; readonly xml: XmlElement }>;
}

/** Files above a project that MSBuild, the SDK and NuGet look for. */
const ABOVE = [
  'Directory.Build.props', 'Directory.Build.targets', 'Directory.Build.rsp', 'Directory.Packages.props', 'global.json',
  'nuget.config', 'NuGet.config', 'NuGet.Config', '.editorconfig', '.globalconfig',
];

export function readCsharpProject(file: string): CsharpProject {
  const folder = dirname(file);
  const props = nearest(folder, 'Directory.Build.props');
  const targets = nearest(folder, 'Directory.Build.targets');
  const files: Array<{ file: string; xml: XmlElement }> = [];
  const seen = new Set<string>();
  const add = (one: string) => {
    if (seen.has(one) || !existsSync(one)) { return; }
    // Files may import each other: MSBuild takes each once.
    seen.add(one);
    const xml = parseXml(readFileSync(one, 'utf8'));
    importsOf(xml, one).forEach(add);
    files.push({ file: one, xml });
  };
  [props, file, targets].forEach((one) => { if (one !== undefined) { add(one); } });
  return { file, folder, files };
}

/** The projects of a folder, of any language. */
export function projectsIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => /\.(cs|fs|vb)proj$/.test(name)).map((name) => join(folder, name));
}

/** The value of a property: the last one written counts, as long as it has no condition. */
export function propertyOf(project: CsharpProject, name: string, given: { [name: string]: string } = {}, depth = 0): string | undefined {
  const text = given[name] ?? project.files.flatMap(({ xml }) => elementsAt(xml, 'PropertyGroup')
    .filter(({ attributes }) => attributes.Condition === undefined)
    .flatMap((group) => elementsAt(group, name)).filter(({ attributes }) => attributes.Condition === undefined)).at(-1)?.text.trim();
  if (text === undefined || text === '' || depth > 10) { return undefined; }
  return text.replace(/\$\((\w+)\)/g, (whole, other) => propertyOf(project, other, given, depth + 1) ?? whole);
}

/** The values of `Include` of items of that kind. */
export function itemsOf({ files }: CsharpProject, ...kinds: string[]): Array<{ include: string; file: string }> {
  return files.flatMap(({ file, xml }) => kinds.flatMap((kind) => elementsAt(xml, 'ItemGroup', kind))
    .flatMap(({ attributes }) => (attributes.Include ?? '').split(';').map((include) => ({ include: include.trim(), file })))
    .filter(({ include }) => include !== ''));
}

/** The files that decide what is built: of the project, of those that it refers to, and of the folders above them. */
export function inputsOfCsharp(project: CsharpProject, seen: string[] = []): string[] {
  const referred = itemsOf(project, 'ProjectReference').map(({ include }) => pathFrom(project.folder, include))
    .filter((file) => existsSync(file) && ![...seen, project.file].includes(file));
  return [...new Set([
    ...project.files.map(({ file }) => file),
    ...filesBelow(project.folder, isBuilt),
    ...linkedFiles(project),
    ...filesAbove(project.folder),
    ...referred.flatMap((file) => inputsOfCsharp(readCsharpProject(file), [...seen, project.file])),
  ])];
}

/** The folders that NuGet's configuration names as sources, by relative paths. */
export function packageFolders(files: string[]): string[] {
  return files.filter((file) => /^nuget\.config$/i.test(basename(file))).flatMap((file) => (
    elementsAt(parseXml(readFileSync(file, 'utf8')), 'packageSources', 'add')
      .map(({ attributes }) => attributes.value ?? '')
      .filter((value) => value !== '' && !/^[a-z]+:|^[/\\]/i.test(value))
      .map((value) => pathFrom(dirname(file), value))
      .filter((path) => existsSync(path))));
}

/** What builds leave beside a project, and settings of one user. */
function isBuilt(path: string): boolean {
  const name = basename(path);
  return name === 'TestResults' || name.endsWith('.user')
    || ((name === 'bin' || name === 'obj') && existsSync(dirname(path)) && projectsIn(dirname(path)).length > 0);
}

/** Files elsewhere that a project compiles or carries. */
function linkedFiles(project: CsharpProject): string[] {
  return itemsOf(project, 'Compile', 'Content', 'None', 'EmbeddedResource', 'AdditionalFiles').flatMap(({ include, file }) => {
    const [fixed] = include.split(/[*?]/);
    const path = pathFrom(project.folder, fixed, dirname(file));
    if (!/^\.\.|^\$\(MSBuild/.test(include) || !existsSync(path)) { return []; }
    return statSync(path).isDirectory() ? filesBelow(path, isBuilt) : [path];
  });
}

function importsOf(xml: XmlElement, file: string): string[] {
  return elementsAt(xml, 'Import').map(({ attributes }) => attributes.Project ?? '').filter((path) => path !== '')
    .map((path) => pathFrom(dirname(file), path))
    .filter((path) => existsSync(path) && statSync(path).isFile());
}

function filesAbove(folder: string): string[] {
  const found = ABOVE.map((name) => join(folder, name)).filter((file) => existsSync(file) && statSync(file).isFile());
  return folder === dirname(folder) || existsSync(join(folder, '.git')) ? found : [...found, ...filesAbove(dirname(folder))];
}

function nearest(folder: string, name: string): string | undefined {
  for (let directory = folder; ; directory = dirname(directory)) {
    if (existsSync(join(directory, name))) { return join(directory, name); }
    if (directory === dirname(directory)) { return undefined; }
  }
}

/** A path as projects write it: from their folder, with either kind of slash. */
function pathFrom(folder: string, path: string, fileFolder = folder): string {
  const written = path.replaceAll('\\', '/');
  const ofFile = written.replace(/^\$\(MSBuildThisFileDirectory\)/, '');
  return ofFile === written ? resolve(folder, written.replace(/^\$\(MSBuildProjectDirectory\)\/?/, '')) : resolve(fileFolder, ofFile);
}
