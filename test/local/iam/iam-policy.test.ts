import { PolicyStatementModel } from '../../../src/local/definition/model';
import { Decision, isAllowed, statementsOf } from '../../../src/local/iam/iam-policy';

const ACTION = 'execute-api:ManageConnections';
const RESOURCE = 'arn:aws:execute-api:eu-west-1:123456789012:abcdefghij/dev/POST/@connections/L0SM9cOFvHcCIhw=';

function decide(statement: Partial<PolicyStatementModel>, request: Partial<Parameters<typeof isAllowed>[1]> = {}): Decision {
  return isAllowed([{ effect: 'Allow', actions: ['*'], resources: ['*'], ...statement }], { action: ACTION, resource: RESOURCE, ...request });
}

describe('decisions', () => {
  test('statements that are not known allow everything', () => {
    expect(isAllowed(undefined, { action: ACTION, resource: RESOURCE })).toBe('allow');
  });

  test('no statement allows nothing', () => {
    expect(isAllowed([], { action: ACTION, resource: RESOURCE })).toBe('implicit-deny');
  });

  test('what a statement allows is allowed', () => {
    expect(decide({ actions: [ACTION], resources: [RESOURCE] })).toBe('allow');
  });

  test('an explicit deny wins, wherever it stands', () => {
    const allow: PolicyStatementModel = { effect: 'Allow', actions: ['*'], resources: ['*'] };
    expect(isAllowed([{ ...allow, effect: 'Deny' }, allow], { action: ACTION, resource: RESOURCE })).toBe('explicit-deny');
  });

  test('a deny of something else denies nothing', () => {
    const allow: PolicyStatementModel = { effect: 'Allow', actions: ['*'], resources: ['*'] };
    expect(isAllowed([{ ...allow, effect: 'Deny', actions: ['s3:*'] }, allow], { action: ACTION, resource: RESOURCE })).toBe('allow');
  });
});

describe('actions and resources', () => {
  test.each<[string, Decision]>([
    ['execute-api:*', 'allow'],
    ['EXECUTE-API:manageconnections', 'allow'],
    ['execute-api:Manage*', 'allow'],
    ['*:ManageConnection?', 'allow'],
    ['execute-api:Invoke', 'implicit-deny'],
    ['execute-api:ManageConnections?', 'implicit-deny'],
    ['execute-api:', 'implicit-deny'],
  ])('the action `%s`: %s', (action, decision) => {
    expect(decide({ actions: ['s3:GetObject', action] })).toBe(decision);
  });

  test.each<[string, Decision]>([
    ['arn:aws:execute-api:eu-west-1:123456789012:abcdefghij/dev/*/@connections/*', 'allow'],
    ['arn:aws:execute-api:*:abcdefghij/*', 'allow'],
    ['arn:*=', 'allow'],
    ['arn:aws:execute-api:eu-west-?:123456789012:*', 'allow'],
    ['**', 'allow'],
    ['arn:aws:execute-api:eu-west-1:123456789012:abcdefghij/dev/GET/*', 'implicit-deny'],
    ['arn:aws:execute-api:eu-west-1:123456789012:ABCDEFGHIJ/dev/*', 'implicit-deny'],
    ['', 'implicit-deny'],
  ])('the resource `%s`: %s', (resource, decision) => {
    expect(decide({ resources: [resource] })).toBe(decision);
  });

  test.each<[string, Decision]>([['execute-api:*', 'implicit-deny'], ['s3:*', 'allow']])('all actions but `%s`: %s', (action, decision) => {
    expect(decide({ actions: undefined, notActions: [action] })).toBe(decision);
  });

  test.each<[string, Decision]>([['arn:aws:execute-api:*', 'implicit-deny'], ['arn:aws:s3:::*', 'allow']])('all resources but `%s`: %s', (resource, decision) => {
    expect(decide({ resources: undefined, notResources: [resource] })).toBe(decision);
  });

  test('a statement of no action, or of no resource, says nothing', () => {
    expect([decide({ actions: undefined }), decide({ resources: undefined })]).toEqual(['implicit-deny', 'implicit-deny']);
  });

  test('variables that nobody closes take no time', () => {
    expect(decide({ resources: ['${'.repeat(50_000)] })).toBe('implicit-deny');
  });

  test('many wildcards take no time', () => {
    expect(decide({ resources: [`${'*a'.repeat(500)}b`] }, { resource: 'a'.repeat(2000) })).toBe('implicit-deny');
  });
});

describe('policy variables', () => {
  const context = () => ({ 'aws:username': 'jo*' });

  test.each<[string, string, Decision]>([
    ['${aws:username}/x', 'jo*/x', 'allow'],
    ['${aws:UserName}/*', 'jo*/x', 'allow'],
    ['${aws:username}', 'john', 'implicit-deny'],
    ['${aws:unknown}', '${aws:unknown}', 'implicit-deny'],
    ["${aws:unknown, 'team'}", 'team', 'allow'],
    ['${*}', '*', 'allow'],
    ['${*}', 'x', 'implicit-deny'],
    ['a${?}$', 'a?$', 'allow'],
    ['${$}{x}', '${x}', 'allow'],
  ])('`%s` and `%s`: %s', (pattern, resource, decision) => {
    expect(decide({ resources: [pattern] }, { resource, context })).toBe(decision);
  });
});

describe('conditions', () => {
  const context = {
    'aws:SourceIp': '10.1.2.3', 'text': 'Hello', 'number': '10', 'date': '2024-02-19T07:11:42Z', 'arn': 'arn:aws:iam::123456789012:role/a:b', 'flag': 'true', 'six': '2001:db8::1',
  };

  test.each<[string, string, unknown, boolean]>([
    ['StringEquals', 'text', 'Hello', true],
    ['StringEquals', 'TEXT', ['x', 'Hello'], true],
    ['StringEquals', 'text', 'hello', false],
    ['StringEquals', 'text', 'Hell*', false],
    ['StringNotEquals', 'text', ['x', 'y'], true],
    ['StringNotEquals', 'text', ['x', 'Hello'], false],
    ['StringEqualsIgnoreCase', 'text', 'hELLO', true],
    ['StringNotEqualsIgnoreCase', 'text', 'hELLO', false],
    ['StringLike', 'text', 'H*l?', true],
    ['StringLike', 'text', 'h*', false],
    ['StringNotLike', 'text', 'H*', false],
    ['stringlike', 'text', 'H*', true],
    ['ArnLike', 'arn', 'arn:aws:iam::*:role/*', true],
    ['ArnEquals', 'arn', 'arn:aws:iam::*:role/a:?', true],
    ['ArnLike', 'arn', 'arn:*:role/*', false],
    ['ArnNotLike', 'arn', 'arn:aws:iam::*:role/*', false],
    ['ArnNotEquals', 'arn', 'arn:aws:iam::1:role/*', true],
    ['BinaryEquals', 'text', 'Hello', true],
    ['Bool', 'flag', true, true],
    ['Bool', 'flag', 'False', false],
    ['IpAddress', 'aws:SourceIp', ['192.168.0.0/16', '10.0.0.0/8'], true],
    ['IpAddress', 'aws:SourceIp', '10.1.2.3', true],
    ['IpAddress', 'aws:SourceIp', '10.1.2.4', false],
    ['IpAddress', 'aws:SourceIp', '10.0.0.0/99', false],
    ['IpAddress', 'aws:SourceIp', '10.0.0.0/', false],
    ['IpAddress', 'aws:SourceIp', '10.0.0.0/8/9', false],
    ['IpAddress', 'six', '2001:db8::1%eth0', false],
    ['StringEquals', 'text', { toString: 1, valueOf: 1 }, false],
    ['IpAddress', 'aws:SourceIp', 'everywhere', false],
    ['IpAddress', 'text', '10.0.0.0/8', false],
    ['IpAddress', 'six', '2001:db8::/32', true],
    ['IpAddress', 'six', '2001:db8::1', true],
    ['IpAddress', 'six', '10.0.0.0/8', false],
    ['NotIpAddress', 'aws:SourceIp', '10.0.0.0/8', false],
    ['NumericEquals', 'number', 10, true],
    ['NumericNotEquals', 'number', '10.0', false],
    ['NumericLessThan', 'number', '10', false],
    ['NumericLessThanEquals', 'number', '10', true],
    ['NumericGreaterThan', 'number', '9', true],
    ['NumericGreaterThanEquals', 'number', '11', false],
    ['NumericEquals', 'text', '', false],
    ['DateEquals', 'date', '2024-02-19T08:11:42+01:00', true],
    ['DateNotEquals', 'date', '2024-02-19T07:11:42Z', false],
    ['DateLessThan', 'date', '2024-02-20', true],
    ['DateLessThanEquals', 'date', '1708326702', true],
    ['DateGreaterThan', 'date', '1708326702', false],
    ['DateGreaterThanEquals', 'date', 'nonsense', false],
    ['Null', 'text', 'false', true],
    ['Null', 'text', true, false],
    ['Null', 'missing', 'true', true],
    ['StringEquals', 'missing', 'x', false],
    ['StringNotEquals', 'missing', 'x', true],
    ['StringEqualsIfExists', 'missing', 'x', true],
    ['StringEqualsIfExists', 'text', 'x', false],
    ['ForAnyValue:StringEquals', 'text', ['x', 'Hello'], true],
    ['ForAnyValue:StringEquals', 'missing', 'x', false],
    ['ForAnyValue:StringNotEquals', 'missing', 'x', false],
    ['ForAllValues:StringEquals', 'missing', 'x', true],
    ['ForAllValues:StringLike', 'text', 'H*', true],
    ['StringEquals', 'text', "${missing, 'Hello'}", true],
  ])('`%s` of `%s` and %j: %s', (operator, key, value, expected) => {
    expect(decide({ conditions: { [operator]: { [key]: value } } }, { context: () => context })).toBe(expected ? 'allow' : 'implicit-deny');
  });

  test('all conditions have to hold', () => {
    expect(decide({ conditions: { StringEquals: { text: 'Hello', number: '11' } } }, { context: () => context })).toBe('implicit-deny');
  });

  test.each<['Allow' | 'Deny', Decision]>([['Allow', 'implicit-deny'], ['Deny', 'explicit-deny']])('an operator that is not known is on the safe side: %s', (effect, decision) => {
    expect(decide({ effect, conditions: { constructor: { text: 'Hello' } } }, { context: () => context })).toBe(decision);
  });

  test('a deny whose condition does not hold denies nothing', () => {
    expect(decide({ effect: 'Deny', conditions: { Bool: { flag: 'false' } } }, { context: () => context })).toBe('implicit-deny');
  });
});

describe('policy documents', () => {
  test('texts become lists', () => {
    expect(statementsOf({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'a:B', Resource: '*', Condition: { Bool: { x: 'true' } } } })).toEqual([
      { effect: 'Allow', actions: ['a:B'], resources: ['*'], conditions: { Bool: { x: 'true' } } },
    ]);
  });

  test('lists stay', () => {
    expect(statementsOf({ Statement: [{ Effect: 'Deny', NotAction: ['a:B', 'a:C'], NotResource: ['x'] }] })).toEqual([
      { effect: 'Deny', notActions: ['a:B', 'a:C'], notResources: ['x'] },
    ]);
  });

  test.each<[string, unknown, RegExp]>([
    ['no document', undefined, /no `Statement`/],
    ['text', '{}', /no `Statement`/],
    ['no statement', {}, /no `Statement`/],
    ['a statement that is text', { Statement: ['x'] }, /`"x"`: it has to be an object/],
    ['another effect', { Statement: [{ Effect: 'allow', Action: '*', Resource: '*' }] }, /`Effect` .* `"allow"`: write "Allow" or "Deny"/],
    ['no action', { Statement: [{ Effect: 'Allow', Resource: '*' }] }, /either `Action` or `NotAction`/],
    ['two kinds of actions', { Statement: [{ Effect: 'Allow', Action: '*', NotAction: '*', Resource: '*' }] }, /either `Action` or `NotAction`/],
    ['no resource', { Statement: [{ Effect: 'Allow', Action: '*' }] }, /either `Resource` or `NotResource`/],
    ['an action that is no text', { Statement: [{ Effect: 'Allow', Action: [1], Resource: '*' }] }, /`Action` .* `\[1\]`/],
    ['no actions at all', { Statement: [{ Effect: 'Allow', Action: [], Resource: '*' }] }, /`Action` .* `\[\]`/],
    ['a condition that is text', { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', Condition: 'x' }] }, /`Condition` .* `"x"`/],
    ['a condition with no key', { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', Condition: { Bool: 'x' } }] }, /`Condition`/],
  ])('%s is refused', (_, document, message) => {
    expect(() => statementsOf(document)).toThrow(message);
  });
});

describe('a pattern that would take long to compare', () => {
  const request = { action: 'execute-api:Invoke', resource: 'x', context: () => ({ 'aws:UserAgent': 'a'.repeat(16_000) }) };
  const statement = (effect: 'Allow' | 'Deny') => ({
    effect, actions: ['*'], resources: ['*'], conditions: { StringLike: { 'aws:UserAgent': '*?a'.repeat(3000) } },
  });

  test('denies, and does not allow', () => {
    expect(isAllowed([{ effect: 'Allow', actions: ['*'], resources: ['*'] }, statement('Deny')], request)).toBe('explicit-deny');
    expect(isAllowed([statement('Allow')], request)).toBe('implicit-deny');
  });

  test('is found as such, too, if it gets long by what it names', () => {
    const long = { effect: 'Allow' as const, actions: ['*'], resources: ['${aws:UserAgent}'.repeat(100)] };

    expect(isAllowed([long], request)).toBe('implicit-deny');
  });
});
