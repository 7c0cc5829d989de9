import { join, relative } from 'node:path';
import {
  dependsOn, expanded, inputsOfMaven, nearestPom, Pom, propertyOf, readMavenProject, releaseOf, sourceFolders,
} from '../../../src/handlers/java/maven-project';
import { sourceProject } from '../source-project';

const pom = (artifact: string, more = '') => `<project><artifactId>${artifact}</artifactId>${more}</project>`;
const parent = (artifact: string, more = '') => `<parent><groupId>com.acme</groupId><artifactId>${artifact}</artifactId><version>1</version>${more}</parent>`;
function dependency(artifact: string, group = 'com.acme') {
  return `<dependencies><dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId></dependency></dependencies>`;
}
const GROUP = '<groupId>com.acme</groupId>';

const shown = (path: string) => relative(process.cwd(), path);

/** What is read of the project in a folder. */
function read(files: { [path: string]: string }, folder = 'app') {
  const { pom: own, root, reactor, needed } = readMavenProject(join(sourceProject(files), folder));
  const folders = (poms: Pom[]) => poms.map((one) => shown(one.folder));
  const parents = own.parents.map(({ file }) => shown(file));
  return { own, root: shown(root), reactor: folders(reactor), needed: folders(needed), parents };
}

describe('the project of a handler in Java', () => {
  test.each([
    ['in its folder', 'a/b', 'a/b/pom.xml'],
    ['above it', 'a/b/c', 'a/b/pom.xml'],
    ['but not above a project of Gradle', 'a/gradle/c', undefined],
    ['but not above one in Kotlin', 'a/kotlin', undefined],
    ['or its settings', 'a/settings/x', undefined],
    ['or its settings in Kotlin', 'a/ktsettings', undefined],
    ['also beside what Gradle has', 'a/both', 'a/both/pom.xml'],
  ])('is looked for %s', (_, folder, file) => {
    sourceProject({
      'pom.xml': '',
      'a/b/pom.xml': '',
      'a/gradle/build.gradle': '',
      'a/kotlin/build.gradle.kts': '',
      'a/settings/settings.gradle': '',
      'a/ktsettings/settings.gradle.kts': '',
      'a/both/pom.xml': '',
      'a/both/build.gradle': '',
    });
    const found = nearestPom(join(process.cwd(), folder));

    expect(found && shown(found)).toBe(file);
  });
});

describe('the parent of a project', () => {
  test.each([
    ['is above it', parent('top'), ['pom.xml']],
    ['is where it says, a file', parent('side', '<relativePath>../side/pom.xml</relativePath>'), ['side/pom.xml']],
    ['is where it says, a folder', parent('side', '<relativePath>../side</relativePath>'), ['side/pom.xml']],
    ['is in a repository if it says nowhere', parent('top', '<relativePath/>'), []],
    ['is in a repository if there is none', parent('top', '<relativePath>../nowhere/pom.xml</relativePath>'), []],
    ['is another one than what is above it', parent('boot'), []],
    ['is itself, and then none', parent('app', '<relativePath>pom.xml</relativePath>'), ['app/pom.xml']],
    ['has a parent too', parent('middle', '<relativePath>../middle/pom.xml</relativePath>'), ['middle/pom.xml', 'pom.xml']],
    ['need not be', '', []],
  ])('%s', (_, own, parents) => {
    expect(read({ 'pom.xml': pom('top'), 'side/pom.xml': pom('side'), 'middle/pom.xml': pom('middle', parent('top')), 'app/pom.xml': pom('app', own) }).parents).toEqual(parents);
  });
});

describe('a build', () => {
  const MODULES = {
    'pom.xml': pom('top', `${GROUP}<modules><module>app</module><module> words </module><module>other/pom.xml</module><module>nowhere</module></modules>`),
    'words/pom.xml': pom('words', parent('top')),
    'other/pom.xml': pom('other', parent('top')),
  };

  test('begins at the topmost parent that builds the project, and knows all that it builds', () => {
    expect(read({ ...MODULES, 'app/pom.xml': pom('app', parent('top')) })).toMatchObject({ root: '', reactor: ['', 'app', 'words', 'other'], needed: ['app'] });
  });

  test('begins at the project if no parent builds it', () => {
    expect(read({ 'pom.xml': pom('top'), 'app/pom.xml': pom('app', parent('top')) })).toMatchObject({ root: 'app', reactor: ['app'], parents: ['pom.xml'] });
  });

  test('takes the modules that the project or a parent depends on, and what those depend on', () => {
    expect(read({
      ...MODULES, 'words/pom.xml': pom('words', parent('top') + dependency('other') + dependency('app')), 'app/pom.xml': pom('app', parent('top') + dependency('words')),
    }).needed).toEqual(['app', 'words', 'other']);
    expect(read({ ...MODULES, 'pom.xml': MODULES['pom.xml'].replace('<modules>', `${dependency('other')}<modules>`), 'app/pom.xml': pom('app', parent('top')) }).needed).toEqual(['app', 'other']);
  });

  test.each([
    ['of its own group, as a property', '${project.groupId}', ['app', 'words']],
    ['of its own group, as an old property', '${pom.groupId}', ['app', 'words']],
    ['of another group', 'org.else', ['app']],
  ])('takes a module only if it is %s', (_, group, needed) => {
    expect(read({ ...MODULES, 'app/pom.xml': pom('app', parent('top') + dependency('words', group)) }).needed).toEqual(needed);
  });

  test('takes a module of the group that only a parent says', () => {
    const short = '<parent><artifactId>top</artifactId></parent>';

    expect(read({ ...MODULES, 'words/pom.xml': pom('words', short), 'app/pom.xml': pom('app', short + dependency('words')) }).needed).toEqual(['app', 'words']);
  });

  test('of modules that contain each other ends', () => {
    expect(read({ 'app/pom.xml': pom('app', '<modules><module>../b</module></modules>'), 'b/pom.xml': pom('b', '<modules><module>../app</module></modules>') }).reactor).toEqual(['app', 'b']);
  });

  test('is made from the sources of what is needed, and from what says how', () => {
    const folder = sourceProject({
      ...MODULES,
      'app/pom.xml': pom('app', parent('top') + dependency('words')),
      'app/src/main/java/A.java': '',
      'app/src/main/resources/a.txt': '',
      'app/src/test/java/T.java': '',
      'app/target/x': '',
      'app/README.md': '',
      'app/lombok.config': '',
      'words/src/main/java/W.java': '',
      'other/src/main/java/O.java': '',
      '.mvn/maven.config': '',
      'mvnw': '',
      'mvnw.cmd': '',
      'src/main/java/Top.java': '',
    });

    expect(inputsOfMaven(readMavenProject(join(folder, 'app'))).map(shown).sort()).toEqual([
      '.mvn/maven.config', 'app/lombok.config', 'app/pom.xml', 'app/src/main/java/A.java', 'app/src/main/resources/a.txt', 'mvnw', 'mvnw.cmd', 'pom.xml', 'words/pom.xml', 'words/src/main/java/W.java',
    ]);
  });

  test('has other folders of sources if the project or a parent says so', () => {
    const build = '<build><sourceDirectory>${project.basedir}/code</sourceDirectory><resources><resource><directory>${basedir}/words</directory></resource><resource><directory> ../shared </directory></resource></resources></build>';
    const { own } = read({ 'pom.xml': pom('top', '<build><sourceDirectory>src</sourceDirectory></build>'), 'app/pom.xml': pom('app', parent('top') + build) });

    expect(sourceFolders(own).map(shown)).toEqual(['app/src/main', 'app/code', 'app/words', 'shared', 'app/src']);
  });

  test('has its own folder as one of sources without what was built, and without tests', () => {
    const folder = sourceProject({ 'app/pom.xml': pom('app', '<build><sourceDirectory>.</sourceDirectory></build>'), 'app/A.java': '', 'app/target/x': '', 'app/src/test/T.java': '', 'app/src/main/B.java': '' });

    expect(inputsOfMaven(readMavenProject(join(folder, 'app'))).map(shown).sort()).toEqual(['app/A.java', 'app/pom.xml', 'app/src/main/B.java']);
  });
});

describe('the Java of a project is', () => {
  const property = (name: string, value: string) => `<properties><${name}>${value}</${name}></properties>`;
  const plugin = (name: string, value: string, artifact = 'maven-compiler-plugin') => `<plugins><plugin><artifactId>${artifact}</artifactId><configuration><${name}>${value}</${name}></configuration></plugin></plugins>`;
  const release = (own: string, top = '', properties = {}) => releaseOf(read({ 'pom.xml': pom('top', top), 'app/pom.xml': pom('app', parent('top') + own) }).own, properties);

  test.each<[string, string, string, number | undefined]>([
    ['its release', property('maven.compiler.release', '21'), '', 21],
    ['its target', property('maven.compiler.target', '17'), '', 17],
    ['of old, with a 1', property('maven.compiler.target', '1.8'), '', 8],
    ['that of Spring Boot', property('java.version', '21'), '', 21],
    ['that of a parent', '', property('maven.compiler.release', '17'), 17],
    ['its own before that of a parent', property('maven.compiler.release', '21'), property('maven.compiler.release', '17'), 21],
    ['a property of it', '<properties><maven.compiler.release>${my}</maven.compiler.release><my>${your}</my></properties>', property('your', '21'), 21],
    ['that of its compiler', `<build>${plugin('release', '21')}</build>`, property('maven.compiler.release', '17'), 21],
    ['the target of its compiler', `<build>${plugin('target', '21')}</build>`, '', 21],
    ['that of a managed compiler', `<build><pluginManagement>${plugin('release', '21')}</pluginManagement></build>`, '', 21],
    ['the release before the target', `<build>${plugin('target', '11')}</build>${property('maven.compiler.release', '17')}`, '', 17],
    ['not that of another plugin', `<build>${plugin('release', '21', 'other')}</build>`, '', undefined],
    ['none that cannot be read', property('maven.compiler.release', '${nowhere}'), '', undefined],
    ['none that only ends with a version', property('maven.compiler.release', 'jdk-21'), '', undefined],
    ['none that is no version', property('maven.compiler.release', '21-ea'), '', undefined],
    ['none where it does not say', '', '', undefined],
  ])('%s', (_, own, top, version) => {
    expect(release(own, top)).toBe(version);
  });

  test('the one that was given', () => {
    expect(release(property('maven.compiler.release', '17'), '', { 'maven.compiler.release': '21' })).toBe(21);
  });
});

test('values of a project come from it and its parents, as far as they are written there', () => {
  const { own } = read({
    'pom.xml': pom('top', '<properties><my.project.groupId>mine</my.project.groupId><a>top</a><b>below ${a}</b><loop>${loop}</loop></properties>'),
    'app/pom.xml': pom('app', `${parent('top')}<properties><a>app</a><empty/></properties>`),
  });

  expect(['${a} and ${b}', '${project.artifactId}/${pom.groupId}/${my.project.groupId}', '${nowhere} ${empty}', '${loop}', 'plain'].map((value) => expanded(own, value)))
    .toEqual(['app and below app', 'app/com.acme/mine', '${nowhere} ${empty}', '${loop}', 'plain']);
  expect(['a', 'b', 'c'].map((name) => propertyOf(own, name))).toEqual(['app', 'below ${a}', undefined]);
});

test('a project depends on what it or a parent names', () => {
  const { own } = read({ 'pom.xml': pom('top', dependency('far')), 'app/pom.xml': pom('app', parent('top') + dependency('near')) });

  expect(['near', 'far', 'other'].map((artifact) => dependsOn(own, artifact))).toEqual([true, true, false]);
});
