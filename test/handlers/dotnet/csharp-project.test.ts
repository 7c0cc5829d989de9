import { join, relative } from 'node:path';
import { inputsOfCsharp, itemsOf, packageFolders, projectsIn, propertyOf, readCsharpProject } from '../../../src/handlers/dotnet/csharp-project';
import { sourceProject } from '../source-project';

const project = (more = '') => `<Project Sdk="Microsoft.NET.Sdk">${more}</Project>`;
const group = (text: string, condition = '') => `<PropertyGroup${condition}>${text}</PropertyGroup>`;
const items = (...all: string[]) => `<ItemGroup>${all.join('')}</ItemGroup>`;
const item = (kind: string, include: string) => `<${kind} Include="${include}" />`;

const shown = (path: string) => relative(process.cwd(), path);
const read = (files: { [path: string]: string }) => readCsharpProject(join(sourceProject(files), 'app/App.csproj'));
const inputsOf = (files: { [path: string]: string }) => inputsOfCsharp(read(files)).map(shown).sort();

describe('a project in C# consists of', () => {
  test('its own file, and what is above it, in the order in which they count', () => {
    const { files, folder, file } = read({
      'Directory.Build.props': project(), 'Directory.Build.targets': project(), 'app/Directory.Build.props': project(), 'app/App.csproj': project(),
    });

    expect(files.map((one) => shown(one.file))).toEqual(['app/Directory.Build.props', 'app/App.csproj', 'Directory.Build.targets']);
    expect([folder, file].map(shown)).toEqual(['app', 'app/App.csproj']);
  });

  test('what is imported into it, before what imports it, each once', () => {
    const imports = (...paths: string[]) => paths.map((path) => `<Import Project="${path}" />`).join('');

    expect(read({
      'app/App.csproj': project(imports('..\\one.props', '$(MSBuildThisFileDirectory)two.props', '$(MSBuildProjectDirectory)/two.props', '..\\nowhere.props', 'folder.props') + '<Import />'),
      'app/two.props': project(imports('../one.props', 'App.csproj')),
      'one.props': project(),
      'app/folder.props/x': '',
    }).files.map((one) => shown(one.file))).toEqual(['one.props', 'app/two.props', 'app/App.csproj']);
  });
});

describe('a property is', () => {
  const FILES = {
    'Directory.Build.props': project(group('<A>above</A><B>above</B>')),
    'app/App.csproj': project(
      group('<A>first</A>') + group(' <A> own </A><Empty></Empty>') + group('<A>no</A>', ' Condition="\'$(X)\' == \'\'"') + group('<A Condition="\'$(X)\' == \'\'">no</A>')
      + group('<C>net$(Level) of $(A)</C><Level>8.0</Level><D>$(Unknown)</D><Loop>$(Loop)</Loop>')),
    'Directory.Build.targets': project(group('<E>below</E>')),
  };

  test.each<[what: string, name: string, value: string | undefined]>([
    ['the last that is written, if it has no condition', 'A', 'own'],
    ['the one above it', 'B', 'above'],
    ['the one below it', 'E', 'below'],
    ['made of others', 'C', 'net8.0 of own'],
    ['kept where another is not known', 'D', '$(Unknown)'],
    ['kept where it is made of itself', 'Loop', '$(Loop)'],
    ['none if it is empty', 'Empty', undefined],
    ['none if it is not written', 'Nothing', undefined],
  ])('%s', (_, name, value) => {
    expect(propertyOf(read(FILES), name)).toBe(value);
  });

  test('the one that was given, also in others', () => {
    expect(['A', 'C'].map((name) => propertyOf(read(FILES), name, { A: 'given' }))).toEqual(['given', 'net8.0 of given']);
  });
});

test('items are those of all its files and of all that a list names', () => {
  const found = itemsOf(read({
    'Directory.Build.props': project(items(item('PackageReference', 'One'))),
    'app/App.csproj': project(items(item('PackageReference', 'Two; Three ;'), '<PackageReference Update="Four" />', item('Compile', 'x.cs')) + items(item('None', 'y'))),
  }), 'PackageReference', 'None');

  expect(found.map(({ include, file }) => [include, shown(file)])).toEqual([
    ['One', 'Directory.Build.props'], ['Two', 'app/App.csproj'], ['Three', 'app/App.csproj'], ['y', 'app/App.csproj'],
  ]);
});

describe('a project in C# is built from', () => {
  test('its folder, without what builds leave and what is of one user', () => {
    expect(inputsOf({
      'app/App.csproj': project(),
      'app/A.cs': '',
      'app/deep/B.cs': '',
      'app/bin/x.dll': '',
      'app/obj/x.json': '',
      'app/TestResults/x': '',
      'app/App.csproj.user': '',
      'app/deep/bin/C.cs': '',
      'app/deep/obj/D.cs': '',
      'other/E.cs': '',
    })).toEqual(['app/A.cs', 'app/App.csproj', 'app/deep/B.cs', 'app/deep/bin/C.cs', 'app/deep/obj/D.cs']);
  });

  test('what is looked for above it, up to the root of the repository', () => {
    const above = ['.editorconfig', '.globalconfig', 'Directory.Build.props', 'Directory.Build.rsp', 'Directory.Build.targets', 'Directory.Packages.props', 'NuGet.config', 'global.json'];
    const files = Object.fromEntries(above.map((name) => [`repository/${name}`, '']));

    expect(inputsOfCsharp(readCsharpProject(join(sourceProject({ ...files, 'repository/.git/HEAD': '', 'repository/app/App.csproj': project(), 'nuget.config': '', 'global.json': '' }), 'repository/app/App.csproj')))
      .map((file) => relative('repository', shown(file))).sort()).toEqual([...above, 'app/App.csproj'].sort());
  });

  test('the projects that it refers to, and those that they refer to, once', () => {
    expect(inputsOf({
      'app/App.csproj': project(items(item('ProjectReference', '..\\lib\\Lib.csproj;..\\nowhere\\Nowhere.csproj'))),
      'lib/Lib.csproj': project(items(item('ProjectReference', '../deep/Deep.csproj'), item('ProjectReference', '../app/App.csproj'))),
      'lib/L.cs': '',
      'lib/obj/x': '',
      'deep/Deep.csproj': project(),
      'deep/D.cs': '',
    })).toEqual(['app/App.csproj', 'deep/D.cs', 'deep/Deep.csproj', 'lib/L.cs', 'lib/Lib.csproj']);
  });

  test.each([
    ['a file elsewhere', item('Compile', '..\\shared\\A.cs'), ['shared/A.cs']],
    ['files elsewhere', item('Content', '../shared/**/*.cs'), ['shared/A.cs', 'shared/deep/B.cs']],
    ['one of any letter', item('None', '../shared/?.cs'), ['shared/A.cs', 'shared/deep/B.cs']],
    ['a resource', item('EmbeddedResource', '../shared/deep/B.cs'), ['shared/deep/B.cs']],
    ['a file of an analyzer', item('AdditionalFiles', '$(MSBuildProjectDirectory)/../shared/A.cs'), ['shared/A.cs']],
    ['but not what is not there', item('Compile', '../nowhere.cs'), []],
    ['but not all that another property names', item('Compile', '$(Elsewhere)/../shared/A.cs'), []],
    ['but not a folder of its own twice', item('Compile', 'deep/*.cs'), []],
    ['but nothing of other items', item('PackageReference', '../shared/A.cs'), []],
  ])('%s', (_, text, files) => {
    expect(inputsOf({ 'app/App.csproj': project(items(text)), 'shared/A.cs': '', 'shared/deep/B.cs': '' })).toEqual(['app/App.csproj', ...files]);
  });

  test('a file that an imported one names from its own folder', () => {
    expect(inputsOf({
      'app/App.csproj': project('<Import Project="../shared/shared.props" />'), 'shared/shared.props': project(items(item('Compile', '$(MSBuildThisFileDirectory)A.cs'))), 'shared/A.cs': '', 'shared/B.cs': '',
    })).toEqual(['app/App.csproj', 'shared/A.cs', 'shared/shared.props']);
  });
});

test('the folders of packages are those that NuGet is told by relative paths', () => {
  const source = (value: string) => `<add key="x" value="${value}" />`;
  const folder = sourceProject({
    'nuget.config': `<configuration><packageSources>${['packages', '..\\nowhere', 'https://example.com/index.json', 'of/a:b', '/packages', 'C:\\packages', ''].map(source).join('')}<add key="y" /></packageSources></configuration>`,
    'app/NuGet.Config': `<configuration><packageSources>${source('..\\more\\packages')}</packageSources><disabled>${source('packages')}</disabled></configuration>`,
    'packages/x': '',
    'of/a:b/x': '',
    'more/packages/x': '',
    'app/my.nuget.config': `<configuration><packageSources>${source('..')}</packageSources></configuration>`,
  });

  expect(packageFolders(['nuget.config', 'app/NuGet.Config', 'app/my.nuget.config', 'packages/x'].map((file) => join(folder, file))).map(shown)).toEqual(['packages', 'of/a:b', 'more/packages']);
});

test('the projects of a folder are those of .NET, of any language', () => {
  const folder = sourceProject({ 'A.csproj': '', 'B.fsproj': '', 'C.vbproj': '', 'D.csproj.user': '', 'E.proj': '', 'F.txt': '' });

  expect(projectsIn(folder).map(shown).sort()).toEqual(['A.csproj', 'B.fsproj', 'C.vbproj']);
});
