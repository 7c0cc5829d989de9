import { createServer, IncomingMessage } from 'node:http';
import { AddressInfo } from 'node:net';
import { Account, AccountLogRoleEvent, handler } from '../../../src/shipped/account-log-role';

const ROLE = 'arn:aws:iam::111111111111:role/ours';
const OTHER = 'arn:aws:iam::111111111111:role/other';
const RESULT = { PhysicalResourceId: 'apigateway-account-log-role' };

beforeEach(() => { jest.spyOn(console, 'log').mockImplementation(() => {}); });

describe.each<AccountLogRoleEvent['RequestType']>(['Create', 'Update'])('on %s, the role of the account', (RequestType) => {
  test('is set when none is', async () => {
    const account = new FakeAccount();

    expect(await run(RequestType, account)).toEqual(RESULT);
    expect(account.role).toBe(ROLE);
  });

  test('is left alone when one is set', async () => {
    const account = new FakeAccount(OTHER);

    expect(await run(RequestType, account)).toEqual(RESULT);
    expect(account).toMatchObject({ role: OTHER, updates: 0 });
  });

  test('is left alone when another stack was faster', async () => {
    const account = new FakeAccount();
    account.failures = [fail('ConflictException', 'The account is being updated')];
    account.whileWaiting = () => { account.role = OTHER; };

    expect(await run(RequestType, account)).toEqual(RESULT);
    expect(account).toMatchObject({ role: OTHER, updates: 1 });
  });

  test.each([
    ['too many requests', 'TooManyRequestsException', 'Too Many Requests'],
    ['throttling', 'ThrottlingException', 'Rate exceeded'],
    ['an update by somebody else', 'ConflictException', 'conflict'],
    ['an outage', 'ServiceUnavailableException', 'try again'],
    ['a role that IAM has not told API Gateway of', 'BadRequestException',
      'The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.'],
  ])('is set at last after %s', async (_, name, message) => {
    const account = new FakeAccount();
    account.failures = [fail(name, message), fail(name, message)];

    expect(await run(RequestType, account)).toEqual(RESULT);
    expect(account).toMatchObject({ role: ROLE, updates: 3, waited: [10_000, 10_000] });
  });

  test('is read again after a failure of reading', async () => {
    const account = new FakeAccount();
    account.readFailures = [fail('TooManyRequestsException', 'Too Many Requests')];

    expect(await run(RequestType, account)).toEqual(RESULT);
    expect(account.role).toBe(ROLE);
  });

  test('is given up when it cannot be set in the time that the function has', async () => {
    const account = new FakeAccount();
    account.failures = Array(100).fill(fail('TooManyRequestsException', 'Too Many Requests'));

    await expect(run(RequestType, account)).rejects.toThrow('Too Many Requests');
    expect(account.waited.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(5 * 60_000);
  });

  test.each([
    ['a refusal', 'AccessDeniedException', 'not authorized to perform: apigateway:PATCH'],
    ['a bad request of another kind', 'BadRequestException', 'Invalid patch path'],
  ])('is an error at once after %s', async (_, name, message) => {
    const account = new FakeAccount();
    account.failures = [fail(name, message)];

    await expect(run(RequestType, account)).rejects.toThrow(message);
    expect(account.waited).toEqual([]);
  });
});

test('on Delete, the role of the account stays, because other APIs may have come to use it', async () => {
  const account = new FakeAccount(ROLE);

  expect(await run('Delete', account)).toEqual(RESULT);
  expect(account).toMatchObject({ role: ROLE, reads: 0, updates: 0 });
});

test('the two calls go to API Gateway as it reads them', async () => {
  const requests: Array<{ method?: string; url?: string; body: string }> = [];
  const server = createServer(async (request, response) => {
    requests.push({ method: request.method, url: request.url, body: await text(request) });
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ throttleSettings: {} }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const environment = { ...process.env };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_API_GATEWAY: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  try {
    expect(await handler({ RequestType: 'Create', ResourceProperties: { RoleArn: ROLE } })).toEqual(RESULT);
  } finally {
    process.env = environment;
    server.closeAllConnections();
    server.close();
  }

  expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /account', 'PATCH /account']);
  expect(JSON.parse(requests[1].body)).toEqual({ patchOperations: [{ op: 'replace', path: '/cloudwatchRoleArn', value: ROLE }] });
});

class FakeAccount implements Account {
  public reads = 0;
  public updates = 0;
  public waited: number[] = [];
  public failures: Error[] = [];
  public readFailures: Error[] = [];
  public role?: string;
  public whileWaiting?: () => void;

  constructor(role?: string) {
    this.role = role;
  }

  public async getLogRole() {
    this.reads++;
    const failure = this.readFailures.shift();
    if (failure) { throw failure; }
    return this.role;
  }

  public async setLogRole(roleArn: string) {
    this.updates++;
    const failure = this.failures.shift();
    if (failure) { throw failure; }
    this.role = roleArn;
  }

  public async wait(milliseconds: number) {
    this.waited.push(milliseconds);
    this.whileWaiting?.();
  }
}

function run(RequestType: AccountLogRoleEvent['RequestType'], account: Account) {
  return handler({ RequestType, ResourceProperties: { RoleArn: ROLE } }, undefined, account);
}

function fail(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) { chunks.push(chunk); }
  return Buffer.concat(chunks).toString();
}
