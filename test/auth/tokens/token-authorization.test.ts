import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { UserPool, UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { Authorization, CognitoOptions, HandshakeValue, JwtOptions, Route, TokenUse, WebSocketApi } from '../../../src';
import { jwksOf, makeKey } from '../../shipped/jwt-authorizer/tokens';
import { ECHO, only, testStack } from '../../test-stack';

const JWT: JwtOptions = { issuer: 'https://login.example.com', audience: ['chat'] };
const key = makeKey('ES256', 'one');

describe('Authorization.jwt', () => {
  test('has a function of this library ask for the token in the query string', () => {
    const template = withAuthorization(Authorization.jwt(JWT));

    expect(only(template, 'AWS::ApiGatewayV2::Authorizer').Properties).toMatchObject({
      AuthorizerType: 'REQUEST', IdentitySource: ['route.request.querystring.token'], Name: 'Authorizer',
    });
    expect(settings(template)).toEqual({
      token: { place: 'queryString', name: 'token' },
      claims: [],
      issuer: { issuer: 'https://login.example.com', audience: ['chat'], jwksUri: 'https://login.example.com/.well-known/jwks.json' },
    });
  });

  test('gives its function no permission but to write its log', () => {
    const roles = Object.entries(withAuthorization(Authorization.jwt(JWT)).findResources('AWS::IAM::Role')).filter(([id]) => id.includes('Authorizer'));

    expect(roles.map(([, { Properties }]) => Properties.Policies)).toEqual([undefined]);
  });

  test.each<[string, HandshakeValue, string, object]>([
    ['a header', HandshakeValue.header('Authorization'), 'route.request.header.Authorization', { place: 'header', name: 'authorization' }],
    ['the subprotocol', HandshakeValue.subprotocol(), 'route.request.header.Sec-WebSocket-Protocol', { place: 'subprotocol' }],
    ['another parameter', HandshakeValue.queryString('myToken'), 'route.request.querystring.myToken', { place: 'queryString', name: 'myToken' }],
  ])('takes the token from %s', (_, token, source, place) => {
    const template = withAuthorization(Authorization.jwt({ ...JWT, token, authorizerName: 'Tokens' }));

    expect(only(template, 'AWS::ApiGatewayV2::Authorizer').Properties).toMatchObject({ IdentitySource: [source], Name: 'Tokens' });
    expect(settings(template)).toMatchObject({ token: place });
  });

  test('fetches nothing if the keys are given, and takes of them what is needed', () => {
    const [full] = jwksOf(key).keys;
    const { issuer } = settings(withAuthorization(Authorization.jwt({ ...JWT, jwks: { keys: [{ ...full, x5c: ['…'], note: 'mine' }] } }))) as any;

    expect(issuer).toEqual({ issuer: JWT.issuer, audience: ['chat'], jwks: { keys: [full] } });
  });

  test('fetches keys that are not given if it is told where', () => {
    const { issuer } = settings(withAuthorization(Authorization.jwt({ ...JWT, jwks: jwksOf(key), jwksUri: 'https://keys.example.com/' }))) as any;

    expect(issuer).toMatchObject({ jwksUri: 'https://keys.example.com/', jwks: jwksOf(key) });
  });

  test('finds the keys of an issuer that ends in a slash', () => {
    expect(settings(withAuthorization(Authorization.jwt({ ...JWT, issuer: 'https://tenant.auth0.com/' }))))
      .toMatchObject({ issuer: { issuer: 'https://tenant.auth0.com/', jwksUri: 'https://tenant.auth0.com/.well-known/jwks.json' } });
  });

  test.each<[string, object, string]>([
    ['no audience', { audience: undefined }, '`audience` of `Authorization.jwt()` is `undefined`: a token that the issuer has made for any other application would do'],
    ['an empty audience', { audience: [] }, '`audience` of `Authorization.jwt()` is an empty list: a token that the issuer has made for any other application would do'],
    ['an audience without a name', { audience: [''] }, '`audience` of `Authorization.jwt()` has an empty string'],
    ['an audience that is no list', { audience: 'chat' }, 'write `[` and `]` around it'],
    ['no issuer', { issuer: undefined }, '`issuer` of `Authorization.jwt()` is `undefined`, but takes a string'],
    ['an issuer that is not https', { issuer: 'http://login.example.com' }, '`issuer` of `Authorization.jwt()` is `"http://login.example.com"`: write a URL that starts with `https://`'],
    ['an issuer that is a host', { issuer: 'login.example.com' }, 'write a URL that starts with `https://`'],
    ['keys that are not fetched by https', { jwksUri: 'http://login.example.com/keys' }, '`jwksUri` of `Authorization.jwt()` is'],
    ['keys that are none', { jwks: {} }, '`jwks` of `Authorization.jwt()` has no `keys`: write a JSON Web Key Set'],
    ['no key', { jwks: { keys: [] } }, '`jwks` of `Authorization.jwt()` has no `keys`'],
    ['a private key', { jwks: { keys: [{ kid: 'a', ...key.privateKey.export({ format: 'jwk' }) }] } }, 'key 0 in `jwks` of `Authorization.jwt()` is secret: whoever has it can make tokens'],
    ['a key that is null', { jwks: { keys: [null] } }, 'key 0 in `jwks` of `Authorization.jwt()` is no object: write a JSON Web Key'],
    ['a key that is text', { jwks: { keys: ['-----BEGIN PUBLIC KEY-----'] } }, 'key 0 in `jwks` of `Authorization.jwt()` is no object'],
    ['a key with a secret of another type', { jwks: { keys: [{ ...jwksOf(key).keys[0], k: 'AAAA' }] } }, 'key 0 in `jwks` of `Authorization.jwt()` is secret'],
    ['a symmetric key whose secret was left out', { jwks: { keys: [{ kid: 'a', kty: 'oct' }] } }, 'key 0 in `jwks` of `Authorization.jwt()` is secret'],
    ['a key with an empty kid', { jwks: { keys: [{ ...jwksOf(key).keys[0], kid: '' }] } }, 'key 0 in `jwks` of `Authorization.jwt()` has no `kid`'],
    ['a symmetric key', { jwks: { keys: [{ kid: 'a', kty: 'oct', k: 'AAAA' }] } }, 'key 0 in `jwks` of `Authorization.jwt()` is secret'],
    ['a key without kid', { jwks: { keys: [key.publicKey.export({ format: 'jwk' })] } }, 'key 0 in `jwks` of `Authorization.jwt()` has no `kid`: tokens name their key by it'],
    ['half a key', { jwks: { keys: [{ kid: 'a', kty: 'RSA', e: 'AQAB' }] } }, 'key 0 in `jwks` of `Authorization.jwt()` has no `n`'],
    ['a key of another type', { jwks: { keys: [{ kid: 'a', kty: 'DSA' }] } }, 'has the type `"DSA"`: there are `"RSA"`, `"EC"`, `"OKP"`'],
    ['too many keys', { jwks: { keys: Array.from({ length: 30 }, () => jwksOf(key).keys[0]) } }, '3072 fit into the environment of a function'],
    ['a token in a place that no client chooses', { token: HandshakeValue.stageVariable('token') }, '`token` of `Authorization.jwt()` cannot be `HandshakeValue.stageVariable("token")`: a client cannot send a token there'],
    ['a token that the authorizer is to answer with', { token: HandshakeValue.authorizer('token') }, 'cannot be `HandshakeValue.authorizer("token")`'],
    ['two claims of one name', { claims: ['custom:a', 'custom_a'] }, 'claims `"custom:a"` and `"custom_a"` in `claims` of `Authorization.jwt()` would both be `custom_a` in the context'],
    ['a claim of API Gateway\'s', { claims: ['principalId'] }, 'claim `"principalId"` in `claims` of `Authorization.jwt()` cannot be in the context: API Gateway has a value of its own of that name'],
    ['a claim without a name', { claims: [''] }, 'claim `""` in `claims` of `Authorization.jwt()` cannot be in the context: it has no name'],
    ['an issuer that is where its keys are', { issuer: 'https://login.example.com/.well-known/jwks.json' }, 'write what is in the claim `iss` of your tokens, such as `"https://login.example.com"`'],
    ['an issuer with a query string', { issuer: 'https://login.example.com?tenant=a' }, 'an issuer has no `?` and no `#`'],
    ['groups, which would restrict nobody', { groups: ['admins'] }, '`Authorization.jwt()` has no option `groups`: it is for the groups of a user pool'],
    ['clients, which would restrict nobody', { clients: ['web'] }, '`Authorization.jwt()` has no option `clients`: it is for a user pool, in `Authorization.cognito()`; write `audience`'],
    ['a near miss', { audiences: ['chat'] }, '`Authorization.jwt()` has no option `audiences`: did you mean `audience`?'],
  ])('refuses %s', (_, changes, message) => {
    expect(() => Authorization.jwt({ ...JWT, ...changes })).toThrow(message);
  });
});

test.each([[3072, true], [3073, false]])('keys of %d bytes fit into the environment of a function: %s', (bytes, fit) => {
  const jwks = (length: number) => ({ keys: [{ kid: 'a', kty: 'RSA', use: 'sig', n: 'n'.repeat(length), e: 'AQAB' }] });
  const make = () => Authorization.jwt({ ...JWT, jwks: jwks(bytes - JSON.stringify(jwks(0).keys).length) });

  if (fit) { expect(make).not.toThrow(); } else { expect(make).toThrow(`has ${bytes} bytes: 3072 fit`); }
});

test('a claim may be named twice', () => {
  expect(() => Authorization.jwt({ ...JWT, claims: ['email', 'email'] })).not.toThrow();
});

test.each<[string, () => unknown, string]>([
  ['jwt', () => (Authorization as any).jwt(), 'the options of `Authorization.jwt()` are missing: give `issuer` and `audience`'],
  ['jwt', () => (Authorization as any).jwt(null), 'the options of `Authorization.jwt()` are missing: give `issuer` and `audience`'],
  ['jwt', () => (Authorization as any).jwt({}), '`issuer` of `Authorization.jwt()` is `undefined`, but takes a string'],
  ['cognito', () => (Authorization as any).cognito(new UserPool(testStack(), 'Users')), 'the options of `Authorization.cognito()` are missing: give `clients`, or `anyClient: true`'],
  ['cognito', () => (Authorization as any).cognito(new UserPool(testStack(), 'Users'), {}), '`clients` of `Authorization.cognito()` is missing'],
])('Authorization.%s needs options', (_, make, message) => {
  expect(make).toThrow(message);
});

describe('Authorization.cognito', () => {
  test('takes the access tokens of clients', () => {
    const stack = testStack();
    const userPool = new UserPool(stack, 'Users');
    const clients = [userPool.addClient('Web')];
    const template = withAuthorization(Authorization.cognito(userPool, { clients }), stack);

    expect(settings(template)).toEqual({
      token: { place: 'queryString', name: 'token' }, claims: [], userPool: { userPoolId: '@', clients: ['@'], tokenUse: 'access' },
    });
  });

  test('takes ID tokens of any client, of the members of groups', () => {
    const stack = testStack();
    const userPool = UserPool.fromUserPoolId(stack, 'Users', 'eu-west-1_AbCdEf123');
    const options = { anyClient: true, groups: ['staff'], tokenUse: TokenUse.ID, claims: ['cognito:groups'] };

    expect(settings(withAuthorization(Authorization.cognito(userPool, options), stack)))
      .toMatchObject({ claims: ['cognito:groups'], userPool: { userPoolId: 'eu-west-1_AbCdEf123', groups: ['staff'], tokenUse: 'id' } });
  });

  test.each<[string, (stack: Stack) => CognitoOptions, string]>([
    ['an audience', () => ({ audience: ['web'] } as any), '`Authorization.cognito()` has no option `audience`: write `clients`'],
    ['no clients', () => ({}), '`clients` of `Authorization.cognito()` is missing: give the clients of the user pool whose users may connect, or write `anyClient: true`'],
    ['an empty list of clients', () => ({ clients: [] }), '`clients` of `Authorization.cognito()` is an empty list'],
    ['clients and any client', (stack) => ({ clients: [UserPoolClient.fromUserPoolClientId(stack, 'C', 'c')], anyClient: true }), 'cannot have `clients` together with `anyClient`'],
    ['an id instead of a client', () => ({ clients: ['web' as never] }), 'element 0 of `clients` of `Authorization.cognito()` is the string `"web"`, but takes a client of a user pool'],
    ['an empty list of groups', () => ({ anyClient: true, groups: [] }), '`groups` of `Authorization.cognito()` is an empty list'],
    ['a group without a name', () => ({ anyClient: true, groups: [''] }), '`groups` of `Authorization.cognito()` has an empty string'],
    ['another use', () => ({ anyClient: true, tokenUse: 'refresh' as never }), '`tokenUse` of `Authorization.cognito()` is the string `"refresh"`, but takes a `TokenUse`'],
  ])('refuses %s', (_, options, message) => {
    const stack = testStack();
    expect(() => Authorization.cognito(new UserPool(stack, 'Users'), options(stack))).toThrow(message);
  });

  test('refuses what is no user pool', () => {
    expect(() => Authorization.cognito('eu-west-1_AbCdEf123' as never, { anyClient: true }))
      .toThrow('`userPool` of `Authorization.cognito()` is the string `"eu-west-1_AbCdEf123"`, but takes a user pool');
  });
});

function withAuthorization(authorization: Authorization, stack = testStack()): Template {
  new WebSocketApi(stack, 'Api', { routes: { $connect: Route.toHandler(ECHO) }, authorization });
  return Template.fromStack(stack);
}

/** What the shipped function is told. References are `@`. */
function settings(template: Template): object {
  const [fn] = Object.values(template.findResources('AWS::Lambda::Function', { Properties: { Handler: 'jwt-authorizer.handler' } }));
  const { TOKENS: tokens } = fn.Properties.Environment.Variables;
  return JSON.parse(typeof tokens === 'string' ? tokens : tokens['Fn::Join'][1].map((part: unknown) => typeof part === 'string' ? part : '@').join(''));
}
