import { conditionKeys } from '../../../src/local/iam/callers';

describe('the conditions of policies may ask', () => {
  const role = { arn: 'arn:aws:iam::111111111111:role/path/sender', account: '111111111111' };

  test('who a role is, where it calls, when and how', () => {
    expect(conditionKeys(role, 'eu-west-1', { 'sourceIp': '127.0.0.1', 'user-agent': 'tests', 'referer': 'https://example.com/' })).toEqual({
      'aws:CurrentTime': expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      'aws:EpochTime': expect.stringMatching(/^\d{10}$/),
      'aws:PrincipalAccount': '111111111111',
      'aws:PrincipalArn': role.arn,
      'aws:PrincipalType': 'AssumedRole',
      'aws:RequestedRegion': 'eu-west-1',
      'aws:SecureTransport': 'true',
      'aws:Referer': 'https://example.com/',
      'aws:SourceIp': '127.0.0.1',
      'aws:UserAgent': 'tests',
    });
  });

  test('the name of a user', () => {
    expect(conditionKeys({ ...role, arn: 'arn:aws:iam::111111111111:user/path/ann' }, 'eu-west-1')).toMatchObject({ 'aws:PrincipalType': 'User', 'aws:username': 'ann' });
  });

  test('no address, client or page if the request has none', () => {
    expect(Object.keys(conditionKeys(role, 'eu-west-1'))).not.toEqual(expect.arrayContaining([expect.stringMatching(/SourceIp|UserAgent|Referer/)]));
  });
});
