import { Authorization, HandshakeValue } from '../../src';
import { ECHO } from '../test-stack';

describe('an identity source', () => {
  test.each([
    [HandshakeValue.header('Authorization'), 'route.request.header.Authorization'],
    [HandshakeValue.queryString('token'), 'route.request.querystring.token'],
    [HandshakeValue.stageVariable('tenant'), 'stageVariables.tenant'],
    [HandshakeValue.context('identity.sourceIp'), 'context.identity.sourceIp'],
    [HandshakeValue.context('stage'), 'context.stage'],
    [HandshakeValue.context('authorizer.claims.sub'), 'context.authorizer.claims.sub'],
    [HandshakeValue.subprotocol(), 'route.request.header.Sec-WebSocket-Protocol'],
  ])('is written as API Gateway reads it: %#', (source, expression) => {
    expect(source._identitySource('`identitySource`')).toBe(expression);
  });

  test.each([
    [() => HandshakeValue.header(''), '`HandshakeValue.header("")` is no name that API Gateway accepts: write the name alone, such as `"Authorization"`'],
    [() => HandshakeValue.header('two words'), '`HandshakeValue.header("two words")` is no name'],
    [() => HandshakeValue.queryString('?token'), '`HandshakeValue.queryString("?token")` is no name that API Gateway accepts: write the name alone, such as `"token"`'],
    [() => HandshakeValue.queryString('token&more'), '`HandshakeValue.queryString("token&more")` is no name'],
    [() => HandshakeValue.context('identity.'), '`HandshakeValue.context("identity.")` is no name'],
    [() => HandshakeValue.stageVariable('a.b'), '`HandshakeValue.stageVariable("a.b")` is no name'],
    [() => HandshakeValue.context('$context.stage'), '`HandshakeValue.context("$context.stage")` is no name that API Gateway accepts: write the name alone, such as `"identity.sourceIp"`'],
    [() => HandshakeValue.authorizer('custom:tenant'), '`HandshakeValue.authorizer("custom:tenant")` is no name that API Gateway accepts: write the name alone, such as `"custom_tenant"`'],
    [() => HandshakeValue.authorizer(''), '`HandshakeValue.authorizer("")` is no name that API Gateway accepts: write the name alone, such as `"sub"`'],
  ])('is refused when it is no name: %#', (make, message) => {
    expect(make).toThrow(message);
  });

  test('is no answer of the authorizer, which has not been asked yet', () => {
    expect(() => Authorization.fromHandler(ECHO, { identitySource: [HandshakeValue.authorizer('sub')] }))
      .toThrow('`identitySource` of `Authorization.fromHandler()` cannot have `HandshakeValue.authorizer("sub")`: the authorizer has not answered yet');
  });
});

test('what a client sends is its own word, and what the authorizer answers is not', () => {
  const values = [
    HandshakeValue.header('X-User'), HandshakeValue.queryString('user'), HandshakeValue.subprotocol(),
    HandshakeValue.stageVariable('tenant'), HandshakeValue.context('identity.sourceIp'), HandshakeValue.authorizer('sub'),
  ];

  expect(values.filter(({ _isChosenByClient }) => _isChosenByClient).map(({ _place }) => _place)).toEqual(['header', 'queryString', 'subprotocol']);
});
