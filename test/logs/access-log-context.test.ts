import { unknownContextNames } from '../../src/logs/access-log-context';
import { CSV_FORMAT, JSON_FORMAT } from '../../src/logs/access-log-format';

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
