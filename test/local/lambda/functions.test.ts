import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { FunctionModel, Model, PolicyStatementModel, PrincipalModel } from '../../../src/local/definition/model';
import { Trace } from '../../../src/local/events/trace';
import { Callers } from '../../../src/local/iam/callers';
import { Functions } from '../../../src/local/lambda/functions';
import { newFolder } from '../assembly-folder';
import { functionModel, isAlive, until } from '../local-function';

let functions: Functions;
let trace: Trace;
beforeEach(() => {
  trace = new Trace(Date.now);
  functions = new Functions({
    callers: new Callers(),
    trace,
    appFolder: newFolder(),
    maxConcurrency: 1,
  });
});
afterEach(() => functions.close());

const answering = (expression: string) => newFolder({ 'index.js': `exports.handler = async (_event, context) => ${expression};` });
const fn = (overrides: Partial<FunctionModel> = {}) => functionModel({ code: answering('process.pid'), ...overrides });
const serve = (...all: FunctionModel[]) => serveWith([], ...all);
const serveWith = (principals: PrincipalModel[], ...all: FunctionModel[]) => {
  const model = { principals, functions: new Map(all.map((one) => [one.arn, one])) } as unknown as Model;
  return functions.serve(model, { environmentOf: ({ environment }) => ({ ...environment }) });
};
const call = async ({ arn }: FunctionModel) => JSON.parse((await functions.invoke(arn, '{}')).payload);

describe('a function that the assembly changes', () => {
  test.each<[string, () => Partial<FunctionModel>, unknown]>([
    ['code', () => ({ code: answering('"changed"') }), 'changed'],
    ['environment', () => ({ environment: { TEXT: 'changed' } }), 'changed'],
    ['memory', () => ({ memoryMB: 512 }), 'none 512'],
  ])('has a new environment for its new %s', async (_, changes, expected) => {
    const code = answering('(process.env.TEXT ?? "none " + process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE)');
    const before = fn({ code });
    await serve(before);
    expect(await call(before)).toBe('none 256');

    expect(await serve({ ...before, ...changes() })).toEqual(['Stack/Chat']);
    expect(await call(before)).toBe(expected);
  });

  test('goes on as it is where nothing that matters to it changes', async () => {
    const before = fn();
    await serve(before);
    const pid = await call(before);

    expect(await serve({ ...before, path: 'Stack/Renamed', reservedConcurrency: 3 })).toEqual([]);
    expect(await call(before)).toBe(pid);
  });

  test('ends where it is not in the assembly any more', async () => {
    const before = fn();
    await serve(before);
    const pid = await call(before);
    await serve();

    await until(() => !isAlive(pid));
    expect(await call(before)).toMatchObject({ errorType: 'ResourceNotFoundException' });
  });

  test('ends where it could never be opened, too', async () => {
    const broken = fn({ code: '/no/such/asset.zip' });
    await serve(broken);
    expect(await call(broken)).toMatchObject({ errorType: 'Runtime.InvalidEntrypoint' });
    await serve();

    expect(await call(broken)).toMatchObject({ errorType: 'ResourceNotFoundException' });
  });

  test('can be called once it can be opened', async () => {
    const broken = fn({ code: '/no/such/asset.zip' });
    await serve(broken);
    await call(broken);
    await serve({ ...broken, code: answering('"repaired"') });

    expect(await call(broken)).toBe('repaired');
  });
});

describe('code that takes the place of an asset', () => {
  test('runs from then on, and still does when the assembly is read again', async () => {
    const before = fn();
    await serve(before);
    await call(before);
    await functions.swap(before, answering('"swapped"'));
    expect(await call(before)).toBe('swapped');
    await serve(before);

    expect(await call(before)).toBe('swapped');
  });

  test('is removed when other code has taken its place, and what ran in it is done', async () => {
    const before = fn();
    const slow = newFolder({
      'index.js': 'exports.handler = () => new Promise((done) => setTimeout(() => done(require("fs").readFileSync(`${__dirname}/late.txt`, "utf8")), 300));',
      'late.txt': 'late',
    });
    await serve(before);
    await call(before);
    await functions.swap(before, slow);
    expect(await call(before)).toBe('late');
    const running = call(before);
    await functions.swap(before, answering('"swapped"'));
    expect(await running).toBe('late');

    await until(() => !existsSync(slow));
  });

  test('gives way to a newer asset', async () => {
    const before = fn();
    await serve(before);
    await functions.swap(before, answering('"swapped"'));
    await serve({ ...before, code: answering('"newer"') });

    expect(await call(before)).toBe('newer');
  });
});

test('layers lie over each other at one place, the last on top', async () => {
  const layered = fn({
    code: answering('require("one") + require("both")'),
    layers: [
      newFolder({ 'nodejs/node_modules/one/index.js': 'module.exports = "first ";', 'nodejs/node_modules/both/index.js': 'module.exports = "hidden";' }),
      newFolder({ 'nodejs/node_modules/both/index.js': 'module.exports = "second";' }),
    ],
  });
  await serve(layered);

  expect(await call(layered)).toBe('first second');
});

test('a version or an alias leads to the one version that there is', async () => {
  const only = fn();
  await serve(only);

  expect(await call({ ...only, arn: `${only.arn}:live` })).toEqual(expect.any(Number));
});

test('a caller that waits no longer is told so, and the next one is served', async () => {
  const only = fn();
  await serve(only);

  expect(await functions.invoke(only.arn, '{}', 1)).toMatchObject({ timedOut: true });
  expect(await functions.invoke(only.arn, '{}', 20_000)).toMatchObject({ payload: expect.stringMatching(/^\d+$/) });
});

test('a function is told the alias that it is called by', async () => {
  const only = fn({ code: answering('context.invokedFunctionArn') });
  await serve(only);

  expect(await functions.invoke(`${only.arn}:live`, '{}')).toMatchObject({ payload: JSON.stringify(`${only.arn}:live`) });
});

test('a version has environments of its own, which know its number', async () => {
  const only = fn({ code: answering('[context.functionVersion, process.env.AWS_LAMBDA_LOG_STREAM_NAME.replace(/^.*\\[|\\].*$/g, "")]') });
  await serve(only);

  expect(await call(only)).toEqual(['$LATEST', '$LATEST']);
  expect(await call({ ...only, arn: `${only.arn}:live` })).toEqual(['1', '1']);
  expect(await call({ ...only, arn: `${only.arn}:7` })).toEqual(['7', '7']);
});

test('all versions of it have new environments for its new code', async () => {
  const before = fn();
  const live = { ...before, arn: `${before.arn}:live` };
  await serve(before);
  await call(before);
  await call(live);
  await serve({ ...before, code: answering('"changed"') });

  expect([await call(before), await call(live)]).toEqual(['changed', 'changed']);
});

test('API Gateway may call it only where its policy says so', async () => {
  const only = fn({ invokers: [{ sourceArn: 'arn:aws:execute-api:eu-west-1:111111111111:abc/*/$connect' }] });
  await serve(only);

  expect(functions.refusal(only.arn, 'arn:aws:execute-api:eu-west-1:111111111111:abc/dev/$connect')).toBeUndefined();
  expect(functions.refusal(only.arn, 'arn:aws:execute-api:eu-west-1:111111111111:abc/dev/send')).toMatch(/^API Gateway may not invoke `Stack\/Chat` for `.*\/send`: add an `AWS::Lambda::Permission`/);
  expect(functions.refusal('arn:of:nobody', 'arn:of:any')).toBeUndefined();
});

test('a permission of the function is none for its alias, and the other way round', async () => {
  const [all, live] = [{ sourceArn: '*' }, { sourceArn: '*', qualifier: 'live' }];
  const refused = async (arn: string, ...invokers: FunctionModel['invokers']) => {
    const only = fn({ invokers });
    await serve(only);
    return functions.refusal(`${only.arn}${arn}`, 'arn:of:route');
  };

  expect(await refused(':live', live)).toBeUndefined();
  expect(await refused(':$LATEST', all)).toBeUndefined();
  expect(await refused(':live', all)).toMatch(/as `live` for `arn:of:route`: add an `AWS::Lambda::Permission` to that version or alias/);
  expect(await refused('', live)).toMatch(/add an `AWS::Lambda::Permission`, with `fn\.addPermission\(\)`$/);
});

test('API Gateway may call it with a role only where the policies of that role say so', async () => {
  const only = fn({ invokers: [] });
  const statement = { actions: ['lambda:InvokeFunction'], resources: [only.arn] };
  const role = (name: string, ...statements: PolicyStatementModel[]) => ({ arn: `arn:aws:iam::111111111111:role/${name}`, name, path: `Stack/${name}`, statements });
  const allowed = role('Allowed', { effect: 'Allow', ...statement, conditions: { StringEquals: { 'aws:RequestedRegion': only.region } } });
  const idle = role('Idle');
  const denied = role('Denied', { effect: 'Allow', ...statement }, { effect: 'Deny', ...statement });
  await serveWith([allowed, idle, denied], only);

  expect(functions.refusal(only.arn, 'arn:of:route', allowed.arn)).toBeUndefined();
  expect(functions.refusal(only.arn, 'arn:of:route', idle.arn)).toBe(`the role \`${idle.arn}\` may not \`lambda:InvokeFunction\` on \`${only.arn}\`: grant it with \`fn.grantInvoke(role)\``);
  expect(functions.refusal(only.arn, 'arn:of:route', denied.arn)).toBe(`the role \`${denied.arn}\` may not \`lambda:InvokeFunction\` on \`${only.arn}\`: a statement of its policies denies it`);
  expect(functions.refusal(only.arn, 'arn:of:route', 'arn:aws:iam::1:role/of-another-app')).toBeUndefined();
});

test('a role whose permission ends at a time may not call it later', async () => {
  const only = fn({ invokers: [] });
  const conditions = { DateLessThan: { 'aws:CurrentTime': new Date(Date.now() + 60_000).toISOString() } };
  const role = { arn: 'arn:aws:iam::111111111111:role/Soon', name: 'Soon', path: 'Stack/Soon', statements: [{ effect: 'Allow' as const, actions: ['*'], resources: ['*'], conditions }] };
  await serveWith([role], only);

  expect(functions.refusal(only.arn, 'arn:of:route', role.arn)).toBeUndefined();
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'], now: Date.now() + 120_000 });
  const later = functions.refusal(only.arn, 'arn:of:route', role.arn);
  jest.useRealTimers();
  expect(later).toMatch(/may not `lambda:InvokeFunction`/);
});

test('one that nothing uses says what it lacks when it is invoked, once', async () => {
  const lacking = fn({ code: newFolder({ 'index.js': 'exports.handler = async () => require("@aws-sdk/client-none");\nrequire("@aws-sdk/client-none");' }) });
  await serve(lacking);
  expect(await call(lacking)).toMatchObject({ errorType: 'Runtime.ImportModuleError' });
  await call(lacking);

  expect(trace.events().filter(({ type }) => type === 'warning')).toEqual([expect.objectContaining({
    text: expect.stringContaining('uses `@aws-sdk/client-none`, which Lambda\'s Node.js carries and this app has not: `npm install --save-dev @aws-sdk/client-none`'),
  })]);
});

test('nothing is left of them when they are closed, and nothing is called', async () => {
  const only = fn();
  await serve(only);
  const pid = await call(only);
  const folder = functions.newFolder('what/ever?');
  expect(readdirSync(dirname(folder)).length).toBeGreaterThan(0);
  await functions.close();

  expect(isAlive(pid)).toBe(false);
  expect(existsSync(dirname(folder))).toBe(false);
  expect(await call(only)).toMatchObject({ errorType: 'ResourceNotFoundException' });
});
