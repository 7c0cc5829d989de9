import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { classFile } from './class-files';
import { APP, hash, java, MODULES, OF_APP, pom } from './java-project';
import { Bundling, HandlerRouteProps, Route, WebSocketApi } from '../../../src';
import { withEnvironment, withTool } from '../compiled/tool-chain';
import { sourceProject, synthesize, write } from '../source-project';

describe('a handler in Java', () => {
  test('is not built for a stack that needs no bundling, nor is Maven needed', () => {
    sourceProject(APP);
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] }, outdir: 'cdk.out' });

    expect(() => withEnvironment({ PATH: '/nowhere' }, () => {
      new WebSocketApi(new Stack(app, 'Stack'), 'Api', { routes: { a: Route.toHandler('com.acme.Say::handleRequest', OF_APP) } });
      app.synth();
    })).not.toThrow();
  });

  test('is built again by another Maven', () => {
    sourceProject(APP);
    writeFileSync('Say.class', classFile({ name: 'com/acme/Say', methods: { handleRequest: true } }));
    const builds = (tool: string) => {
      const script = `${tool}; echo >> '${process.cwd()}/builds'; mkdir -p target/classes/com/acme && cp '${process.cwd()}/Say.class' target/classes/com/acme`;
      return withTool('mvn', script, () => {
        java();
        java();
        return readFileSync('builds', 'utf8').length;
      });
    };

    expect([builds(': one'), builds(': another')]).toEqual([1, 2]);
  });

  test('whose class is for a newer Java than its runtime has is refused', () => {
    sourceProject(APP);
    writeFileSync('Say.class', classFile({ name: 'com/acme/Say', methods: { handleRequest: true }, java: 21 }));

    expect(() => withTool('mvn', `mkdir -p target/classes/com/acme && cp '${process.cwd()}/Say.class' target/classes/com/acme`, () => java(undefined, { runtime: Runtime.JAVA_17 })))
      .toThrow('route `"a"`: handler `"com.acme.Say::handleRequest"` is compiled for Java 21, and its runtime has Java 17');
  });
});

describe('the hash of a handler in Java', () => {
  test.each<[string, HandlerRouteProps]>([
    ['a profile', { bundling: Bundling.maven({ profiles: ['prod'] }) }],
    ['a property', { bundling: Bundling.maven({ properties: { a: 'b' } }) }],
    ['the runtime', { runtime: Runtime.JAVA_21 }],
    ['the architecture', { architecture: Architecture.ARM_64 }],
  ])('is another one with %s', (_, props) => {
    sourceProject(APP);

    expect(hash(props)).not.toBe(hash());
  });

  test('is the same with what builds leave, tests and what is beside the source', () => {
    sourceProject(APP);
    const before = hash();
    write({ 'handlers/README.md': 'dirty', 'handlers/src/test/java/SayTest.java': '', 'handlers/target/old': '' });

    expect(hash()).toBe(before);
  });

  test('is of what a link out of the project leads to', () => {
    sourceProject({ ...APP, 'größe/words here.txt': 'one' });
    symlinkSync(join(process.cwd(), 'größe'), 'handlers/src/main/resources/größe', 'dir');
    const before = hash();
    write({ 'größe/words here.txt': 'two' });

    expect(hash()).not.toBe(before);
  });

  test('is of those modules beside it that it needs', () => {
    sourceProject(MODULES);
    const before = hash();
    write({ 'other/src/main/java/Other.java': 'this is no Java' });
    expect(hash()).toBe(before);
    write({ 'words/src/main/java/com/acme/Words.java': MODULES['words/src/main/java/com/acme/Words.java'].replace('"word"', '"bird"') });
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
});

describe('the wrapper of a project', () => {
  test('is what builds it', () => {
    sourceProject({ ...APP, 'handlers/mvnw': 'echo "the wrapper in $(basename "$PWD")"; exit 1\n' });

    expect(() => withEnvironment({ PATH: '/bin:/usr/bin' }, () => java())).toThrow('Maven said\n\nthe wrapper in project');
  });
});
