import { CSV_FORMAT, JSON_FORMAT, unknownContextNames } from '../src/access-log-format';

describe('the JSON format', () => {
  test('is JSON whatever the values are, because every value is quoted', () => {
    expect(Object.values(JSON.parse(JSON_FORMAT.replace(/\$context[\w.]+/g, '-')))).toEqual(Array(14).fill('-'));
  });

  test('has the fields of the design, in their order', () => {
    expect(Object.keys(JSON.parse(JSON_FORMAT))).toEqual([
      'requestTime', 'requestId', 'eventType', 'routeKey', 'status', 'integrationRequestId', 'integrationStatus', 'integrationLatency',
      'integrationServiceStatus', 'ip', 'userAgent', 'cognitoIdentityId', 'connectedAt', 'connectionId',
    ]);
  });
});

test('the CSV format has the same values as the JSON format', () => {
  expect(CSV_FORMAT.split(',').map((value) => JSON.parse(value))).toEqual(Object.values(JSON.parse(JSON_FORMAT)));
});

describe('the names of a format that WebSocket APIs do not have', () => {
  test('are none in the formats of this library', () => {
    expect(unknownContextNames(JSON_FORMAT + CSV_FORMAT)).toEqual([]);
  });

  test('are found once each', () => {
    expect(unknownContextNames('$context.requestId $context.httpMethod $context.protocol $context.httpMethod')).toEqual(['httpMethod', 'protocol']);
  });

  test('do not include what the authorizer says, which may have any name', () => {
    expect(unknownContextNames('$context.authorizer.principalId $context.authorizer.tenant')).toEqual([]);
  });

  test('do not include the punctuation after a name', () => {
    expect(unknownContextNames('$context.requestId. "$context.status", $context.routeKey-')).toEqual([]);
  });
});
