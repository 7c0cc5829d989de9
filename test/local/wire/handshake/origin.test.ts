import { checkOrigins, mayConnectFrom } from '../../../../src/local/wire/handshake/origin';

const rules = { allowed: [], domains: [], reachable: false };

describe('a page may connect', () => {
  test.each([
    ['of `localhost`, at any port', 'http://localhost:5173'],
    ['with TLS', 'https://localhost'],
    ['of a name below `localhost`', 'http://app.localhost:8080'],
    ['of a loopback address', 'http://127.0.0.1:3000'],
    ['of another loopback address', 'http://127.8.9.10:3000'],
    ['of the loopback address of IPv6', 'http://[::1]:3000'],
    ['of an app on a phone that Capacitor runs', 'capacitor://localhost'],
  ])('%s: %s', (_, origin) => {
    expect(mayConnectFrom(origin, rules)).toBe(true);
  });

  test('of a custom domain of the app', () => {
    const domains = ['api.example.com', '*.chat.example.com'];

    expect(mayConnectFrom('https://api.example.com', { ...rules, domains })).toBe(true);
    expect(mayConnectFrom('https://one.chat.example.com', { ...rules, domains })).toBe(true);
    expect(mayConnectFrom('https://example.com', { ...rules, domains })).toBe(false);
    expect(mayConnectFrom('https://one.two.chat.example.com', { ...rules, domains })).toBe(false);
  });

  test('of an origin that the developer allows, and of no other port or scheme of it', () => {
    const allowed = ['https://App.example.com:8443', 'chrome-extension://abc', 'null'];

    for (const origin of ['https://app.example.com:8443', 'chrome-extension://abc', 'null']) { expect(mayConnectFrom(origin, { ...rules, allowed })).toBe(true); }
    for (const origin of ['https://app.example.com', 'http://app.example.com:8443', 'https://evil.example']) {
      expect(mayConnectFrom(origin, { ...rules, allowed })).toBe(false);
    }
  });

  test('of any origin if the developer allows `*`', () => {
    expect(mayConnectFrom('https://evil.example', { ...rules, allowed: ['*'] })).toBe(true);
  });
});

test('a program, which sends no origin, may connect', () => {
  expect(mayConnectFrom(undefined, rules)).toBe(true);
});

test.each([
  'https://evil.example', 'http://localhost.evil.example', 'http://127.0.0.1.evil.example', 'http://notlocalhost', 'null', '', 'file://', 'localhost',
  'http://192.168.1.5:5173', 'chrome-extension://abcdef',
])('a page of %j may not connect', (origin) => {
  expect(mayConnectFrom(origin, rules)).toBe(false);
});

test.each(['app.example.com', 'https://app.example.com/', 'https://app.example.com/path', '', 'https://*.example.com?x'])('%j is not an origin', (origin) => {
  expect(() => checkOrigins('--allow-origin', [origin])).toThrow(new Error(
    `\`--allow-origin\` has \`${JSON.stringify(origin)}\`, which is not an origin: write scheme and host, such as \`https://app.example.com\`, or \`*\` for every origin`,
  ));
});

test.each(['https://app.example.com', 'http://192.168.1.5:5173', 'null', '*', 'file://', 'chrome-extension://abc'])('%j is an origin', (origin) => {
  expect(() => checkOrigins('--allow-origin', [origin])).not.toThrow();
});
