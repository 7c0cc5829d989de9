import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bundling, HandlerRouteProps, Route, WebSocketApi } from '../../../src';
import { missingJavaEntry } from '../../../src/handlers/java/java-entry';
import { JAVA as LANGUAGE } from '../../../src/handlers/java/java-language';
import { findOnPath } from '../../../src/handlers/tools/tool';
import { describeWithTool, hashWithoutBuild, withEnvironment } from '../compiled/tool-chain';
import { filesOf, sourceProject, synthesize, SynthesizedFunction, write } from '../source-project';

/** A project with plugins that every Java takes. */
const pom = (artifact: string, more = '', release = '17') => `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  ${more.includes('<parent>') ? '' : '<groupId>com.acme</groupId><version>1</version>'}
  <artifactId>${artifact}</artifactId>
  <properties>
    <maven.compiler.release>${release}</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <build><pluginManagement><plugins>
    <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.13.0</version></plugin>
    <plugin><artifactId>maven-resources-plugin</artifactId><version>3.3.1</version></plugin>
    <plugin><artifactId>maven-jar-plugin</artifactId><version>3.4.2</version></plugin>
  </plugins></pluginManagement></build>
  ${more}
</project>`;
const SAY = 'src/main/java/com/acme/Say.java';
const JAVA = 'package com.acme;\n\npublic class Say extends Base {\n  public String handleRequest(String text) { return text; }\n  public String join(String text) { return text; }\n  String hidden(String text) { return text; }\n}\n';
const APP = {
  'handlers/pom.xml': pom('chat'),
  [`handlers/${SAY}`]: JAVA,
  'handlers/src/main/java/com/acme/Base.java': 'package com.acme;\n\npublic class Base {\n  public String inherited(String text) { return text; }\n}\n',
  'handlers/src/main/resources/words.txt': 'hello',
};
const OF_APP = { srcPath: 'handlers' };
/** A library beside the handlers, both under one parent. */
const MODULES = {
  'pom.xml': pom('parent', '<packaging>pom</packaging><modules><module>handlers</module><module>words</module><module>other</module></modules>'),
  'handlers/pom.xml': pom('chat', '<parent><groupId>com.acme</groupId><artifactId>parent</artifactId><version>1</version></parent><dependencies><dependency><groupId>com.acme</groupId><artifactId>words</artifactId><version>1</version></dependency></dependencies>'),
  [`handlers/${SAY}`]: JAVA.replace(' extends Base', '').replace('return text;', 'return Words.WORD;'),
  'words/pom.xml': pom('words', '<parent><groupId>com.acme</groupId><artifactId>parent</artifactId><version>1</version></parent>'),
  'words/src/main/java/com/acme/Words.java': 'package com.acme;\n\npublic class Words { public static final String WORD = "word"; }\n',
  'other/pom.xml': pom('other', '<parent><groupId>com.acme</groupId><artifactId>parent</artifactId><version>1</version></parent>'),
};

function java(handler = 'com.acme.Say::handleRequest', props: HandlerRouteProps = {}, outdir?: string): SynthesizedFunction {
  return synthesize({ a: Route.toHandler(handler, { ...OF_APP, ...props }) }, {}, outdir).a;
}

function hash(props: HandlerRouteProps = {}): string {
  return hashWithoutBuild(LANGUAGE, 'com.acme.Say::handleRequest', { ...OF_APP, ...props });
}

function hashOf({ properties }: SynthesizedFunction): string {
  return properties.Code.S3Key;
}

function contentsOf(fn: SynthesizedFunction): Map<string, Buffer> {
  return new Map(filesOf(fn.asset).map((file) => [file, readFileSync(join(fn.asset, file))]));
}

/** Runs with a `mvn` of the test's own before the real one. It counts its runs. */
function withMaven<T>(run: (file: string) => T, option = ''): { runs: number; result: T } {
  const real = findOnPath('mvn')!.command;
  write({ 'bin/mvn': `#!/bin/sh\necho >> "${process.cwd()}/runs"\nexec "${real}" ${option} "$@"\n`, 'runs': '' });
  chmodSync('bin/mvn', 0o755);
  const result = withEnvironment({ PATH: `${join(process.cwd(), 'bin')}${delimiter}${process.env.PATH}` }, () => run(join(process.cwd(), 'bin/mvn')));
  return { result, runs: readFileSync('runs', 'utf8').length };
}

describeWithTool('mvn', 'handlers in Java', () => {
  test('of one project share one build and one asset, which is kept while nothing changes', () => {
    sourceProject(APP);
    const routes = () => synthesize(Object.fromEntries(['com.acme.Say::handleRequest', 'com.acme.Say::join', 'com.acme.Say::inherited', 'com.acme.Say'].map((handler) => (
      [handler, Route.toHandler(handler, { ...OF_APP, runtime: Runtime.JAVA_25 })]))));
    const { runs, result } = withMaven((file) => {
      const functions = Object.values(routes());
      routes();
      utimesSync(file, 1, 1);
      routes();
      return functions;
    });

    // Another Maven builds again.
    expect(runs).toBe(2);
    expect(new Set(result.map(hashOf)).size).toBe(1);
    expect(result[0].properties).toMatchObject({ Handler: 'com.acme.Say::handleRequest', Runtime: 'java25' });
    expect(filesOf(result[0].asset)).toEqual(['com/acme/Base.class', 'com/acme/Say.class', 'words.txt']);
    expect(filesOf('handlers')).toEqual(['pom.xml', ...Object.keys(APP).filter((file) => file.includes('/src/')).map((file) => file.replace('handlers/', '')).sort()]);
  });

  test('take the modules beside them as jars, and only those', () => {
    sourceProject(MODULES);
    const fn = java();
    expect(filesOf(fn.asset)).toEqual(['com/acme/Say.class', 'lib/words-1.jar']);
    expect(hash()).toBe(hashOf(fn));
    write({ 'other/src/main/java/Other.java': 'this is no Java' });
    expect(hash()).toBe(hashOf(fn));
    write({ 'words/src/main/java/com/acme/Words.java': MODULES['words/src/main/java/com/acme/Words.java'].replace('"word"', '"bird"') });
    expect(hash()).not.toBe(hashOf(fn));
  });

  test('are not built for a stack that needs no bundling, nor is Maven needed', () => {
    sourceProject(APP);
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] }, outdir: 'cdk.out' });

    expect(() => withEnvironment({ PATH: '/nowhere' }, () => {
      new WebSocketApi(new Stack(app, 'Stack'), 'Api', { routes: { a: Route.toHandler('com.acme.Say::handleRequest', OF_APP) } });
      app.synth();
    })).not.toThrow();
  });

  test('are refused when they do not compile, with what the compiler says of which file', () => {
    const folder = sourceProject({ ...APP, [`handlers/${SAY}`]: 'package com.acme;\npublic class Say { int a = "b"; }\n' });

    expect(() => synthesize({ a: Route.toHandler('com.acme.Say::a', OF_APP), b: Route.toHandler('com.acme.Say::b', OF_APP) }))
      .toThrow(`cannot build the handler of route \`"a"\`, route \`"b"\`: Maven said\n\n[ERROR] COMPILATION ERROR : \n[ERROR] ${folder}/handlers/${SAY}:[2,28] incompatible types`);
  });

  test('are refused when something is missing and there is no network', () => {
    sourceProject({ ...APP, 'handlers/pom.xml': pom('chat', '<dependencies><dependency><groupId>com.acme</groupId><artifactId>far</artifactId><version>1</version></dependency></dependencies>') });

    expect(() => withMaven(() => java('com.acme.Say::join'), '--offline'))
      .toThrow(/Maven said\n\n\[ERROR\] .*com\.acme:far[^]*Dependencies or plugins are missing, and there is no network: build once where there is one/);
  });

});

describeWithTool('mvn', 'a handler in Java', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'java-'));
  let reference: SynthesizedFunction;
  beforeAll(() => {
    sourceProject(APP);
    reference = java(undefined, {}, outdir);
  });
  beforeEach(() => { sourceProject(APP); });
  afterAll(() => rmSync(outdir, { recursive: true, force: true }));

  test('is refused when the class or the method is not in the project, with what was probably meant', () => {
    const refused = (handler: string, javaVersion = 17) => expect(missingJavaEntry(handler, javaVersion, reference.asset));

    refused('com.acme.Sya::handleRequest').toContain('handler `"com.acme.Sya::handleRequest"` names the class `com.acme.Sya`, which the project does not have; did you mean `"com.acme.Say::handleRequest"`?');
    refused('Say::join').toContain('did you mean `"com.acme.Say::join"`?');
    refused('com.acme.Say::jion').toContain('names the method `jion`, which `com.acme.Say` does not have: its public methods are `handleRequest`, `join`, `inherited`; did you mean `"com.acme.Say::join"`?');
    refused('com.acme.Say::hidden').toContain('names the method `hidden`, which is not public: Lambda calls only public ones');
    refused('com.acme.Base::handleRequest').toContain('its public methods are `inherited`; did you mean `"com.acme.Base::inherited"`?');
    refused('com.acme.Say::join', 11).toBe('handler `"com.acme.Say::join"` is compiled for Java 17, and its runtime has Java 11: set `<maven.compiler.release>11</maven.compiler.release>` in the pom.xml');
    refused('com.acme.Say::inherited').toBeUndefined();
    expect(() => java('com.acme.Say::jion')).toThrow('route `"a"`: handler `"com.acme.Say::jion"` names the method `jion`');
  });

  test('has the hash of its sources', () => expect(hash()).toBe(hashOf(reference)));

  test.each([
    ['its source', { [`handlers/${SAY}`]: `${JAVA}// changed\n` }, {}],
    ['a resource', { 'handlers/src/main/resources/words.txt': 'bye' }, {}],
    ['its pom.xml', { 'handlers/pom.xml': `${APP['handlers/pom.xml']}<!-- changed -->` }, {}],
    ['settings of Maven in the project', { 'handlers/.mvn/jvm.config': '-Xmx256m' }, {}],
    ['an option', {}, { bundling: Bundling.maven({ properties: { revision: '2' } }) }],
    ['the runtime', {}, { runtime: Runtime.JAVA_21 }],
    ['the architecture', {}, { architecture: Architecture.ARM_64 }],
  ])('has another hash with %s', (_, files, props: HandlerRouteProps) => {
    write(files as { [path: string]: string });

    expect(hash(props)).not.toBe(hashOf(reference));
  });

  test('has another hash when what a link out of the project leads to changes', () => {
    write({ 'größe/words here.txt': 'one' });
    symlinkSync(join(process.cwd(), 'größe'), 'handlers/src/main/resources/größe', 'dir');
    const before = hash();
    write({ 'größe/words here.txt': 'two' });

    expect(hash()).not.toBe(before);
  });

  test('has the same hash from another folder, in git, under another umask and in another time zone, and so are the files, which everyone may read', () => {
    const umask = process.umask(0o077);
    try {
      spawnSync('git', ['init']);
      write({ 'handlers/README.md': 'dirty', 'handlers/src/test/java/SayTest.java': '', 'handlers/target/old': '', '.gitignore': 'cdk.out\n' });
      const status = () => spawnSync('git', ['status', '--porcelain', '--untracked-files=all'], { encoding: 'utf8' }).stdout;
      const before = status();
      const asset = contentsOf(reference);
      rmSync(outdir, { recursive: true });
      const fn = withEnvironment({ TZ: 'Asia/Tokyo' }, () => java());

      expect(hashOf(fn)).toBe(hashOf(reference));
      expect(contentsOf(fn)).toEqual(asset);
      expect(filesOf(fn.asset).map((file) => statSync(join(fn.asset, file)).mode.toString(8).slice(-3))).toEqual(['644', '644', '644']);
      expect(status()).toBe(before);
    } finally {
      process.umask(umask);
    }
  });

});

describe('a handler in Java is refused', () => {
  const refusal = (files: { [path: string]: string }, handler = 'com.acme.Say::handleRequest', props: HandlerRouteProps = OF_APP) => {
    sourceProject({ 'handlers/x': '', ...files });
    return expect(() => synthesize({ a: Route.toHandler(handler, props) }));
  };

  test('where there is no pom.xml upwards', () => {
    refusal({}).toThrow(/^route `"a"`: handler `"com\.acme\.Say::handleRequest"` is in Java, and there is no `pom\.xml` in `.*handlers` or above it: name the folder of the project with `srcPath`/);
  });

  test('in a project of Gradle, with the `code` to write', () => {
    refusal({ 'handlers/build.gradle.kts': '' }).toThrow('`code: Code.fromAsset(\'handlers/build/distributions/handlers.zip\')`, with the zip that your `buildZip` task makes, and `runtime: Runtime.JAVA_25`');
  });

  test('in the project of the CDK app', () => {
    const app = pom('app', '<dependencies><dependency><groupId>software.amazon.awscdk</groupId><artifactId>aws-cdk-lib</artifactId><version>2.250.0</version></dependency></dependencies>');
    refusal({ 'pom.xml': app }, undefined, {}).toThrow('is looked up in `pom.xml`, which depends on aws-cdk-lib, so it is the project of the CDK app and not of the function: put the handlers into a project of their own, and name its folder with `srcPath`');
  });

  test('in a parent that has no code', () => {
    refusal(MODULES, undefined, { srcPath: '.' }).toThrow('is looked up in `pom.xml`, which has no code of its own: name the module\'s folder with `srcPath`, such as `"handlers"` or `"words"` or `"other"`');
  });

  test.each([
    [pom('chat', '', '26'), undefined, '`handlers/pom.xml` compiles for Java 26, which the runtime `java25` does not run: set `<maven.compiler.release>` to 25, the newest that Lambda has, or less'],
    [pom('chat', '', '${my.java}').replace('<properties>', '<properties><my.java>21</my.java>'), Runtime.JAVA_17, 'compiles for Java 21, which the runtime `java17` does not run: leave `runtime` out, or set `<maven.compiler.release>` to 17 or less'],
  ])('when its project is for a newer Java than the runtime has', (text, runtime, message) => {
    refusal({ 'handlers/pom.xml': text }, undefined, { ...OF_APP, runtime }).toThrow(message);
  });

  test('without a Maven', () => {
    withEnvironment({ PATH: '/nowhere' }, () => refusal(APP)
      .toThrow('the handler is in Java, and there is neither a wrapper (`handlers/mvnw`) nor `mvn` on the PATH: install Maven and a JDK, or give what you built as `code: Code.fromAsset(…)`'));
  });

  test('when its name is no name', () => {
    refusal(APP, 'com/acme/Say::handleRequest').toThrow('handler `"com/acme/Say::handleRequest"` does not name a class and a method: write `"com.acme.Say::handleRequest"`');
  });

  test('without its method and its runtime, with what to write', () => {
    refusal(APP, 'com.acme.Say').toThrow('A handler in Java has its method in its name, such as `"com.acme.Say::handleRequest"`, or a `runtime`.');
  });
});

describe('the wrapper of a project', () => {
  test('is what builds it', () => {
    sourceProject({ ...APP, 'handlers/mvnw': 'echo "the wrapper in $(basename "$PWD")"; exit 1\n' });

    expect(() => withEnvironment({ PATH: '/bin:/usr/bin' }, () => java())).toThrow('Maven said\n\nthe wrapper in project');
  });
});
