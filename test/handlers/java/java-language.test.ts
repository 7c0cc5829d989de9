import { chmodSync, existsSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { APP, JAVA as SOURCE, MODULES, pom, SAY } from './java-project';
import { CompiledRequest } from '../../../src/handlers/compiled/compiled-language';
import { JAVA } from '../../../src/handlers/java/java-language';
import { runTool, ToolCall } from '../../../src/handlers/tools/tool';
import { Play, playBuild, withEnvironment, withTool } from '../compiled/tool-chain';
import { filesOf, sourceProject, write } from '../source-project';

const HANDLER = 'com.acme.Say::handleRequest';
const GROUP = '<groupId>com.acme</groupId>';
const PARENT = `<parent>${GROUP}<artifactId>parent</artifactId><version>1</version></parent>`;
const dependency = (artifact: string) => `<dependencies><dependency>${GROUP}<artifactId>${artifact}</artifactId><version>1</version></dependency></dependencies>`;

const request = (changes: Partial<CompiledRequest> = {}) => ({ handler: HANDLER, srcDir: join(process.cwd(), 'handlers'), architecture: 'x86_64', options: {}, ...changes });
const find = (changes?: Partial<CompiledRequest>) => JAVA.find(request(changes));

/** As Maven leaves what it compiles. */
const compiles = ({ cwd }: ToolCall) => write({ 'target/classes/com/acme/Say.class': '', 'target/classes/words.txt': '' }, existsSync(join(cwd!, 'handlers')) ? join(cwd!, 'handlers') : cwd);

function build(files: { [path: string]: string }, changes: Partial<CompiledRequest> = {}, play: Play = compiles) {
  sourceProject(files);
  return playBuild(JAVA, request(changes), 'mvn', play);
}

describe('Maven', () => {
  test('compiles a copy of the project, once, for modes that everyone can read, and what it says is little', () => {
    const { calls, left } = build(APP, {}, (call) => {
      expect(filesOf(call.cwd!)).toEqual(['pom.xml', 'src/main/java/com/acme/Base.java', 'src/main/java/com/acme/Say.java', 'src/main/resources/words.txt']);
      compiles(call);
    });

    expect(calls).toEqual([{
      command: '/bin/sh',
      args: [
        '-c', 'umask 022; exec "$0" "$@"', 'mvn', '--batch-mode', '--no-transfer-progress', '-Dmaven.test.skip=true', '-Dstyle.color=never',
        '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-Dproject.build.outputTimestamp=1980-01-01T00:00:02Z', 'process-classes',
      ],
      cwd: '<work>/project',
    }]);
    expect(left).toEqual([]);
    expect(filesOf('handlers')).toEqual(Object.keys(APP).map((path) => path.replace('handlers/', '')).sort());
  });

  test('is told the profiles and the properties, in an order that does not count', () => {
    const options = { profiles: ['prod', 'eu'], properties: { 'b.c': '2', 'a': '1 and more', 'd': '' } };

    expect(build(APP, { options }).calls[0].args.slice(9)).toEqual(['-Pprod,eu', '-Da=1 and more', '-Db.c=2', '-Dd=', 'process-classes']);
    expect(JAVA.inputs(find({ options })).settings).toEqual(['-Pprod,eu', '-Da=1 and more', '-Db.c=2', '-Dd=']);
    expect(JAVA.inputs(find({ options: { profiles: [] } })).settings).toEqual([]);
  });

  const COPY = ['-DincludeScope=runtime', '-DoutputDirectory=<work>/asset/lib'];
  const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
  const own = (text: string) => ({ ...APP, 'handlers/pom.xml': pom('chat', text) });
  /** A project in Java whose parent builds it, and another module. */
  const modules = (text: string, parentText = '') => ({
    ...MODULES, 'pom.xml': MODULES['pom.xml'].replace('<modules>', `${parentText}<modules>`), 'handlers/pom.xml': pom('chat', `${PARENT}${text}`),
  });
  const DEPENDENCY_PLUGIN = '<plugins><plugin><artifactId>maven-dependency-plugin</artifactId><version>3.6.0</version></plugin></plugins>';
  const withPlugin = (text: string) => text.replace('<build>', `<build>${DEPENDENCY_PLUGIN}`);

  test.each<[what: string, files: { [path: string]: string }, goals: string[]]>([
    ['copies its dependencies', own(dependency('far')), ['process-classes', PLUGIN, ...COPY]],
    ['copies what its profiles may depend on', own('<profiles><profile><id>prod</id></profile></profiles>'), ['process-classes', PLUGIN, ...COPY]],
    ['copies what a parent in a repository may depend on', own(PARENT), ['process-classes', PLUGIN, ...COPY]],
    ['copies them with the version that the project asks for', { ...APP, 'handlers/pom.xml': withPlugin(pom('chat', dependency('far'))) }, ['process-classes', 'dependency:copy-dependencies', ...COPY]],
    ['builds a module from the top, with nothing beside it', modules(''), ['--projects', 'handlers', '--also-make', 'process-classes']],
    ['copies what the parent of a module depends on', modules('', dependency('far')), ['--projects', 'handlers', '--also-make', 'process-classes', PLUGIN, ...COPY]],
    ['packages the modules that a module needs', modules(dependency('words')), ['--projects', 'handlers', '--also-make', 'package', PLUGIN, ...COPY]],
    ['takes the version of its plugin from one of them', { ...modules(dependency('words')), 'words/pom.xml': withPlugin(pom('words', PARENT)) },
      ['--projects', 'handlers', '--also-make', 'package', 'dependency:copy-dependencies', ...COPY]],
  ])('%s', (_, files, goals) => {
    expect(build(files).calls[0].args.slice(9)).toEqual(goals);
  });

  test('finds the parent and all modules in the copy, and of those that are not needed no sources', () => {
    const { calls } = build({ ...MODULES, 'other/src/main/java/Other.java': '', 'readme.txt': '' }, {}, (call) => {
      expect(filesOf(call.cwd!)).toEqual(['handlers/pom.xml', `handlers/${SAY}`, 'other/pom.xml', 'pom.xml', 'words/pom.xml', 'words/src/main/java/com/acme/Words.java']);
      compiles(call);
    });
    expect(calls).toHaveLength(1);
  });

  test('makes the asset: classes and resources at its root, dependencies in `lib`', () => {
    const copies = (call: ToolCall, asset: string) => {
      compiles(call);
      write({ 'lib/far-1.jar': '' }, asset);
    };

    expect(build(APP).files).toEqual(['com/acme/Say.class', 'words.txt']);
    expect(build(MODULES, {}, copies).files).toEqual(['com/acme/Say.class', 'lib/far-1.jar', 'words.txt']);
    expect(build(APP, {}, (_, asset) => write({ 'lib/far-1.jar': '' }, asset)).files).toEqual(['lib/far-1.jar']);
  });

  test('is asked in vain of a project without code', () => {
    expect(() => build(APP, {}, () => {})).toThrow('`handlers/pom.xml` has no code: Maven compiles what is in `src/main/java`');
  });
});

describe('the wrapper of a project in Java', () => {
  const WRAPPER = ['-c', 'umask 022; exec /bin/sh "$0" "$@"', '<work>/project/mvnw'];

  test('is called in the copy, whatever its mode', () => {
    const { calls } = build({ ...APP, 'handlers/mvnw': '', 'handlers/.mvn/maven.config': '' }, {}, (call) => {
      expect(filesOf(call.cwd!)).toEqual(expect.arrayContaining(['mvnw', '.mvn/maven.config']));
      compiles(call);
    });

    expect(calls[0].args.slice(0, 3)).toEqual(WRAPPER);
  });

  test('is that of the folder where the build begins', () => {
    expect(build({ ...MODULES, 'mvnw': '', 'handlers/mvnw': '' }).calls[0].args.slice(0, 3)).toEqual(WRAPPER);
  });

  test('needs no Maven on the PATH, and is one of the inputs', () => {
    sourceProject({ ...APP, 'handlers/mvnw': '' });

    expect(withEnvironment({ PATH: '/nowhere', JAVA_HOME: undefined }, () => JAVA.toolIdentity(find()))).toBe('wrapper ');
    expect(JAVA.inputs(find()).files).toContain(join(process.cwd(), 'handlers/mvnw'));
  });
});

describe('the tools that build a project in Java are other ones', () => {
  const tools = (files: string[]) => {
    write(Object.fromEntries(files.map((file) => [file, ''])));
    files.forEach((file) => chmodSync(file, 0o755));
  };
  const identity = (variables: { [name: string]: string | undefined } = {}) => (
    withEnvironment({ PATH: join(process.cwd(), 'tools'), JAVA_HOME: undefined, ...variables }, () => JAVA.toolIdentity(find())));

  test.each(['tools/mvn', 'tools/java'])('when %s is replaced', (file) => {
    sourceProject(APP);
    tools(['tools/mvn', 'tools/java']);
    const before = identity();
    expect(identity()).toBe(before);
    utimesSync(file, 1, 1);

    expect(identity()).not.toBe(before);
  });

  test('with another `JAVA_HOME`, whose Java counts instead of that on the PATH', () => {
    sourceProject(APP);
    tools(['tools/mvn', 'tools/java', 'jdk/bin/java']);
    const home = { JAVA_HOME: join(process.cwd(), 'jdk') };
    const before = identity(home);
    expect(before).not.toBe(identity());
    expect(before).toContain(join(process.cwd(), 'jdk/bin/java'));
    utimesSync('tools/java', 1, 1);

    expect(identity(home)).toBe(before);
  });

  test('but are known also where no Java is found', () => {
    sourceProject(APP);
    tools(['tools/mvn']);

    expect(identity()).toMatch(/tools\/mvn 0 [\d.]+ $/);
    expect(identity({ JAVA_HOME: '/nowhere' })).toBe(identity());
  });
});

describe('one run of Maven builds', () => {
  test.each<[what: string, changes: Partial<CompiledRequest>, isOne: boolean]>([
    ['all handlers of a project', { handler: 'com.acme.Say::join' }, true],
    ['not those of another project', { srcDir: 'other' }, false],
    ['not those for another runtime', { runtime: 'java21' }, false],
    ['not those for another architecture', { architecture: 'arm64' }, false],
    ['not those with other options', { options: { profiles: ['prod'] } }, false],
  ])('%s', (_, { srcDir = 'handlers', ...changes }, isOne) => {
    sourceProject({ ...APP, 'other/pom.xml': pom('other') });
    const [one, other] = [{}, { ...changes, srcDir: join(process.cwd(), srcDir) }].map((each) => JAVA.batch(find(each)));

    expect(one === other).toBe(isOne);
  });
});

describe('a failure of Maven is told', () => {
  const failure = (stdout: string, complaint = 'other') => {
    try {
      build(APP, {}, ({ cwd }) => ({ ok: false, stdout: stdout.replaceAll('<cwd>', cwd!), complaint }));
      return '';
    } catch (error) {
      return (error as Error).message.replace(/^Maven said\n\n/, '');
    }
  };

  test('with the paths of the project', () => {
    expect(failure('[ERROR] <cwd>/src/main/java/A.java:[1,2] no')).toBe(`[ERROR] ${process.cwd()}/handlers/src/main/java/A.java:[1,2] no`);
  });

  test('once each, without colours, warnings, and what Maven says of itself', () => {
    expect(failure('\u001b[1;31m[ERROR]\u001b[m one\r\n[WARNING] two\n[ERROR] three -> [Help 1]\n[ERROR] one\nfour [WARNING]\n[ERROR] -> [Help 1]\n[ERROR] five'))
      .toBe('[ERROR] one\n[ERROR] three\nfour [WARNING]');
    expect(failure('one: [ERROR] To see the full stack trace\n[ERROR] two -> [Help 12]')).toBe('one: [ERROR] To see the full stack trace\n[ERROR] two');
    expect(failure('\n[ERROR] one -> [Help 12] more\n[ERROR] To see the full stack trace of the errors, re-run\n[ERROR] two')).toBe('[ERROR] one -> [Help 12] more');
  });

  test('with what it says elsewhere if it has said nothing', () => {
    expect(failure(' \n', 'no java')).toBe('no java');
    expect(failure('[ERROR] one', 'no java')).toBe('[ERROR] one');
  });

  const advice = (message: string) => failure(message).slice(message.length).trim();

  test.each([
    'Fatal error compiling: error: release version 21 not supported', 'Fatal error compiling: error: invalid target release: 21',
  ])('with what to do when the JDK is too old: %s', (message) => {
    expect(advice(message)).toMatch(/^The JDK that Maven runs on is older than Java 21: install one that is not, and name it with `JAVA_HOME`/);
  });

  test.each([
    'Could not transfer artifact a:b:pom:1', 'Unknown host repo.example.com', 'java.net.UnknownHostException', 'Connection refused',
    'Cannot access central in offline mode', 'Connect to repo.example.com:443 [repo.example.com/1.2.3.4] failed', 'Network is unreachable', 'unknown host',
  ])('with what to do when there is no network: %s', (message) => {
    expect(advice(message)).toBe('Dependencies or plugins are missing, and there is no network: build once where there is one');
  });

  test('with nothing more where nobody knows what to do', () => {
    expect(failure('[ERROR] Connect to it')).toBe('[ERROR] Connect to it');
  });
});

test('a build that succeeds without a profile is an error, and of one with it nothing is said', () => {
  const said = (stdout: string) => () => build(APP, {}, (call) => {
    compiles(call);
    return { stdout };
  });

  expect(said('[WARNING] The requested profile "a" and "b" could not be activated because it does not exist.')).toThrow('has the profile `"a\\" and \\"b"`, which neither `handlers/pom.xml`');
  expect(said('[WARNING] The requested profile is new')).not.toThrow();
});

test('the sources of a project in Java are what its hash is of', () => {
  sourceProject(APP);

  expect(JAVA.inputs(find()).files.map((file) => file.replace(`${process.cwd()}/`, '')).sort()).toEqual(Object.keys(APP).sort());
  expect(readFileSync(`handlers/${SAY}`, 'utf8')).toBe(SOURCE);
});

test('a Maven that is started has its arguments as they are, and a umask that lets everyone read', () => {
  sourceProject(APP);
  const { calls: [{ command, args }] } = playBuild(JAVA, request({ options: { properties: { a: 'b c "d" $e' } } }), 'mvn', compiles);
  const said = withTool('mvn', 'umask; for one in "$@"; do echo "$one"; done', (file) => {
    const before = process.umask(0o077);
    try {
      return runTool(command, args.map((one) => one === 'mvn' ? file : one)).stdout.split('\n');
    } finally {
      process.umask(before);
    }
  });

  expect(said.slice(0, 2)).toEqual(['0022', '--batch-mode']);
  expect(said).toContain('-Da=b c "d" $e');
});
