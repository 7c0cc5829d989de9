import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bundling, HandlerRouteProps, Route, WebSocketApi } from '../../../src';
import { missingJavaEntry } from '../../../src/handlers/java/java-entry';
import { JAVA as LANGUAGE } from '../../../src/handlers/java/java-language';
import { describeWithTool, hashWithoutBuild, withCountedTool, withEnvironment, withTool } from '../compiled/tool-chain';
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

describeWithTool('mvn', 'handlers in Java', () => {
  test('take of the modules beside them only those that they need', () => {
    sourceProject(MODULES);
    const before = hash();
    write({ 'other/src/main/java/Other.java': 'this is no Java' });
    expect(hash()).toBe(before);
    write({ 'words/src/main/java/com/acme/Words.java': MODULES['words/src/main/java/com/acme/Words.java'].replace('"word"', '"bird"') });
    expect(hash()).not.toBe(before);
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

    expect(() => withTool('mvn', 'exec "$REAL" --offline "$@"', () => java('com.acme.Say::join')))
      .toThrow(/Maven said\n\n\[ERROR\] .*com\.acme:far[^]*Dependencies or plugins are missing, and there is no network: build once where there is one/);
  });

});

describeWithTool('mvn', 'a handler in Java', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'java-'));
  let functions: SynthesizedFunction[];
  let reference: SynthesizedFunction;
  let runs: number;
  const routes = () => Object.values(synthesize(Object.fromEntries(['com.acme.Say::handleRequest', 'com.acme.Say::join', 'com.acme.Say::inherited', 'com.acme.Say'].map((handler) => (
    [handler, Route.toHandler(handler, { ...OF_APP, runtime: Runtime.JAVA_25 })]))), {}, outdir));
  beforeAll(() => {
    sourceProject(APP);
    ({ runs, result: functions } = withCountedTool('mvn', () => [...routes(), ...routes()]));
    [reference] = functions;
  });
  beforeEach(() => { sourceProject(APP); });
  afterAll(() => rmSync(outdir, { recursive: true, force: true }));

  test('shares its build and its asset with the others of its project, and is not built again while nothing changes', () => {
    expect(runs).toBe(1);
    expect(new Set(functions.map(hashOf)).size).toBe(1);
    expect(reference.properties).toMatchObject({ Handler: 'com.acme.Say::handleRequest', Runtime: 'java25' });
    expect(filesOf(reference.asset)).toEqual(['com/acme/Base.class', 'com/acme/Say.class', 'words.txt']);
  });

  test('is built again by another Maven', () => {
    // It makes what the first has made.
    const builds = (tool: string) => withTool('mvn', `${tool}; echo >> '${process.cwd()}/builds'; mkdir -p target && cp -r '${reference.asset}' target/classes`, () => {
      java();
      java();
      return readFileSync('builds', 'utf8').length;
    });

    expect([builds(': one'), builds(': another')]).toEqual([1, 2]);
  });

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
    ['a profile', { bundling: Bundling.maven({ profiles: ['prod'] }) }],
    ['the runtime', { runtime: Runtime.JAVA_21 }],
    ['the architecture', { architecture: Architecture.ARM_64 }],
  ])('has another hash with %s', (_, props: HandlerRouteProps) => expect(hash(props)).not.toBe(hashOf(reference)));

  test('has the same hash with what builds leave, tests and what is beside the source', () => {
    write({ 'handlers/README.md': 'dirty', 'handlers/src/test/java/SayTest.java': '', 'handlers/target/old': '' });

    expect(hash()).toBe(hashOf(reference));
  });

  test('has another hash when what a link out of the project leads to changes', () => {
    write({ 'größe/words here.txt': 'one' });
    symlinkSync(join(process.cwd(), 'größe'), 'handlers/src/main/resources/größe', 'dir');
    const before = hash();
    write({ 'größe/words here.txt': 'two' });

    expect(hash()).not.toBe(before);
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

describe('what Maven says', () => {
  const said = (output: string, status: number, props: HandlerRouteProps = {}) => {
    sourceProject(APP);
    return expect(() => withTool('mvn', `echo '${output}'; exit ${status}`, () => java(undefined, props)));
  };

  test('of a profile that does not exist is an error', () => {
    said('[WARNING] The requested profile "prod" could not be activated because it does not exist.', 0, { bundling: Bundling.maven({ profiles: ['prod'] }) })
      .toThrow('cannot build the handler of route `"a"`: `Bundling.maven()` has the profile `"prod"`, which neither `handlers/pom.xml`, nor a parent, nor Maven\'s settings have');
  });

  test('of a JDK that is too old is followed by what to do', () => {
    said('[WARNING] old\n[ERROR] Fatal error compiling: error: release version 21 not supported -> [Help 1]', 1)
      .toThrow('Maven said\n\n[ERROR] Fatal error compiling: error: release version 21 not supported\n\nThe JDK that Maven runs on is older than Java 21: install one that is not, and name it with `JAVA_HOME`; or');
  });
});

describe('the wrapper of a project', () => {
  test('is what builds it', () => {
    sourceProject({ ...APP, 'handlers/mvnw': 'echo "the wrapper in $(basename "$PWD")"; exit 1\n' });

    expect(() => withEnvironment({ PATH: '/bin:/usr/bin' }, () => java())).toThrow('Maven said\n\nthe wrapper in project');
  });
});
