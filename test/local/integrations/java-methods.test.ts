import { callMethod, isEqual, property, setProperty, TemplateObject } from '../../../src/local/integrations/java-methods';

test.each<[unknown, string, unknown[], unknown]>([
  ['text', 'length', [], 4],
  ['', 'isEmpty', [], true],
  [' ', 'isBlank', [], true],
  ['text', 'contains', ['ex'], true],
  ['text', 'startsWith', ['te'], true],
  ['text', 'endsWith', ['te'], false],
  ['text', 'indexOf', ['t'], 0],
  ['text', 'indexOf', ['t', 1], 3],
  ['text', 'lastIndexOf', ['t'], 3],
  ['text', 'charAt', [1], 'e'],
  ['text', 'substring', [1], 'ext'],
  ['text', 'substring', [1, 3], 'ex'],
  ['text', 'concat', [1], 'text1'],
  [' a ', 'trim', [], 'a'],
  ['aB', 'toLowerCase', [], 'ab'],
  ['aB', 'toUpperCase', [], 'AB'],
  ['aB', 'equals', ['aB'], true],
  ['aB', 'equalsIgnoreCase', ['Ab'], true],
  ['aB', 'equalsIgnoreCase', [1], false],
  ['a', 'compareTo', ['b'], -1],
  ['b', 'compareTo', ['a'], 1],
  ['a', 'compareTo', ['a'], 0],
  ['abc', 'matches', ['b'], false],
  ['abc', 'matches', ['a|.b.'], true],
  ['ABC', 'matches', ['(?i)abc'], true],
  ['a.b.c', 'replace', ['.', '$&'], 'a$&b$&c'],
  ['a1b22', 'replaceAll', ['(\\d)', '<$1>'], 'a<1>b<2><2>'],
  ['a1', 'replaceAll', ['\\d', '$0$0'], 'a11'],
  ['a1', 'replaceAll', ['\\d', '\\$1\\x$&'], 'a$1x$&'],
  ['a1b2', 'replaceFirst', ['\\d', '-'], 'a-b2'],
  ['a,b,,c,,', 'split', [','], ['a', 'b', '', 'c']],
  ['a,b,,', 'split', [',', -1], ['a', 'b', '', '']],
  ['a,b,c', 'split', [',', 2], ['a', 'b,c']],
  ['abc', 'split', [''], ['a', 'b', 'c']],
  ['', 'split', [','], ['']],
  [1.5, 'intValue', [], 1],
  [-1.5, 'longValue', [], -1],
  [1.5, 'doubleValue', [], 1.5],
  [1, 'compareTo', [2], -1],
  [1, 'toString', [], '1'],
  [0, 'parseInt', ['42'], 42],
  [0, 'parseLong', ['-42'], -42],
  [0, 'parseDouble', ['1.5'], 1.5],
  [0, 'valueOf', ['7'], 7],
  [true, 'toString', [], 'true'],
  [true, 'equals', [true], true],
  [[1, 2], 'size', [], 2],
  [[], 'isEmpty', [], true],
  [[1, 2], 'get', [1], 2],
  [[1, 2], 'set', [1, 3], 2],
  [[1], 'add', [2], true],
  [[1], 'add', [0, 2], undefined],
  [[1], 'addAll', [[2]], true],
  [[1], 'addAll', ['x'], false],
  [[1, 2], 'remove', [0], 1],
  [['a'], 'remove', ['a'], true],
  [['a'], 'remove', ['b'], false],
  [['a', { b: 1 }], 'contains', [{ b: 1 }], true],
  [['a', 'b'], 'indexOf', ['b'], 1],
  [['a', 'b', 'c'], 'subList', [1, 3], ['b', 'c']],
  [['a', 'b'], 'toString', [], '[a, b]'],
  [{ a: 1 }, 'size', [], 1],
  [{}, 'isEmpty', [], true],
  [{ a: 1 }, 'get', ['a'], 1],
  [{ 1: 2 }, 'get', [1], 2],
  [{ a: 1 }, 'getOrDefault', ['b', 2], 2],
  [{ a: 1 }, 'put', ['a', 2], 1],
  [{ a: 1 }, 'putAll', ['x'], undefined],
  [{ a: 1 }, 'remove', ['a'], 1],
  [{ a: 1 }, 'containsKey', ['a'], true],
  [{ a: 1 }, 'containsKey', ['constructor'], false],
  [{ a: 1 }, 'containsValue', [1], true],
  [{ a: 1 }, 'keySet', [], ['a']],
  [{ a: 1 }, 'values', [], [1]],
  [{ a: 1 }, 'toString', [], '{a=1}'],
  [{ a: 1 }, 'hasOwnProperty', ['a'], undefined],
  [null, 'toString', [], 'null'],
  [null, 'length', [], undefined],
  [undefined, 'size', [], undefined],
])('%j.%s(%j)', (value, name, args, expected) => {
  expect(callMethod(value, name, [...args])).toEqual(expected);
});

test.each<[unknown[] | Record<string, unknown>, string, unknown[], unknown]>([
  [[1, 2], 'set', [1, 3], [1, 3]],
  [[1], 'add', [2], [1, 2]],
  [[1], 'add', [0, 2], [2, 1]],
  [[1], 'addAll', [[2, 3]], [1, 2, 3]],
  [[1, 2], 'remove', [0], [2]],
  [['a', 'b'], 'remove', ['a'], ['b']],
  [[1], 'clear', [], []],
  [{ a: 1 }, 'put', ['b', 2], { a: 1, b: 2 }],
  [{ a: 1 }, 'putAll', [{ b: 2 }], { a: 1, b: 2 }],
  [{ a: 1 }, 'remove', ['a'], {}],
])('%j after %s(%j)', (value, name, args, expected) => {
  callMethod(value, name, args);
  expect(value).toEqual(expected);
});

test('what is no integer is told', () => {
  expect(() => callMethod(0, 'parseInt', ['1.5'])).toThrow('`1.5` is not an integer');
});

test.each<[unknown, unknown, unknown]>([
  [{ a: 1 }, 'a', 1],
  [{ a: 1 }, 'toString', undefined],
  [[1, 2], 0, 1],
  [[1, 2], -1, 2],
  [[1, 2], 'length', undefined],
  [[], 'empty', true],
  [{ empty: 'own' }, 'empty', 'own'],
  ['text', 'length', undefined],
])('%j has by the name %j: %j', (value, key, expected) => {
  expect(property(value, key)).toBe(expected);
});

test('nothing can be put where there is no place', () => {
  const values = [[1], 'text', new TemplateObject({})];
  values.forEach((value) => setProperty(value, 5, 'x'));
  expect(values).toEqual([[1], 'text', new TemplateObject({})]);
});

test('values of different kinds are equal when their texts are', () => {
  expect([isEqual(1, '1'), isEqual(undefined, null), isEqual(null, ''), isEqual([1], ['1'])]).toEqual([true, true, false, true]);
});
