import { UserPoolModel } from '../../../src/local/definition/model';
import { claimsOf, TokenOptions } from '../../../src/local/user-pools/pool-token';

const client = (name: string) => ({ path: `Stack/Pool/${name}`, id: name.toLowerCase() });
const pool = (name: string, clients = [client('Web'), client('App')]): UserPoolModel => (
  { path: `Stack/${name}`, id: `eu-west-1_${name}`, host: 'cognito-idp.eu-west-1.amazonaws.com', clients }
);
const claims = (options: Partial<TokenOptions>, pools = [pool('Pool')]) => claimsOf({ sub: 'ann', ...options }, pools, 1_000_500);

test('an access token is as Cognito makes it', () => {
  expect(claims({ groups: ['admins'] })).toMatchObject({
    'sub': 'ann', 'cognito:groups': ['admins'], 'iss': 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool', 'token_use': 'access', 'client_id': 'web', 'username': 'ann', 'iat': 1000, 'exp': 4600,
  });
});

test('an ID token has an audience, and no client', () => {
  expect(claims({ use: 'id' })).toMatchObject({ 'token_use': 'id', 'aud': 'web', 'cognito:username': 'ann' });
  expect(claims({ use: 'id' })).not.toHaveProperty('client_id');
});

test.each<[string, Partial<TokenOptions>, object]>([
  ['another client, by its path', { client: 'Stack/Pool/App' }, { client_id: 'app' }],
  ['another client, by its id', { client: 'app' }, { client_id: 'app' }],
  ['claims', { claims: { tenant: 'acme', iss: 'https://elsewhere' } }, { tenant: 'acme', iss: 'https://elsewhere' }],
  ['a time in the past', { expiresInSeconds: -60 }, { exp: 940 }],
])('%s can be had', (_, options, expected) => {
  expect(claims(options)).toMatchObject(expected);
});

test.each<[string, Partial<TokenOptions>, UserPoolModel[], string]>([
  ['no user', { sub: '' }, [pool('Pool')], '`sub` is `""`: write the id of the user'],
  ['another use', { use: 'refresh' as 'id' }, [pool('Pool')], '`use` is `"refresh"`: write "access" or "id"'],
  ['no pool', {}, [], 'there is no user pool in the app whose tokens this gateway makes: one whose id is in the env file has tokens of its own'],
  ['several pools', {}, [pool('One'), pool('Two')], 'there are several user pools: say which as `userPool`: `Stack/One`, `Stack/Two`'],
  ['an unknown pool', { userPool: 'Other' }, [pool('One')], 'there is no user pool `Other`: there is `Stack/One`'],
  ['an unknown client', { client: 'other' }, [pool('Pool')], '`Stack/Pool` has no client `other`: there is `Stack/Pool/Web`, `Stack/Pool/App`'],
  ['no client', {}, [pool('Pool', [])], '`Stack/Pool` has no client in the app: add one with `addClient()`'],
])('%s is an error', (_, options, pools, message) => {
  expect(() => claims(options, pools)).toThrow(new Error(message));
});
