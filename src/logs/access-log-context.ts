/**
 * The `$context` names in the access logs of WebSocket APIs. Those below `authorizer.` are missing here: the authorizer chooses them.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
 */
const CONTEXT_NAMES = new Set([
  'apiId', 'connectedAt', 'connectionId', 'domainName', 'eventType', 'extendedRequestId', 'integrationLatency', 'messageId',
  'requestId', 'requestTime', 'requestTimeEpoch', 'routeKey', 'stage', 'status',
  ...below('authenticate', 'error', 'latency', 'status'),
  ...below('authorize', 'error', 'latency', 'status'),
  ...below('error', 'message', 'messageString', 'responseType', 'validationErrorString'),
  ...below('identity', 'accountId', 'apiKey', 'apiKeyId', 'caller', 'cognitoAuthenticationProvider', 'cognitoAuthenticationType',
    'cognitoIdentityId', 'cognitoIdentityPoolId', 'principalOrgId', 'sourceIp', 'user', 'userAgent', 'userArn'),
  ...below('integration', 'error', 'integrationStatus', 'latency', 'requestId', 'status'),
  ...below('waf', 'error', 'latency', 'status'),
]);

/** The names in a format that WebSocket APIs do not have. */
export function unknownContextNames(format: string): string[] {
  const names = [...format.matchAll(/\$context\.([A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*)/g)].map(([, name]) => name);
  return [...new Set(names)].filter((name) => !CONTEXT_NAMES.has(name) && !name.startsWith('authorizer.'));
}

function below(parent: string, ...names: string[]): string[] {
  return names.map((name) => `${parent}.${name}`);
}
