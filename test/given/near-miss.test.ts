import { nearMiss } from '../../src/given/near-miss';

describe('a near miss', () => {
  const names = ['authorization', 'accessLog', 'routes', 'api', 'stage', 'defaultFunctionProps', 'customDomain', 'logGroup', 'loggingFormat', 'vpc'];

  test.each([
    ['in British spelling', 'authorisation', 'authorization'],
    ['in another case', 'accesslog', 'accessLog'],
    ['as Python writes it', 'access_log', 'accessLog'],
    ['in the singular', 'route', 'routes'],
    ['in the plural', 'stages', 'stage'],
    ['with two letters exchanged', 'raoutes', 'routes'],
    ['with a letter too few', 'authorizaton', 'authorization'],
    ['with two slips in a long name', 'defaultFuntionProp', 'defaultFunctionProps'],
    ['in upper case', 'API', 'api'],
  ])('%s is found', (_, written, meant) => {
    expect(nearMiss(written, names)).toBe(meant);
  });

  test.each(['description', 'env', 'tags', 'domain', 'auth', 'logs', 'log', 'x', '', 'vlan'])('is not seen in %j', (written) => {
    expect(nearMiss(written, names)).toBeUndefined();
  });
});
