import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { ModuleKind, transpile } from 'typescript';
import { Authorization, ConnectionTable, GroupName, HandshakeValue, Route, WebSocketApi, WebSocketApiProps } from '../src';
import { ECHO, testApp, testFunction, testStack, warnings } from './test-stack';
import { Command, parseCommand } from '../src/shipped/broadcaster/command';

const PAGE = readFileSync('docs/realtime.md', 'utf8');

const NEWS = { action: 'sendToGroup', group: 'news', data: '{"headline":"It works"}', excluded: [] };

/** The source of the blocks of a language, as the page has them. */
function blocks(fence: string): string[] {
  return [...PAGE.matchAll(new RegExp(`^\`\`\`${fence}\\n(.*?)^\`\`\``, 'gms'))].map(([, source]) => source);
}

/** The cells of the table that comes first after a text, without its head. */
function tableAfter(text: string): string[][] {
  const rows = PAGE.split(text)[1].split('\n').filter((line) => line.startsWith('|'));
  const end = rows.findIndex((row, index) => index > 1 && /^\|-/.test(row));
  return rows.slice(2, end < 0 ? undefined : end - 1).map((row) => row.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
}

/** Runs a module of the page. */
function run(source: string, modules: { [name: string]: unknown } = {}): any {
  const module: any = {};
  const fromHere = require;
  const load = (name: string) => modules[name] ?? fromHere(name === 'cdk-websocket-api' ? '../src' : name);
  new globalThis.Function('require', 'exports', transpile(source, { module: ModuleKind.CommonJS, esModuleInterop: true }))(load, module);
  return module;
}

describe('the examples of docs/realtime.md', () => {
  const [, imports] = /^(.*?)^declare /ms.exec(readFileSync('rosetta/default.ts-fixture', 'utf8'))!;
  const inHandlers = (source: string) => source.replace(/'src\/\w+\.main'/g, `'${ECHO}'`);

  test.each(blocks('ts').map((source) => [source.split('\n')[0], source]))('%s … is synthesized without a warning', (_, source) => {
    const app = testApp();
    const stack = testStack({}, app);
    const given = {
      existingFunction: testFunction(stack),
      api: new WebSocketApi(stack, 'Given', { connections: ConnectionTable.create(), authorization: Authorization.iam() }),
    };
    const { build } = run(`${imports} export function build(this: any, { existingFunction, api }: any) {${inHandlers(source)}}`);
    build.call(stack, given);

    expect(warnings(app)).toEqual([]);
  });

  test('from EventBridge, SNS and Step Functions lead to the broadcaster, with events that it takes', () => {
    const source = blocks('ts nofixture').find((one) => one.includes('new events.Rule'))!;
    const stack = testStack();
    const api = new WebSocketApi(stack, 'Api', { connections: ConnectionTable.create() });
    run(source.replace(/^declare .*$/gm, '').replace(/^(?=\/\/ The rule)/m, 'export function build(stack: any, api: any) {\n') + '}').build(stack, api);
    const template = Template.fromStack(stack);
    const broadcaster = stack.resolve(api.broadcaster!.functionArn);

    const [{ Properties: { Targets: [target] } }] = Object.values(template.findResources('AWS::Events::Rule'));
    expect(target.Arn).toEqual(broadcaster);
    expect(parseCommand(JSON.parse(target.InputTransformer.InputTemplate.replace(/<[^>]*>/g, '"12:00"')))).toMatchObject({ action: 'sendToGroup' });
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'lambda', Endpoint: broadcaster });
    expect(parseCommand(JSON.parse(/What is published says it itself: (\{.*\})\./.exec(source)![1]))).toMatchObject({ action: 'sendToAll' });
    const { Parameters } = (stack.node.findChild('Tell') as any).toStateJson();
    const { 'user.$': user, ...told } = Parameters.Payload;
    expect(parseCommand({ ...told, user })).toMatchObject({ action: 'sendToUser', user: '$.user' });
  });
});

describe('a broadcast in docs/realtime.md', () => {
  const sent: any[] = [];
  const sdk = {
    '@aws-sdk/client-lambda': {
      InvokeCommand: class { constructor(public readonly input: any) {} },
      LambdaClient: class { public async send({ input }: any) { sent.push({ ...input, Payload: JSON.parse(input.Payload) }); } },
    },
  };
  beforeAll(() => { process.env.WEBSOCKET_BROADCASTER = 'broadcaster'; });
  beforeEach(() => { sent.length = 0; });
  afterAll(() => { delete process.env.WEBSOCKET_BROADCASTER; });

  test('from TypeScript is one that the broadcaster takes', async () => {
    await run(blocks('ts nofixture').find((source) => source.includes('main()'))!, sdk).main();

    expect(sent).toEqual([{ FunctionName: 'broadcaster', InvocationType: 'Event', Payload: expect.anything() }]);
    expect(parseCommand(sent[0].Payload)).toEqual(NEWS);
  });

  test('from Python is one that the broadcaster takes', () => {
    const [source] = blocks('python');
    const program = `import json, sys, types
class Client:
    def invoke(self, **given):
        print(json.dumps(given))
sys.modules["boto3"] = types.SimpleNamespace(client=lambda name: Client())
${source}
main({}, None)`;
    const { stdout, stderr } = spawnSync('python3', ['-I', '-'], { input: program, encoding: 'utf8', env: { ...process.env, WEBSOCKET_BROADCASTER: 'broadcaster' } });

    expect(stderr).toBe('');
    const { Payload: payload, ...rest } = JSON.parse(stdout);
    expect(rest).toEqual({ FunctionName: 'broadcaster', InvocationType: 'Event' });
    expect(parseCommand(JSON.parse(payload))).toEqual(NEWS);
  });

  // That they compile is for the packaged test of each language to say.
  test.each(['java', 'csharp', 'go'])('from %s is one that the broadcaster takes', (language) => {
    const [payload] = /\{"action".*\}(?=["`])/.exec(blocks(language)[0])!;

    expect(parseCommand(JSON.parse(payload))).toEqual(NEWS);
  });

  test('the handler that checks first joins those who may, and refuses others', async () => {
    const source = blocks('ts nofixture').find((one) => one.includes('mayRead'))!;
    const { open } = run(source.replace(/^declare .*$/m, 'const mayRead = async (user: string) => user === "ana";'), sdk);
    const event = (sub: string) => ({ body: '{"document":"d"}', requestContext: { connectionId: 'c', authorizer: { sub } } });

    await expect(open(event('eve'))).resolves.toEqual({ statusCode: 403 });
    expect(sent).toEqual([]);
    await expect(open(event('ana'))).resolves.toEqual({ statusCode: 200 });
    expect(parseCommand(sent[0].Payload)).toEqual({ action: 'joinGroup', group: 'document:d', connectionId: 'c', announce: false });
  });
});

describe('the tables of docs/realtime.md', () => {
  const VALUES: { readonly [field: string]: unknown } = { data: 'x', excluded: ['c'], group: 'g', user: 'u', connectionId: 'c', announce: true };
  const actions = tableAfter('What the broadcaster takes').map(([action, fields]) => [action.replace(/`/g, ''), [...fields.matchAll(/`(\w+)`/g)].map(([, name]) => name)] as const);

  test.each(actions)('the broadcaster takes `%s` with the fields that are named', (action, fields) => {
    const command = parseCommand({ action, ...Object.fromEntries(fields.map((field) => [field, VALUES[field]])) });

    expect(Object.keys(command).sort()).toEqual(['action', ...fields].sort());
  });

  test('the broadcaster takes nothing else', () => {
    const [, known] = /it takes (.*)$/.exec(messageOf(() => parseCommand({ action: 'other' })))!;

    expect(actions.map(([action]) => `\`${action}\``).join(', ')).toBe(known);
  });

  test('the codes of refusals are those that there are', () => {
    const folder = 'src/shipped/connections';
    const source = readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, 'utf8')).join('\n');
    const written = [...source.matchAll(/new Refusal\(['`]([^'`]+)['`]/g)].map(([, code]) => code);
    const codes = written.flatMap((code) => code.includes('${what}') ? ['group', 'user'].map((what) => code.replace('${what}', what)) : [code]);
    const [, listed] = /The codes are (.*?)\./s.exec(PAGE)!;

    expect([...listed.matchAll(/`([\w-]+)`/g)].map(([, code]) => code).sort()).toEqual([...new Set(codes)].sort());
  });

  const OWN = { $connect: Route.toHandler(ECHO) };
  const A = { a: Route.toHandler(ECHO) };
  const JWT = { issuer: 'https://login.example.com', audience: ['chat'] };
  /** What each row adds to which API. */
  const ROWS: { readonly [row: string]: readonly [WebSocketApiProps, WebSocketApiProps] } = {
    '`connections`': [{ routes: A, connections: ConnectionTable.create() }, { routes: A }],
    'the same, with a `$connect` of your own': [{ routes: OWN, connections: ConnectionTable.create() }, { routes: OWN }],
    'each route of groups': [{ routes: { b: Route.joinGroup(GroupName.of('b')) }, connections: ConnectionTable.create() }, { connections: ConnectionTable.create() }],
    '`Authorization.jwt()` or `.cognito()`': [{ routes: OWN, authorization: Authorization.jwt(JWT) }, { routes: OWN }],
    'a token in the subprotocol, without `connections`': [
      { routes: OWN, authorization: Authorization.jwt({ ...JWT, token: HandshakeValue.subprotocol() }) },
      { routes: OWN, authorization: Authorization.jwt(JWT) },
    ],
    'a handler that is `asynchronous`': [{ routes: { a: Route.toHandler(ECHO, { asynchronous: true }) } }, { routes: A }],
  };

  test('the table of resources has the rows that are counted here', () => {
    expect(tableAfter('## What it adds to your stack').map(([row]) => row)).toEqual(Object.keys(ROWS));
  });

  test.each(tableAfter('## What it adds to your stack'))('%s adds as many resources as it says', (row, without, withFlags) => {
    const [after, before] = ROWS[row];
    const added = (flags: object) => String(resources(after, flags) - resources(before, flags));

    expect([added({}), added(recommendedFlags)]).toEqual([without, withFlags]);
  });

  function resources(props: WebSocketApiProps, flags: object): number {
    const stack = new Stack(testApp({ ...flags }), 'Stack');
    new WebSocketApi(stack, 'Api', props);
    return Object.keys(Template.fromStack(stack).toJSON().Resources).length;
  }
});

function messageOf(work: () => Command): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}
