import { FakeAccount, fault } from './fake-account';
import { AccountLogRoleEvent, handler } from '../../../src/shipped/account-log-role';

const ROLE = 'arn:aws:iam::111111111111:role/cdk-websocket-api/ApiGatewayLogs-eu-west-1';
const POLICY = 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';
const OTHER = 'arn:aws:iam::111111111111:role/other';
const RESULT = { PhysicalResourceId: 'apigateway-account-log-role' };

beforeEach(() => { jest.spyOn(console, 'log').mockImplementation(() => {}); });

describe.each<AccountLogRoleEvent['RequestType']>(['Create', 'Update'])('on %s, the role of the account', (RequestType) => {
  test('is created, given its policy, and set, if none is set', async () => {
    const account = new FakeAccount();

    expect(await run(RequestType, account)).toEqual(RESULT);
    expect(account).toMatchObject({ setting: ROLE, policies: [POLICY], waited: [] });
  });

  test('is left alone if one is set that works', async () => {
    const account = new FakeAccount(OTHER);

    expect(await run(RequestType, account)).toEqual(RESULT);
    expect(account).toMatchObject({ setting: OTHER, changes: [] });
  });

  test('is left alone if the one that is set is so new that IAM has yet to know it', async () => {
    const account = new FakeAccount(OTHER);
    account.roles.delete(OTHER);
    account.whileWaiting = () => { account.roles.add(OTHER); };

    expect(await run(RequestType, account)).toEqual(RESULT);
    expect(account).toMatchObject({ setting: OTHER, changes: [] });
  });

  test('is set anew if the one that is set is gone', async () => {
    const account = new FakeAccount(OTHER);
    account.roles.delete(OTHER);

    expect(await run(RequestType, account)).toEqual(RESULT);
    expect(account).toMatchObject({ setting: ROLE, policies: [POLICY] });
  });

  test('is created anew if it is the one that is set, and is gone', async () => {
    const account = new FakeAccount(ROLE);
    account.roles.delete(ROLE);

    expect(await run(RequestType, account)).toEqual(RESULT);
    expect(account).toMatchObject({ setting: ROLE, policies: [POLICY] });
    expect(account.roles).toContain(ROLE);
  });

  test('is used if a stack that has gone has left it behind', async () => {
    const account = new FakeAccount();
    account.roles.add(ROLE);

    expect(await run(RequestType, account)).toEqual(RESULT);
    expect(account.setting).toBe(ROLE);
    expect([...account.roles]).toEqual([ROLE]);
  });

  test('is left alone if somebody else sets another while it is created', async () => {
    const account = new FakeAccount();
    account.onAttach = () => { account.setting = OTHER; account.roles.add(OTHER); };

    expect(await run(RequestType, account)).toEqual(RESULT);
    expect(account.setting).toBe(OTHER);
  });

  test('is left alone if somebody else sets another while this one is refused', async () => {
    const account = new FakeAccount();
    account.fail('setLogRole', fault('ConflictException', 'The account is being updated'));
    account.whileWaiting = () => { account.setting = OTHER; account.roles.add(OTHER); };

    expect(await run(RequestType, account)).toEqual(RESULT);
    expect(account.setting).toBe(OTHER);
  });

  test('is one role if two stacks come at once', async () => {
    const account = new FakeAccount();

    expect(await Promise.all([run(RequestType, account), run(RequestType, account)])).toEqual([RESULT, RESULT]);
    expect(account.setting).toBe(ROLE);
    expect([...account.roles]).toEqual([ROLE]);
  });

  test.each([
    ['setLogRole', 'too many requests', 'TooManyRequestsException', 'Too Many Requests'],
    ['setLogRole', 'throttling', 'ThrottlingException', 'Rate exceeded'],
    ['setLogRole', 'an update by somebody else', 'ConflictException', 'conflict'],
    ['setLogRole', 'an outage', 'ServiceUnavailableException', 'try again'],
    ['setLogRole', 'a role that API Gateway cannot assume yet', 'BadRequestException',
      'The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.'],
    ['getLogRole', 'too many requests', 'TooManyRequestsException', 'Too Many Requests'],
    ['getLogRole', 'a role of the function that is too new', 'AccessDeniedException', 'not authorized'],
    ['roleExists', 'throttling by IAM', 'Throttling', 'Rate exceeded'],
    ['createRole', 'a role that two create at the same time', 'ConcurrentModificationException', 'try again'],
    ['createRole', 'an account that is full for the moment', 'LimitExceededException', 'Cannot exceed quota for RolesPerAccount'],
    ['createRole', 'an outage of IAM', 'ServiceFailureException', 'internal'],
    ['attachPolicy', 'a role that another part of IAM does not know yet', 'NoSuchEntityException', 'The role cannot be found'],
  ] as const)('is set in the end although %s met %s', async (call, _, name, message) => {
    const account = new FakeAccount(call === 'roleExists' ? OTHER : undefined);
    account.roles.delete(OTHER);
    account.fail(call, fault(name, message), fault(name, message));

    expect(await run(RequestType, account)).toEqual(RESULT);
    expect(account).toMatchObject({ setting: ROLE, policies: [POLICY] });
  });

  test('is given up before the function\'s five minutes are over', async () => {
    const account = new FakeAccount(OTHER);
    account.roles.delete(OTHER);
    account.fail('setLogRole', ...Array(100).fill(fault('TooManyRequestsException', 'Too Many Requests')));

    await expect(run(RequestType, account)).rejects.toThrow('Too Many Requests');
    expect(account.waited.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(4 * 60_000);
  });

  test('is given up after a few attempts if there is no room for a role', async () => {
    const account = new FakeAccount();
    account.fail('createRole', ...Array(100).fill(fault('LimitExceededException', 'Cannot exceed quota for RolesPerAccount: 1000')));

    await expect(run(RequestType, account)).rejects.toThrow(`cannot set \`${ROLE}\` as the role that API Gateway writes logs with: ` +
      'Cannot exceed quota for RolesPerAccount: 1000 (the account may have no more roles, or the role no more policies); ' +
      'set a role in the API Gateway settings of the account yourself, and give `accountRole: AccountLogRole.existing()`');
    expect(account.waited).toHaveLength(2);
  });

  test.each([
    ['setLogRole', 'a bad request of another kind', 'BadRequestException', 'Invalid patch path'],
    ['createRole', 'a role that IAM refuses', 'InvalidInputException', 'ARN of the boundary is not valid'],
  ] as const)('is an error at once if %s meets %s', async (call, _, name, message) => {
    const account = new FakeAccount();
    account.fail(call, fault(name, message));

    await expect(run(RequestType, account)).rejects.toThrow(message);
    expect(account.waited).toEqual([]);
  });
});

test('on Delete, nothing is read or changed, because other APIs may have come to use the role', async () => {
  const account = new FakeAccount(ROLE);

  expect(await run('Delete', account)).toEqual(RESULT);
  expect(account).toMatchObject({ setting: ROLE, calls: 0 });
});

test('20 stacks that come and go leave one role', async () => {
  const account = new FakeAccount();
  for (let stack = 0; stack < 20; stack++) {
    await run('Create', account);
    await run('Delete', account);
  }

  expect([...account.roles]).toEqual([ROLE]);
  expect(account.changes).toEqual(['createRole', 'attachPolicy', 'setLogRole']);
});

function run(RequestType: AccountLogRoleEvent['RequestType'], account: FakeAccount) {
  return handler({
    RequestType,
    ResourceProperties: {
      Partition: 'aws',
      Account: '111111111111',
      RolePath: '/cdk-websocket-api/',
      RoleName: 'ApiGatewayLogs-eu-west-1',
      ManagedPolicy: 'service-role/AmazonAPIGatewayPushToCloudWatchLogs',
    },
  }, undefined, account);
}
