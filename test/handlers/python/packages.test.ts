import { nameOf, normalized } from '../../../src/handlers/python/packages';

test('names of packages are compared as package indexes do', () => {
  expect(['My.Lib__x', 'a-_.b', 'boto3'].map(normalized)).toEqual(['my-lib-x', 'a-b', 'boto3']);
});

test.each([
  ['Boto3', 'boto3'], ['boto3[crt] >=1.4; python_version > "3.9"', 'boto3'], [' a.b_c>=1', 'a-b-c'], ['a @ https://example.com/a.whl', 'a'], ['a(>=1)', 'a'], ['a==1 --hash=sha256:00', 'a'],
  ['a;os_name == "x"', 'a'], ['a!=1', 'a'], ['a~=1', 'a'], ['--pre', undefined], ['./a', undefined], ['a/b', undefined], ['https://example.com/a.whl', undefined], ['a- >1', undefined], ['', undefined],
])('the name in %j is %j', (requirement, name) => {
  expect(nameOf(requirement)).toBe(name);
});
