import { dirname, join } from 'node:path';
import { APP, MODULES, pom } from './java-project';
import { CompiledRequest } from '../../../src/handlers/compiled/compiled-language';
import { JAVA } from '../../../src/handlers/java/java-language';
import { sourceProject } from '../source-project';

const request = (changes: Partial<CompiledRequest> = {}) => (
  { handler: 'com.acme.Say::handleRequest', srcDir: join(process.cwd(), 'handlers'), architecture: 'x86_64', options: {}, ...changes });
const find = (changes?: Partial<CompiledRequest>) => JAVA.find(request(changes));

describe('the project of a handler in Java', () => {
  test.each([
    'Say', 'com.acme.Say', 'com.acme.Say::join', 'größe.Wörter::länge', '_a.$b::_c$', 'com.acme.Outer$Inner::run', 'a1.b2.C3::d4',
  ])('is found for %s', (handler) => {
    sourceProject(APP);

    expect(find({ handler })).toEqual({
      request: request({ handler }), runtime: 'java25', entry: handler, project: join(process.cwd(), 'handlers'), manifest: join(process.cwd(), 'handlers/pom.xml'),
    });
  });

  test.each([
    'com/acme/Say', 'com.acme.Say:join', 'com.acme.Say::', '::join', 'com..Say', '.Say', 'Say.', '1a.Say', 'com.1a', 'com.acme.Say::1', 'com.acme.Say::a::b', 'com.acme.Say::a-b', 'com.ac-me.Say', 'a-b', 'Say::a.b', ' Say', 'Say ', '',
  ])('is not looked for where the handler is none: %p', (handler) => {
    sourceProject(APP);

    expect(() => find({ handler })).toThrow('does not name a class and a method');
  });

  test('may be one of Gradle, in whose folder or below, and then it is not built', () => {
    sourceProject({ 'handlers/settings.gradle': '', 'handlers/app/x': '' });
    const srcDir = join(process.cwd(), 'handlers/app');

    expect(() => find({ srcDir })).toThrow(`is in a Gradle project, \`${dirname(srcDir)}\`, and only Maven projects are built here: build it with Gradle, and write ` +
      '`code: Code.fromAsset(\'handlers/build/distributions/handlers.zip\')`');
  });

  test('is not a parent, also of one without modules', () => {
    sourceProject({ 'handlers/pom.xml': pom('parent', '<packaging>pom</packaging>') });
    expect(() => find()).toThrow(/which has no code of its own: name the module's folder with `srcPath`$/);
    sourceProject({ 'handlers/pom.xml': pom('parent', '<packaging> pom </packaging><modules><module> a </module></modules>') });
    expect(() => find()).toThrow('name the module\'s folder with `srcPath`, such as `"handlers/a"`');
    sourceProject({ 'handlers/pom.xml': pom('parent', '<packaging>pom</packaging><modules><module>..</module></modules>') });
    expect(() => find()).toThrow('such as `"."`');
    sourceProject({ 'handlers/pom.xml': pom('chat', '<packaging>jar</packaging>') });
    expect(find().project).toBe(join(process.cwd(), 'handlers'));
  });

  test('is that of the CDK app if a parent depends on the CDK', () => {
    sourceProject({ ...MODULES, 'pom.xml': MODULES['pom.xml'].replace('<modules>', '<dependencies><dependency><artifactId>aws-cdk-lib</artifactId></dependency></dependencies><modules>') });

    expect(() => find()).toThrow('depends on aws-cdk-lib');
  });

  test.each<[release: string, runtime: string | undefined, options: object, found: string]>([
    ['25', undefined, {}, 'java25'],
    ['17', 'java17', {}, 'java17'],
    ['1.8', 'java8.al2', {}, 'java8.al2'],
    ['26', undefined, { properties: { 'maven.compiler.release': '21' } }, 'java25'],
    ['${nowhere}', 'java11', {}, 'java11'],
  ])('for Java %s, asked for %s, runs: %j', (release, runtime, options, found) => {
    sourceProject({ 'handlers/pom.xml': pom('chat', '', release) });

    expect(find({ runtime, options }).runtime).toBe(found);
  });

  test('is refused for a Java that a property sets and its runtime does not have', () => {
    sourceProject(APP);

    expect(() => find({ runtime: 'java17', options: { properties: { 'maven.compiler.release': '18' } } }))
      .toThrow('compiles for Java 18, which the runtime `java17` does not run: leave `runtime` out, or set `<maven.compiler.release>` to 17 or less');
    expect(() => find({ runtime: 'java17', options: { properties: { 'maven.compiler.release': '26' } } })).toThrow('to 25, the newest that Lambda has, or less');
  });
});
