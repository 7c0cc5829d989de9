import { Exchange } from '../../../src/local/dispatch/exchange';
import { accessLogLine } from '../../../src/local/wire/access-log';
import { apiModel, peer, placeIn, routeModel } from '../fake-backend';

const exchange = (userAgent?: string) => Exchange.message(
  peer({ identity: { sourceIp: '127.0.0.1', ...userAgent === undefined ? {} : { userAgent } }, authorizer: { principalId: 'ann', claims: { a: 1 } } }),
  placeIn(apiModel([routeModel('say')])), 'say', '{}', 1_700_000_000_000,
);

test('a line has the values of its variables, and `-` for what has none', () => {
  expect(accessLogLine('$context.routeKey $context.identity.sourceIp $context.authorizer.principalId $context.identity.userAgent $context.nothing $context.authorizer.claims', exchange()))
    .toBe('say 127.0.0.1 ann - - -');
});

test('what became of an event has two names for some things', () => {
  const one = exchange();
  one.progress.status = 502;
  one.progress.integration = { latencyMillis: 7, callStatus: 200, status: 404, requestId: 'r' };
  one.progress.failure = { message: 'Internal server error', reason: 'why' };
  one.progress.authorizer = { status: 200, latencyMillis: 3 };

  expect(accessLogLine('$context.status $context.integrationLatency $context.integration.latency $context.integrationStatus $context.integration.status', one)).toBe('502 7 7 200 404');
  expect(accessLogLine('$context.error.message $context.error.messageString $context.integrationErrorMessage', one)).toBe('Internal server error "Internal server error" why');
  expect(accessLogLine('$context.authorizer.status $context.authorizer.latency $context.authorizer.error', one)).toBe('200 3 -');
});

test('a value that a client chooses stays within its field and its line', () => {
  const line = accessLogLine('{"agent":"$context.identity.userAgent"}', exchange('a"b\\c\nd\u001b[2Je\u2028f\u009bg'));

  expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028]/);
  expect(JSON.parse(line)).toEqual({ agent: 'a"b\\c\nd\u001b[2Je\u2028f\u009bg' });
});
