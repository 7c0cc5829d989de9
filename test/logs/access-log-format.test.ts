import { CSV_FORMAT, JSON_FORMAT } from '../../src/logs/access-log-format';

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
