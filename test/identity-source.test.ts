import { IdentitySource } from '../src';

describe('an identity source', () => {
  test.each([
    [IdentitySource.header('Authorization'), 'route.request.header.Authorization'],
    [IdentitySource.queryString('token'), 'route.request.querystring.token'],
    [IdentitySource.stageVariable('tenant'), 'stageVariables.tenant'],
    [IdentitySource.context('identity.sourceIp'), 'context.identity.sourceIp'],
  ])('is written as API Gateway reads it: %#', (source, expression) => {
    expect(source._render()).toBe(expression);
  });

  test.each([
    [() => IdentitySource.header(''), '`IdentitySource.header("")` is no name that API Gateway accepts: write the name alone, such as `"Authorization"`'],
    [() => IdentitySource.header('two words'), '`IdentitySource.header("two words")` is no name'],
    [() => IdentitySource.queryString('?token'), '`IdentitySource.queryString("?token")` is no name that API Gateway accepts: write the name alone, such as `"token"`'],
    [() => IdentitySource.stageVariable('a.b'), '`IdentitySource.stageVariable("a.b")` is no name'],
    [() => IdentitySource.context('$context.stage'), '`IdentitySource.context("$context.stage")` is no name that API Gateway accepts: write the name alone, such as `"identity.sourceIp"`'],
  ])('is refused when it is no name: %#', (make, message) => {
    expect(make).toThrow(message);
  });
});
