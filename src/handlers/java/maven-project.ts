import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { filesBelow } from '../compiled/project-files';
import { elementsAt, parseXml, textAt, XmlElement } from '../compiled/xml';

/** A `pom.xml`, as far as it decides what is built. */
export interface Pom {
  readonly file: string;
  readonly folder: string;
  readonly xml: XmlElement;
  /** The parents that are on this machine, the nearest first. */
  readonly parents: Pom[];
}

/** A project of Maven, and the build of many projects that it is part of. */
export interface MavenProject {
  readonly pom: Pom;
  /** The folder that the build starts in: of the topmost parent that builds this project too. */
  readonly root: string;
  /** All projects that the build at the root knows. */
  readonly reactor: Pom[];
  /** Those of them whose code goes into this project: itself first. */
  readonly needed: Pom[];
}

/** The nearest `pom.xml` upwards; not one above a project of Gradle. */
export function nearestPom(folder: string): string | undefined {
  for (let directory = folder; ; directory = dirname(directory)) {
    if (existsSync(join(directory, 'pom.xml'))) { return join(directory, 'pom.xml'); }
    if (directory === dirname(directory) || isGradle(directory)) { return undefined; }
  }
}

export function isGradle(folder: string): boolean {
  return ['build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts'].some((name) => existsSync(join(folder, name)));
}

export function readMavenProject(folder: string): MavenProject {
  const pom = readPom(join(folder, 'pom.xml'));
  const top = pom.parents.filter((parent) => reactorOf(parent).some(({ file }) => file === pom.file)).at(-1) ?? pom;
  const reactor = reactorOf(top);
  const needed: Pom[] = [];
  const need = (one: Pom) => {
    if (needed.some(({ file }) => file === one.file)) { return; }
    needed.push(one);
    [one, ...one.parents].flatMap(({ xml }) => elementsAt(xml, 'dependencies', 'dependency')).forEach((dependency) => {
      const module = reactor.find((other) => textAt(other.xml, 'artifactId') === textAt(dependency, 'artifactId')
        && groupOf(other) === expanded(one, textAt(dependency, 'groupId') ?? ''));
      if (module) { need(module); }
    });
  };
  need(pom);
  return { pom, root: top.folder, reactor, needed };
}

/** The files that decide what is built. */
export function inputsOfMaven({ root, needed }: MavenProject): string[] {
  const poms = needed.flatMap((pom) => [pom, ...pom.parents]);
  return [...new Set([
    ...poms.map(({ file }) => file),
    ...needed.flatMap(sourcesOf),
    ...filesBelow(join(root, '.mvn')),
    ...['mvnw', 'mvnw.cmd'].map((name) => join(root, name)).filter((file) => existsSync(file)),
  ])];
}

/** The folders that a project is compiled from. */
export function sourceFolders(pom: Pom): string[] {
  const own = [pom, ...pom.parents].flatMap(({ xml }) => elementsAt(xml, 'build').flatMap((build) => [
    ...elementsAt(build, 'sourceDirectory'), ...elementsAt(build, 'resources', 'resource', 'directory'),
  ])).map(({ text }) => resolve(pom.folder, text.trim().replace(/^\$\{(project\.)?basedir\}\/?/, '')));
  return [...new Set([join(pom.folder, 'src/main'), ...own])];
}

function sourcesOf(pom: Pom): string[] {
  return [
    ...sourceFolders(pom).flatMap((folder) => filesBelow(folder, (path) => path === join(pom.folder, 'target') || path === join(pom.folder, 'src/test'))),
    ...['lombok.config'].map((name) => join(pom.folder, name)).filter((file) => existsSync(file)),
  ];
}

/** What a property or another value of a `pom.xml` comes to, as far as it is written in it or its parents. */
export function expanded(pom: Pom, value: string, depth = 0): string {
  return depth > 10 ? value : value.replace(/\$\{([^}]+)\}/g, (whole, name) => {
    if (/^(project|pom)\.groupId$/.test(name)) { return groupOf(pom); }
    if (/^(project|pom)\.artifactId$/.test(name)) { return textAt(pom.xml, 'artifactId') ?? whole; }
    const text = propertyOf(pom, name);
    return text === undefined ? whole : expanded(pom, text, depth + 1);
  });
}

export function propertyOf(pom: Pom, name: string): string | undefined {
  return [pom, ...pom.parents].map(({ xml }) => textAt(xml, 'properties', name)).find((text) => text !== undefined);
}

/** The Java version that a project is compiled for; undefined if it does not say. */
export function releaseOf(pom: Pom, properties: { [name: string]: string } = {}): number | undefined {
  const plugins = [pom, ...pom.parents].flatMap(({ xml }) => [...elementsAt(xml, 'build', 'plugins', 'plugin'), ...elementsAt(xml, 'build', 'pluginManagement', 'plugins', 'plugin')])
    .filter((plugin) => textAt(plugin, 'artifactId') === 'maven-compiler-plugin');
  const written = ['release', 'target'].flatMap((name) => [
    ...plugins.map((plugin) => textAt(plugin, 'configuration', name)), properties[`maven.compiler.${name}`] ?? propertyOf(pom, `maven.compiler.${name}`),
  ]);
  const [first] = [...written, propertyOf(pom, 'java.version')].filter((one) => one !== undefined).map((one) => expanded(pom, one!));
  const version = /^(?:1\.)?(\d+)$/.exec(first ?? '')?.[1];
  return version === undefined ? undefined : Number(version);
}

/** Whether a project or a parent has a dependency of that artifact. */
export function dependsOn(pom: Pom, artifact: string): boolean {
  return [pom, ...pom.parents].some(({ xml }) => elementsAt(xml, 'dependencies', 'dependency').some((one) => textAt(one, 'artifactId') === artifact));
}

function groupOf(pom: Pom): string {
  const text = [pom, ...pom.parents].map(({ xml }) => textAt(xml, 'groupId') ?? textAt(xml, 'parent', 'groupId')).find((one) => one !== undefined);
  return text ?? '';
}

function readPom(file: string, seen: string[] = []): Pom {
  const folder = dirname(file);
  const xml = parseXml(readFileSync(file, 'utf8'));
  const [parent] = elementsAt(xml, 'parent');
  const hasPath = parent !== undefined && elementsAt(parent, 'relativePath').length > 0;
  // An empty `relativePath` says that the parent is in a repository.
  const path = parent === undefined || (hasPath && !textAt(parent, 'relativePath')) ? undefined : resolve(folder, textAt(parent, 'relativePath') ?? '../pom.xml');
  const parentFile = path !== undefined && isFolder(path) ? join(path, 'pom.xml') : path;
  if (parentFile === undefined || !existsSync(parentFile) || seen.includes(parentFile)) { return { file, folder, xml, parents: [] }; }
  const above = readPom(parentFile, [...seen, file]);
  return textAt(above.xml, 'artifactId') === textAt(parent, 'artifactId')
    ? { file, folder, xml, parents: [above, ...above.parents] } : { file, folder, xml, parents: [] };
}

/** The projects that a build of this one builds. */
function reactorOf(pom: Pom, seen: string[] = []): Pom[] {
  const modules = elementsAt(pom.xml, 'modules', 'module').map(({ text }) => resolve(pom.folder, text.trim()))
    .map((path) => (isFolder(path) ? join(path, 'pom.xml') : path))
    .filter((file) => existsSync(file) && !seen.includes(file));
  return [pom, ...modules.flatMap((file) => reactorOf(readPom(file), [...seen, pom.file]))];
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
