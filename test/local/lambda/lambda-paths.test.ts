import { withLocalPaths } from '../../../src/local/lambda/lambda-paths';

test.each([
  ['/opt/wrapper', '/layers/wrapper'],
  ['--require /opt/a.js --import=/opt/b.mjs', '--require /layers/a.js --import=/layers/b.mjs'],
  ['/opt/python:/var/task/vendor:/opt', '/layers/python:/code/vendor:/layers'],
  ['/optional', '/optional'],
  ['/home/me/opt/x', '/home/me/opt/x'],
  ['https://example.com/opt/x', 'https://example.com/opt/x'],
])('%s', (text, expected) => {
  expect(withLocalPaths(text, { code: '/code', layers: '/layers' })).toBe(expected);
});

test('without layers, `/opt` stays as it is', () => {
  expect(withLocalPaths('/opt/x /var/task/y', { code: '/code' })).toBe('/opt/x /code/y');
});
