import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { Account, awsAccount } from '../../../src/shipped/account-log-role/account';
import { logRole } from '../../../src/shipped/account-log-role/log-role';

const PROPERTIES = {
  Partition: 'aws-cn',
  Account: '111111111111',
  RolePath: '/cdk-websocket-api/',
  RoleName: 'ApiGatewayLogs-eu-west-1',
  ManagedPolicy: 'service-role/AmazonAPIGatewayPushToCloudWatchLogs',
};
const ROLE = logRole(PROPERTIES);

/** AWS, as far as the account's SDK clients see it. */
let server: Server;
let requests: Array<{ readonly method: string; readonly url: string; readonly body: string }>;
let answer: { readonly status: number; readonly body: string };
let account: Account;
const environment = process.env;

beforeEach(async () => {
  requests = [];
  answer = { status: 200, body: '{"throttleSettings":{}}' };
  server = createServer(async (request, response) => {
    requests.push({ method: request.method!, url: request.url!, body: await text(request) });
    response.writeHead(answer.status, { 'content-type': answer.body.startsWith('{') ? 'application/json' : 'text/xml' }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env = {
    ...environment,
    AWS_ENDPOINT_URL_API_GATEWAY: endpoint,
    AWS_ENDPOINT_URL_IAM: endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_MAX_ATTEMPTS: '1',
  };
  account = awsAccount();
});

afterEach(() => {
  process.env = environment;
  server.closeAllConnections();
  server.close();
});

test('the setting is read and patched as API Gateway has it', async () => {
  await account.getLogRole();
  await account.setLogRole(ROLE.arn);

  expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /account', 'PATCH /account']);
  expect(JSON.parse(requests[1].body)).toEqual({ patchOperations: [{ op: 'replace', path: '/cloudwatchRoleArn', value: 'arn:aws-cn:iam::111111111111:role/cdk-websocket-api/ApiGatewayLogs-eu-west-1' }] });
});

test('a role is looked for by its name', async () => {
  answer = xml('GetRole', '<GetRoleResult><Role><RoleName>r</RoleName></Role></GetRoleResult>');

  expect(await account.roleExists(ROLE.arn)).toBe(true);
  expect(parameters()).toMatchObject({ Action: 'GetRole', RoleName: 'ApiGatewayLogs-eu-west-1' });
});

test('a role is gone if IAM says that there is no such entity', async () => {
  answer = iamFault(404, 'NoSuchEntity');

  expect(await account.roleExists(ROLE.arn)).toBe(false);
});

test('a role counts as there if the function may not ask', async () => {
  answer = iamFault(403, 'AccessDenied');

  expect(await account.roleExists(ROLE.arn)).toBe(true);
});

test('a role is not known to be there or gone if IAM does not answer the question', async () => {
  answer = iamFault(400, 'Throttling');

  await expect(account.roleExists(ROLE.arn)).rejects.toMatchObject({ name: 'Throttling' });
});

test('the role is created at its path, with a boundary, for API Gateway to assume for this account', async () => {
  answer = xml('CreateRole', '<CreateRoleResult><Role><RoleName>r</RoleName></Role></CreateRoleResult>');
  await account.createRole(logRole({ ...PROPERTIES, PermissionsBoundary: 'arn:aws:iam::111111111111:policy/boundary' }));

  expect(parameters()).toMatchObject({
    Action: 'CreateRole',
    Path: '/cdk-websocket-api/',
    RoleName: 'ApiGatewayLogs-eu-west-1',
    PermissionsBoundary: 'arn:aws:iam::111111111111:policy/boundary',
  });
  expect(JSON.parse(parameters().AssumeRolePolicyDocument).Statement).toEqual([{
    Effect: 'Allow',
    Principal: { Service: 'apigateway.amazonaws.com' },
    Action: 'sts:AssumeRole',
    Condition: { StringEqualsIfExists: { 'aws:SourceAccount': '111111111111' } },
  }]);
});

test('the role is created without a boundary if the app has none', async () => {
  answer = xml('CreateRole', '<CreateRoleResult><Role><RoleName>r</RoleName></Role></CreateRoleResult>');
  await account.createRole(ROLE);

  expect(parameters()).not.toHaveProperty('PermissionsBoundary');
});

test('a role that is there already is as good as created', async () => {
  answer = iamFault(409, 'EntityAlreadyExists');

  await expect(account.createRole(ROLE)).resolves.toBeUndefined();
});

test('a role that there is no room for is an error', async () => {
  answer = iamFault(409, 'LimitExceeded');

  await expect(account.createRole(ROLE)).rejects.toMatchObject({ name: 'LimitExceededException' });
});

test('the policy of AWS, in its partition, is attached to the role', async () => {
  answer = xml('AttachRolePolicy', '');
  await account.attachPolicy(ROLE);

  expect(parameters()).toMatchObject({ Action: 'AttachRolePolicy', RoleName: 'ApiGatewayLogs-eu-west-1', PolicyArn: 'arn:aws-cn:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs' });
});

/** What IAM was asked, in its query protocol. */
function parameters() {
  return Object.fromEntries(new URLSearchParams(requests[0].body));
}

function xml(call: string, result: string) {
  return { status: 200, body: `<${call}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/">${result}<ResponseMetadata/></${call}Response>` };
}

function iamFault(status: number, code: string) {
  return {
    status,
    body: `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`,
  };
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) { chunks.push(chunk); }
  return Buffer.concat(chunks).toString();
}
