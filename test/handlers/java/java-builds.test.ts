import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { APP, hash, hashOf, java, OF_APP, pom, SAY } from './java-project';
import { Route } from '../../../src';
import { missingJavaEntry } from '../../../src/handlers/java/java-entry';
import { describeWithTool, withCountedTool, withTool } from '../compiled/tool-chain';
import { filesOf, sourceProject, synthesize, SynthesizedFunction } from '../source-project';

describeWithTool('mvn', 'handlers in Java', () => {
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
});
