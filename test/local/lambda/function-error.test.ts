import { describeFunctionError, parseFunctionError } from '../../../src/local/lambda/function-error';

describe('an error of a function', () => {
  test('is its type and its message, for people', () => {
    expect(describeFunctionError('{"errorType":"TypeError","errorMessage":"x is undefined","trace":["TypeError: x is undefined"]}')).toBe('TypeError: x is undefined');
  });

  test('is its message alone where it has no type', () => {
    expect(describeFunctionError('{"errorMessage":"boom"}')).toBe('boom');
  });

  test('may have any value as its message', () => {
    expect(describeFunctionError('{"errorType":["a"],"errorMessage":{"toString":1,"valueOf":1}}')).toBe('a: {"toString":1,"valueOf":1}');
  });

  test.each(['', 'nonsense', 'null', '[1]', '{"reason":"unknown"}'])('is the payload where Lambda would not have written that: %s', (payload) => {
    expect(describeFunctionError(payload)).toBe(payload);
  });

  test.each(['', 'nonsense', 'null'])('is nothing that could be read in %s', (payload) => {
    expect(parseFunctionError(payload)).toEqual({});
  });
});
