import { parseProxyAnswer } from '../../../src/local/dispatch/proxy-answer';

const parse = (value: unknown) => parseProxyAnswer(JSON.stringify(value));

describe('the answer of a Lambda proxy', () => {
  test('is a status, headers and a body', () => {
    expect(parse({ statusCode: 201, headers: { a: 'b' }, body: 'text', isBase64Encoded: false })).toEqual({ kind: 'answer', status: 201, headers: { a: 'b' }, body: 'text' });
  });

  test('may have its status as text, and null for what it has not', () => {
    expect(parse({ statusCode: '200', headers: null, multiValueHeaders: null, body: null })).toEqual({ kind: 'answer', status: 200, headers: {} });
  });

  test('may have anything in its headers, as text', () => {
    const headers = { a: { toString: 1, valueOf: 1 }, b: [1, null, { toString: 1 }], c: null };

    expect(parse({ statusCode: 200, headers })).toMatchObject({ headers: { a: '{"toString":1,"valueOf":1}', b: '1,,{"toString":1}', c: 'null' } });
  });

  test('may have several values of a header', () => {
    expect(parse({ statusCode: 200, headers: { a: 'b' }, multiValueHeaders: { c: ['d', 'e'] } })).toMatchObject({ headers: { a: 'b', c: 'd,e' } });
  });

  test.each<[string, unknown, string]>([
    ['nothing', null, 'has no `statusCode`'],
    ['text', 'text', 'has no `statusCode`'],
    ['a list', [{ statusCode: 200 }], 'has no `statusCode`'],
    ['no status', { body: 'x' }, 'has no `statusCode`'],
    ['a status that is none', { statusCode: 20 }, 'the `statusCode` `20`: return a number from 100 to 599'],
    ['a status that is an object', { statusCode: { valueOf: 1, toString: 1 } }, 'the `statusCode` `{"valueOf":1,"toString":1}`'],
    ['a status that is a list', { statusCode: [200] }, 'the `statusCode` `[200]`'],
    ['fields of something else', { statusCode: 200, Data: 'x', ConnectionId: 'y' }, 'returned `"Data"`, `"ConnectionId"`, which is malformed for API Gateway'],
    ['an object as its body', { statusCode: 200, body: { a: 1 } }, 'a `body` that is an object: return text, such as `JSON.stringify(…)` in JavaScript or `json.dumps(…)` in Python makes'],
    ['a list as its body', { statusCode: 200, body: [1] }, 'a `body` that is a list'],
    ['headers that are none', { statusCode: 200, headers: 'x' }, 'the `headers` `"x"`: return an object'],
  ])('is malformed with %s', (_, value, reason) => {
    expect(parse(value)).toContain(reason);
  });

  test('is malformed if it is no JSON', () => {
    expect(parseProxyAnswer('<html>')).toContain('returned `<html>`');
  });

  test('is cut before it is told', () => {
    expect(parseProxyAnswer('x'.repeat(1_000_000)).toString().length).toBeLessThan(400);
  });
});
