import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { ApiSource, Bundling, Route, StageSource, WebSocketApi } from '../../../src';
import { Watch } from '../../../src/cli/watching/watch';
import { RealClock } from '../../../src/local/clock';
import { Gateway } from '../../../src/local/gateway';
import { appFolder, synthesizeIn } from '../../local/app-folder';
import { newFolder } from '../../local/assembly-folder';
import { Client } from '../../local/client';
import { until } from '../../local/local-function';

let gateway: Gateway | undefined;
let watch: Watch | undefined;

afterEach(async () => {
  await watch?.close();
  await gateway?.close();
  watch = gateway = undefined;
});

const FILES = {
  'chat.ts': 'import { text } from "./lib/text";\nexport const main = async () => ({ statusCode: 200, body: text });\n',
  'lib/text.ts': 'export const text = "first";\n',
  'python/tally.py': 'from words import word\n\ndef main(event, context):\n    return {"statusCode": 200, "body": word}\n',
  'python/words.py': 'word = "one"\n',
  'plain/index.js': 'exports.main = async () => ({ statusCode: 200, body: require("./sub/data.json").text });\n',
  'plain/sub/data.json': '{ "text": "plain" }',
};

function define(stack: Stack, { more = {}, timeout = 3 } = {}) {
  return new WebSocketApi(stack, 'Api', {
    routes: {
      chat: Route.toHandler('chat.main', { returnResponse: true, timeout: Duration.seconds(timeout) }),
      tally: Route.toHandler('tally.main', { returnResponse: true, srcPath: 'python' }),
      plain: Route.toHandler('index.main', { returnResponse: true, srcPath: 'plain', bundling: Bundling.disabled() }),
      ...more,
    },
    api: ApiSource.fromProps({ apiName: 'chat' }),
    stage: StageSource.fromOptions({ stageName: 'dev' }),
  });
}

async function start(): Promise<string> {
  const folder = appFolder(FILES, define);
  const assembly = join(folder, 'cdk.out');
  gateway = await Gateway.start({ assembly, port: 0, env: {}, clock: new RealClock(), appFolder: folder });
  return folder;
}

async function startWatching(): Promise<string> {
  const folder = await start();
  watch = await Watch.start(gateway!, join(folder, 'cdk.out'), folder);
  return folder;
}

const connect = () => Client.connect(gateway!.apis[0].url);
const reloads = () => gateway!.events().flatMap((event) => event.type === 'reload' ? event.what : []);
const warnings = () => gateway!.events().flatMap((event) => event.type === 'warning' ? event.text : []);

/** Does this, and waits until that many more reloads were. */
async function reloading(change: () => void, count = 1) {
  const before = reloads().length;
  change();
  await until(() => reloads().length >= before + count);
}

test('what is as its source is not built anew, and nothing is said', async () => {
  await startWatching();

  expect([...reloads(), ...warnings()]).toEqual([]);
});

test.each([
  ['bundled', 'chat', 'first', 'lib/text.ts', 'export const text = "second";\n'],
  ['in Python', 'tally', 'one', 'python/words.py', 'word = "second"\n'],
  ['that is its folder as it stands', 'plain', 'plain', 'plain/sub/data.json', '{ "text": "second" }'],
])('a connection stays while code is swapped that is %s', async (_, action, before, file, contents) => {
  const folder = await startWatching();
  const client = await connect();
  expect(await client.ask({ action })).toBe(before);
  await reloading(() => writeFileSync(join(folder, file), contents));

  expect(await client.ask({ action })).toBe('second');
  expect(reloads()).toHaveLength(1);
  expect(reloads()[0]).toContain(`Route ${action}`);
});

test.each([['chat', 'lib/text.ts', 'export const text = "newer";'], ['tally', 'python/words.py', 'word = "newer"']])(
  'a handler that changed before the start runs as its source is: %s', async (action, file, contents) => {
    const folder = await start();
    writeFileSync(join(folder, file), contents);
    watch = await Watch.start(gateway!, join(folder, 'cdk.out'), folder);

    expect(await (await connect()).ask({ action })).toBe('newer');
  });

test('with an error in its source, a handler keeps its last working code until it is right again', async () => {
  const folder = await startWatching();
  const client = await connect();
  writeFileSync(join(folder, 'chat.ts'), 'export const main = async () => (((;\n');
  await until(() => warnings().length > 0);

  expect(warnings()[0]).toMatch(/^`Stack\/Api\/Route chat\/.*` keeps its last working code:\n.*ERROR.* Unexpected ";"/);
  expect(await client.ask({ action: 'chat' })).toBe('first');
  await reloading(() => writeFileSync(join(folder, 'chat.ts'), 'export const main = async () => ({ statusCode: 200, body: "right again" });\n'));
  expect(await client.ask({ action: 'chat' })).toBe('right again');
});

test('an import that is missing may come later', async () => {
  const folder = await startWatching();
  writeFileSync(join(folder, 'chat.ts'), 'import { late } from "./late";\nexport const main = async () => ({ statusCode: 200, body: late });\n');
  await until(() => warnings().length > 0);
  await reloading(() => writeFileSync(join(folder, 'late.ts'), 'export const late = "it came";\n'));

  expect(await (await connect()).ask({ action: 'chat' })).toBe('it came');
});

test('an error in a file that was imported just now goes when that file is right', async () => {
  const folder = await startWatching();
  writeFileSync(join(folder, 'new.ts'), 'export const text = (((;\n');
  writeFileSync(join(folder, 'chat.ts'), 'import { text } from "./new";\nexport const main = async () => ({ statusCode: 200, body: text });\n');
  await until(() => warnings().length > 0);
  await reloading(() => writeFileSync(join(folder, 'new.ts'), 'export const text = "right";\n'));

  expect(await (await connect()).ask({ action: 'chat' })).toBe('right');
});

test('with an error in its source, a handler is not built again for files that are none of it, a log of this error among them', async () => {
  const folder = await startWatching();
  writeFileSync(join(folder, 'output.log'), 'started\n');
  writeFileSync(join(folder, 'chat.ts'), 'export const main = async () => (((;\n');
  await until(() => warnings().length > 0);
  appendFileSync(join(folder, 'output.log'), warnings()[0]);
  await reloading(() => writeFileSync(join(folder, 'python/words.py'), 'word = "later"\n'));

  expect(warnings()).toHaveLength(1);
});

test('the files of a folder that comes later are watched, too', async () => {
  const folder = await startWatching();
  mkdirSync(join(folder, 'more'));
  writeFileSync(join(folder, 'more/text.ts'), 'export const text = "from more";\n');
  await reloading(() => writeFileSync(join(folder, 'chat.ts'), 'import { text } from "./more/text";\nexport const main = async () => ({ statusCode: 200, body: text });\n'));
  await reloading(() => writeFileSync(join(folder, 'more/text.ts'), 'export const text = "from even more";\n'));

  expect(await (await connect()).ask({ action: 'chat' })).toBe('from even more');
});

test.each([
  ['of an import', 'chat', 'lib', 'lib/text.ts', 'export const text = "back";\n'],
  ['of Python', 'tally', 'python', 'python/words.py', 'word = "back"\n'],
  ['that is deployed as it stands', 'plain', 'plain', 'plain/sub/data.json', '{ "text": "back" }'],
])('a folder %s that is moved away, and comes back as another, is missed and watched again', async (_, action, moved, file, contents) => {
  const folder = await startWatching();
  const client = await connect();
  renameSync(join(folder, moved), join(folder, 'away'));
  await until(() => warnings().some((text) => text.includes(`Route ${action}/Function\` keeps its last working code`)));
  cpSync(join(folder, 'away'), join(folder, moved), { recursive: true });
  await settle();
  await reloading(() => writeFileSync(join(folder, file), contents));

  expect(await client.ask({ action })).toBe('back');
});

test('a folder around the folder of an import may be moved, and come back changed', async () => {
  const folder = await startWatching();
  const client = await connect();
  mkdirSync(join(folder, 'around/inner'), { recursive: true });
  writeFileSync(join(folder, 'around/inner/text.ts'), 'export const text = "inner";\n');
  await reloading(() => writeFileSync(join(folder, 'chat.ts'), FILES['chat.ts'].replace('./lib', './around/inner')));
  renameSync(join(folder, 'around'), join(folder, 'away'));
  await until(() => warnings().length > 0);
  writeFileSync(join(folder, 'away/inner/text.ts'), 'export const text = "changed elsewhere";\n');
  await reloading(() => renameSync(join(folder, 'away'), join(folder, 'around')));

  expect(await client.ask({ action: 'chat' })).toBe('changed elsewhere');
});

test('files beside a source are of no interest', async () => {
  const folder = await startWatching();
  writeFileSync(join(folder, 'other.ts'), 'nonsense (((');
  mkdirSync(join(folder, 'python-of-others'));
  writeFileSync(join(folder, 'python-of-others/x.py'), 'x = 1');
  await reloading(() => writeFileSync(join(folder, 'lib/text.ts'), 'export const text = "second";\n'));

  expect(reloads()).toHaveLength(1);
  expect(warnings()).toEqual([]);
});

test('what is beside a Python source and not deployed is of no interest', async () => {
  const folder = await startWatching();
  writeFileSync(join(folder, 'python/run.log'), 'a line that a handler wrote');
  writeFileSync(join(folder, 'python/.env'), 'SECRET=1');
  writeFileSync(join(folder, 'python/.gitignore'), 'data/\n');
  mkdirSync(join(folder, 'python/data'));
  writeFileSync(join(folder, 'python/data/cache'), 'x');
  await reloading(() => writeFileSync(join(folder, 'lib/text.ts'), 'export const text = "second";\n'));
  appendFileSync(join(folder, 'python/run.log'), 'another line');
  await reloading(() => writeFileSync(join(folder, 'lib/text.ts'), 'export const text = "third";\n'));

  expect(reloads()).toHaveLength(2);
});

test('an assembly that is written anew is served: routes come, connections stay', async () => {
  const folder = await startWatching();
  const client = await connect();
  expect(await client.ask({ action: 'more' })).toMatch(/^\{"message": "Forbidden"/);
  writeFileSync(join(folder, 'more.js'), 'exports.main = async () => ({ statusCode: 200, body: "more" });\n');
  synthesizeIn(folder, (stack) => define(stack, { more: { more: Route.toHandler('more.main', { returnResponse: true }) } }));
  await until(() => gateway!.apis[0].routes.includes('more'));

  expect(await client.ask({ action: 'more' })).toBe('more');
});

test('what was swapped stays so when the assembly is written anew without it', async () => {
  const folder = await startWatching();
  const client = await connect();
  expect(await client.ask({ action: 'chat' })).toBe('first');
  await reloading(() => writeFileSync(join(folder, 'lib/text.ts'), 'export const text = "second";\n'));
  await reloading(() => writeFileSync(join(folder, 'cdk.out/manifest.json'), readFileSync(join(folder, 'cdk.out/manifest.json'))));
  await until(() => reloads().at(-1) !== 'the assembly' || reloads().length === 2);
  await (watch as any).work;

  expect(await client.ask({ action: 'chat' })).toBe('second');
});

test('an assembly that is half written is waited for, and the one before is served until then', async () => {
  const folder = await startWatching();
  const client = await connect();
  const template = join(folder, 'cdk.out/Stack.template.json');
  const whole = readFileSync(template, 'utf8');
  const reload = jest.spyOn(gateway!, 'reload');
  writeFileSync(template, whole.slice(0, whole.length / 2));
  await until(() => reload.mock.calls.length > 1);
  expect(await client.ask({ action: 'chat' })).toBe('first');
  expect(await (await connect()).ask({ action: 'chat' })).toBe('first');
  await reloading(() => writeFileSync(template, whole));

  expect(await client.ask({ action: 'chat' })).toBe('first');
  expect(warnings()).toEqual([]);
});

test('an assembly that is removed, and comes again, is served and watched', async () => {
  const folder = await startWatching();
  const client = await connect();
  const assembly = join(folder, 'cdk.out');
  cpSync(assembly, join(folder, 'copy'), { recursive: true });
  const reload = jest.spyOn(gateway!, 'reload');
  rmSync(assembly, { recursive: true });
  await until(() => reload.mock.calls.length > 1);
  await reloading(() => renameSync(join(folder, 'copy'), assembly));
  expect(await client.ask({ action: 'chat' })).toBe('first');
  await (watch as any).work;
  await reloading(() => writeFileSync(join(assembly, 'manifest.json'), readFileSync(join(assembly, 'manifest.json'))));
});

test('an assembly in which no API is left is not served: it is said, and the one before is', async () => {
  const folder = await startWatching();
  const client = await connect();
  const template = join(folder, 'cdk.out/Stack.template.json');
  const whole = readFileSync(template, 'utf8');
  writeFileSync(template, '{ "Resources": {} }');
  await until(() => warnings().length > 0);
  expect(warnings()[0]).toContain('WebSocket API');
  expect(await client.ask({ action: 'chat' })).toBe('first');
  await reloading(() => writeFileSync(template, whole));
});

test('nothing is rebuilt once it is closed', async () => {
  const folder = await startWatching();
  const swap = jest.spyOn(gateway!, 'swap');
  const client = await connect();
  writeFileSync(join(folder, 'lib/text.ts'), 'export const text = "second";\n');
  await watch!.close();
  await new Promise((resolve) => setTimeout(resolve, 50));

  expect(swap).not.toHaveBeenCalled();
  expect(await client.ask({ action: 'chat' })).toBe('first');
});

describe('what a save does not do is said once, with what to do:', () => {
  test('the app itself changed', async () => {
    const folder = await startWatching();
    writeFileSync(join(folder, 'cdk.json'), '{ "app": "npx tsx app.ts" }');
    await until(() => warnings().length > 0);
    await reloading(() => synthesizeIn(folder, define));
    const changeApp = (text: string) => writeFileSync(join(folder, 'app.ts'), text);
    changeApp('// one\n');
    await until(() => warnings().length > 1);
    changeApp('// two\n');
    await settle();

    expect(warnings().slice(1)).toEqual(['`app.ts` changed, and the gateway serves the assembly as it is: run `cdk synth` to see the change here']);
    await reloading(() => synthesizeIn(folder, define));
    changeApp('// three\n');
    await until(() => warnings().length > 2);
  });

  test('a file of the app in `bin`, or where `cdk.json` says', async () => {
    const folder = await start();
    mkdirSync(join(folder, 'bin'));
    mkdirSync(join(folder, 'infra'));
    writeFileSync(join(folder, 'infra/main.py'), '');
    writeFileSync(join(folder, 'cdk.json'), '{ "app": "python3 infra/main.py" }');
    watch = await Watch.start(gateway!, join(folder, 'cdk.out'), folder);
    writeFileSync(join(folder, 'bin/app.test.ts'), '// a test\n');
    writeFileSync(join(folder, 'infra/stack.py'), '# new\n');
    await until(() => warnings().length > 0);

    expect(warnings()[0]).toMatch(/^`infra\/stack\.py` changed/);
  });

  test('the assembly does not say where the sources are', async () => {
    const folder = appFolder(FILES, define);
    for (const file of ['manifest.json', 'Stack.metadata.json'].map((name) => join(folder, 'cdk.out', name)).filter(existsSync)) {
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll('cdk-websocket-api:source', 'other'));
    }
    gateway = await Gateway.start({ assembly: join(folder, 'cdk.out'), port: 0, env: {}, clock: new RealClock(), appFolder: folder });
    watch = await Watch.start(gateway, join(folder, 'cdk.out'), folder);

    expect(warnings().filter((text) => text.startsWith('`--watch`'))).toEqual([
      expect.stringMatching(/^`--watch` rebuilds no handler: the assembly does not say where their sources are\. Synthesize it with the CDK CLI \(`cdk synth`\)/),
    ]);
  });

  test('the assembly was moved away from the sources', async () => {
    const elsewhere = newFolder();
    cpSync(join(appFolder(FILES, define), 'cdk.out'), join(elsewhere, 'cdk.out'), { recursive: true });
    gateway = await Gateway.start({ assembly: join(elsewhere, 'cdk.out'), port: 0, env: {}, clock: new RealClock(), appFolder: elsewhere });
    watch = await Watch.start(gateway, join(elsewhere, 'cdk.out'), elsewhere);

    expect(warnings().at(-1)).toMatch(/^`--watch` does not find the sources of `Stack\/Api\/Route .*` \(`.*chat\.ts`\).*: the assembly was moved away from them/);
  });

  test('the assembly is broken for seconds', async () => {
    const folder = await startWatching();
    const template = join(folder, 'cdk.out/Stack.template.json');
    const whole = readFileSync(template, 'utf8');
    writeFileSync(template, whole.slice(0, 100));
    await until(() => warnings().length > 0);
    await new Promise((done) => setTimeout(done, 500));

    expect(warnings()).toEqual([expect.stringMatching(/Stack\.template\.json.*The gateway serves the assembly before it, and reads this one as soon as it is whole$/)]);
    await reloading(() => writeFileSync(template, whole));
  });

  test('a broken handler, and then another is saved', async () => {
    const folder = await startWatching();
    writeFileSync(join(folder, 'chat.ts'), 'import { gone } from "./gone";\nexport const main = async () => gone;\n');
    await until(() => warnings().length > 0);
    // As an editor saves: a new file takes the place of the old one.
    for (const word of ['two', 'three']) {
      await reloading(() => {
        writeFileSync(join(folder, 'python/part'), `word = "${word}"\n`);
        renameSync(join(folder, 'python/part'), join(folder, 'python/words.py'));
      });
    }
    await settle();
    expect(warnings()).toHaveLength(1);

    writeFileSync(join(folder, 'chat.ts'), 'import { gone } from "./gone";\nexport const main = async () => [gone];\n');
    await until(() => warnings().length > 1);
  });
});

/** Until what has changed so far is seen to. */
async function settle() {
  await new Promise((done) => setTimeout(done, 100));
  await (watch as any).work;
}
