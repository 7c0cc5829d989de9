import { HandshakeValue } from '../../src';

describe('an identity source', () => {
  test.each([
    [HandshakeValue.header('Authorization'), 'route.request.header.Authorization'],
    [HandshakeValue.queryString('token'), 'route.request.querystring.token'],
    [HandshakeValue.stageVariable('tenant'), 'stageVariables.tenant'],
    [HandshakeValue.context('identity.sourceIp'), 'context.identity.sourceIp'],
  ])('is written as API Gateway reads it: %#', (source, expression) => {
    expect(source._render()).toBe(expression);
  });

  test.each([
    [() => HandshakeValue.header(''), '`HandshakeValue.header("")` is no name that API Gateway accepts: write the name alone, such as `"Authorization"`'],
    [() => HandshakeValue.header('two words'), '`HandshakeValue.header("two words")` is no name'],
    [() => HandshakeValue.queryString('?token'), '`HandshakeValue.queryString("?token")` is no name that API Gateway accepts: write the name alone, such as `"token"`'],
    [() => HandshakeValue.stageVariable('a.b'), '`HandshakeValue.stageVariable("a.b")` is no name'],
    [() => HandshakeValue.context('$context.stage'), '`HandshakeValue.context("$context.stage")` is no name that API Gateway accepts: write the name alone, such as `"identity.sourceIp"`'],
  ])('is refused when it is no name: %#', (make, message) => {
    expect(make).toThrow(message);
  });
});
