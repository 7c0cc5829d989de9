import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Bundling, HandlerRouteProps, Route } from '../../src';
import { nugetLock, nugetPackage } from './compiled/nuget-package';
import { hashWithoutBuild } from './compiled/tool-chain';
import { project, uvExecutable, wheel } from './python/python-tools';
import { synthesize, write } from './source-project';
import { CompiledLanguage } from '../../src/handlers/compiled/compiled-language';
import { DOTNET } from '../../src/handlers/dotnet/dotnet-language';
import { GO } from '../../src/handlers/go/go-language';
import { JAVA } from '../../src/handlers/java/java-language';

type Files = { [path: string]: string };

/** A handler whose project has all that may decide an asset, and what else a build may see. */
export interface Subject {
  readonly handler: string;
  readonly props: HandlerRouteProps;
  readonly files: Files;
  /** Writes what is not text. */
  readonly prepare?: () => void;
  /** The tool that builds it. */
  readonly tool?: string;
  /** Where its tools keep what they have fetched or built: empty at the first build, and full at the next. */
  readonly caches: (folder: string) => NodeJS.ProcessEnv;
  /** Settings of a developer that must not decide anything. */
  readonly otherSettings?: NodeJS.ProcessEnv;
  /** What is in its asset, but for what says how packages were installed. */
  readonly asset: string[];
  /** The hash that a synthesis gives the asset. */
  readonly hash: (props: HandlerRouteProps) => string;
  readonly changes: Array<[what: string, files: Files, props?: HandlerRouteProps]>;
}

function compiled(language: CompiledLanguage, subject: Omit<Subject, 'hash'>): Subject {
  return { ...subject, hash: (props) => hashWithoutBuild(language, subject.handler, props).replace('.zip', '') };
}

function interpreted(subject: Omit<Subject, 'hash'>): Subject {
  const routes = (props: HandlerRouteProps) => ({ a: Route.toHandler(subject.handler, props) });
  return { ...subject, hash: (props) => synthesize(routes(props)).a.properties.Code.S3Key.replace('.zip', '') };
}

const GO_MAIN = 'package main\n\nimport "example.com/words"\n\nfunc main() { println(words.Word) }\n';
const GO_MODULE = 'module example.com/chat\n\ngo 1.21\n\nrequire example.com/words v0.0.0\n\nreplace example.com/words => ./words\n';

/** A project of Maven with plugins that every Java takes. */
const pom = (artifact: string, more: string) => `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  ${more}
  <artifactId>${artifact}</artifactId>
</project>`;
const PARENT = '<parent><groupId>com.acme</groupId><artifactId>parent</artifactId><version>1</version></parent>';
const PARENT_POM = pom('parent', `<groupId>com.acme</groupId><version>1</version><packaging>pom</packaging>
  <modules><module>handlers</module><module>words</module></modules>
  <properties><maven.compiler.release>17</maven.compiler.release><project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
  <build><pluginManagement><plugins>
    <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.13.0</version></plugin>
    <plugin><artifactId>maven-resources-plugin</artifactId><version>3.3.1</version></plugin>
    <plugin><artifactId>maven-jar-plugin</artifactId><version>3.4.2</version></plugin>
  </plugins></pluginManagement></build>`);
const JAVA_SAY = 'package com.acme;\n\npublic class Say { public String handleRequest(String text) { return Words.WORD; } }\n';

const CSPROJ = `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <RestorePackagesWithLockFile>true</RestorePackagesWithLockFile>
  </PropertyGroup>
  <ItemGroup>
    <ProjectReference Include="..\\Words\\Words.csproj" />
    <PackageReference Include="Acme.Phrases" Version="1.*" />
  </ItemGroup>
</Project>`;
const CSHARP_SAY = 'namespace Chat;\n\npublic class Say { public string Handle(string text) => Words.Word.Text; }\n';

const NODE_HANDLER = 'import { dep } from "dep";\nimport { shared } from "./shared";\nexport const main = async () => [dep, shared];\n';
const nodeBundling = (minify: boolean) => Bundling.esbuild({ minify, nodeModules: ['installed'], copyFiles: [{ source: 'templates' }] });

export const SUBJECTS: { [language: string]: Subject } = {
  'Node.js': interpreted({
    handler: 'src/say.main',
    props: { bundling: nodeBundling(false) },
    asset: ['index.js', 'node_modules/installed/index.js', 'node_modules/installed/package.json', 'templates/hello.txt'],
    files: {
      'package.json': '{}',
      'src/say.ts': NODE_HANDLER,
      'src/shared.ts': 'export const shared = 1;\n',
      'templates/hello.txt': 'hello',
      'node_modules/dep/package.json': '{}',
      'node_modules/dep/index.js': 'exports.dep = 1;',
      'node_modules/installed/package.json': '{ "version": "1.0.0" }',
      'node_modules/installed/index.js': '',
    },
    // esbuild keeps nothing.
    caches: () => ({}),
    changes: [
      ['a source', { 'src/say.ts': `${NODE_HANDLER}console.log(1);\n` }],
      ['a module beside it', { 'src/shared.ts': 'export const shared = 2;\n' }],
      ['a dependency', { 'node_modules/dep/index.js': 'exports.dep = 2;' }],
      ['another version of an installed module', { 'node_modules/installed/package.json': '{ "version": "1.0.1" }' }],
      ['a file that is copied', { 'templates/hello.txt': 'bye' }],
      ['an option', {}, { bundling: nodeBundling(true) }],
    ],
  }),
  'Python': interpreted({
    handler: 'handler.main',
    props: { srcPath: 'src' },
    asset: ['greeting.py', 'handler.py', 'shared.py'],
    files: {
      'src/handler.py': 'import greeting\nimport shared\n\n\ndef main(event, context):\n    return greeting.HELLO\n',
      'src/requirements.txt': '--no-index\n--find-links ../wheels\ngreeting==1.0\n../shared\n',
    },
    prepare: () => {
      wheel('greeting', '1.0', 'HELLO = "hello"');
      wheel('greeting', '1.1', 'HELLO = "bye"');
      project('shared', 'shared', 'A = 1\n');
    },
    caches: (folder) => ({ PATH: `${dirname(uvExecutable())}${delimiter}${process.env.PATH}`, UV_CACHE_DIR: folder, UV_NO_CACHE: undefined }),
    changes: [
      ['a source', { 'src/handler.py': 'def main(event, context):\n    return 2\n' }],
      ['the versions of its packages', { 'src/requirements.txt': '--no-index\n--find-links ../wheels\ngreeting==1.1\n../shared\n' }],
      ['a project beside it', { 'shared/shared.py': 'A = 2\n' }],
      ['an option', {}, { bundling: Bundling.python({ buildFromSource: ['other'] }) }],
    ],
  }),
  'Go': compiled(GO, {
    tool: 'go',
    handler: 'cmd/send',
    props: {},
    asset: ['bootstrap'],
    files: {
      'go.mod': GO_MODULE,
      'cmd/send/main.go': GO_MAIN,
      'words/go.mod': 'module example.com/words\n\ngo 1.21\n',
      'words/words.go': 'package words\n\nconst Word = "word"\n',
    },
    // What a machine has in Go's own settings is not the users'.
    caches: (folder) => ({ GOENV: 'off', GOCACHE: join(folder, 'build'), GOMODCACHE: join(folder, 'modules') }),
    otherSettings: { GOFLAGS: '-tags=other -mod=mod', GOAMD64: 'v3' },
    changes: [
      ['a source', { 'cmd/send/main.go': `${GO_MAIN}// changed\n` }],
      ['a new file of its package', { 'cmd/send/more.go': 'package main\n' }],
      ['go.mod', { 'go.mod': `${GO_MODULE}// changed\n` }],
      ['go.sum', { 'go.sum': '' }],
      ['a module beside it, which `replace` names', { 'words/words.go': 'package words\n\nconst Word = "bird"\n' }],
      ['an option', {}, { bundling: Bundling.golang({ tags: ['beta'] }) }],
    ],
  }),
  'Java': compiled(JAVA, {
    tool: 'mvn',
    handler: 'com.acme.Say::handleRequest',
    props: { srcPath: 'handlers' },
    asset: ['com/acme/Say.class', 'lib/words-1.jar', 'words.txt'],
    files: {
      'pom.xml': PARENT_POM,
      'handlers/pom.xml': pom('chat', `${PARENT}<dependencies><dependency><groupId>com.acme</groupId><artifactId>words</artifactId><version>1</version></dependency></dependencies>`),
      'handlers/src/main/java/com/acme/Say.java': JAVA_SAY,
      'handlers/src/main/resources/words.txt': 'hello',
      'words/pom.xml': pom('words', PARENT),
      'words/src/main/java/com/acme/Words.java': 'package com.acme;\n\npublic class Words { public static final String WORD = "word"; }\n',
    },
    // A home with an empty repository, filled from what this machine has.
    caches: (folder) => {
      const repository = pathToFileURL(join(homedir(), '.m2/repository')).href;
      write({ '.m2/settings.xml': `<settings><mirrors><mirror><id>here</id><mirrorOf>*</mirrorOf><url>${repository}</url></mirror></mirrors></settings>` }, folder);
      return { MAVEN_OPTS: `-Duser.home=${folder}` };
    },
    changes: [
      ['a source', { 'handlers/src/main/java/com/acme/Say.java': `${JAVA_SAY}// changed\n` }],
      ['a resource', { 'handlers/src/main/resources/words.txt': 'bye' }],
      ['its pom.xml, which is Maven\'s lock file', { 'handlers/pom.xml': pom('chat', `${PARENT}<dependencies />`) }],
      ['the pom.xml of its parent', { 'pom.xml': `${PARENT_POM}<!-- changed -->` }],
      ['settings of Maven in the project', { '.mvn/jvm.config': '-Xmx256m' }],
      ['a module beside it', { 'words/src/main/java/com/acme/Words.java': 'package com.acme;\n\npublic class Words { public static final String WORD = "bird"; }\n' }],
      ['an option', {}, { bundling: Bundling.maven({ properties: { revision: '2' } }) }],
    ],
  }),
  'C#': compiled(DOTNET, {
    tool: 'dotnet',
    handler: 'Chat::Chat.Say::Handle',
    props: { srcPath: 'handlers/Chat' },
    asset: ['Chat.deps.json', 'Chat.dll', 'Chat.pdb', 'Chat.runtimeconfig.json', 'Words.dll', 'Words.pdb', 'phrases.txt'],
    files: {
      'handlers/NuGet.config': '<configuration><packageSources><add key="beside" value="packages" /></packageSources></configuration>',
      'handlers/Chat/Chat.csproj': CSPROJ,
      'handlers/Chat/Say.cs': CSHARP_SAY,
      'handlers/Words/Words.csproj': '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>',
      'handlers/Words/Word.cs': 'namespace Words;\n\npublic static class Word { public const string Text = "word"; }\n',
    },
    prepare: () => {
      const hash = nugetPackage('handlers/packages', '1.0.0');
      write({ 'handlers/Chat/packages.lock.json': nugetLock('1.0.0', hash, { words: { type: 'Project' } }) });
    },
    caches: (folder) => ({ NUGET_PACKAGES: folder }),
    changes: [
      ['a source', { 'handlers/Chat/Say.cs': `${CSHARP_SAY}// changed\n` }],
      ['its project', { 'handlers/Chat/Chat.csproj': CSPROJ.replace('1.*', '1.0.0') }],
      ['its lock file', { 'handlers/Chat/packages.lock.json': '{ "version": 1 }' }],
      ['settings of NuGet', { 'handlers/NuGet.config': '<configuration />' }],
      ['Directory.Build.props above it', { 'handlers/Directory.Build.props': '<Project />' }],
      ['central package versions', { 'Directory.Packages.props': '<Project />' }],
      ['global.json', { 'global.json': '{}' }],
      ['a project that it refers to', { 'handlers/Words/Word.cs': 'namespace Words; public static class Word { public const string Text = "bird"; }' }],
      ['an option', {}, { bundling: Bundling.dotnet({ properties: { Version: '2' } }) }],
    ],
  }),
};
