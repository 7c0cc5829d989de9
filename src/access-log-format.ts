import { Token } from 'aws-cdk-lib';

/** API Gateway refuses a longer template. */
const MAX_BYTES = 3 * 1024;

const JSON_FIELDS = {
  requestTime: '$context.requestTime',
  requestId: '$context.requestId',
  eventType: '$context.eventType',
  routeKey: '$context.routeKey',
  status: '$context.status',
  integrationRequestId: '$context.integration.requestId',
  integrationStatus: '$context.integration.status',
  integrationLatency: '$context.integrationLatency',
  integrationServiceStatus: '$context.integration.integrationStatus',
  ip: '$context.identity.sourceIp',
  userAgent: '$context.identity.userAgent',
  cognitoIdentityId: '$context.identity.cognitoIdentityId',
  connectedAt: '$context.connectedAt',
  connectionId: '$context.connectionId',
};

/** Every value is quoted: one that API Gateway does not know is `-`, which is no JSON otherwise. */
export const JSON_FORMAT = JSON.stringify(JSON_FIELDS);

export const CSV_FORMAT = Object.values(JSON_FIELDS).map((value) => `"${value}"`).join(',');

/**
 * The `$context` names that the access logs of WebSocket APIs have, without those below `authorizer.`, which the authorizer chooses.
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

/** Checks what API Gateway would refuse when the stage is deployed. */
export function checkFormat(format: string): void {
  if (Token.isUnresolved(format)) { return; }
  const complain = (what: string) => {
    throw new Error(`access log format \`${JSON.stringify(format.length > 100 ? `${format.slice(0, 100)}…` : format)}\` ${what}`);
  };
  if (format.trim() === '') { complain('is empty: write one with `$context.requestId` in it, or use `AccessLog.json()`'); }
  if (/[\r\n]/.test(format)) { complain('has more than one line: API Gateway writes one line for a request'); }
  if (!/\$context\.(requestId|extendedRequestId)\b/.test(format)) { complain('has neither `$context.requestId` nor `$context.extendedRequestId`: API Gateway wants one of them'); }
  const bytes = Buffer.byteLength(format);
  if (bytes > MAX_BYTES) { complain(`has ${bytes} bytes: API Gateway allows ${MAX_BYTES}`); }
}

/** The names in a format that WebSocket APIs have no value for. */
export function unknownContextNames(format: string): string[] {
  const names = [...format.matchAll(/\$context\.([A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*)/g)].map(([, name]) => name);
  return [...new Set(names)].filter((name) => !CONTEXT_NAMES.has(name) && !name.startsWith('authorizer.'));
}

function below(parent: string, ...names: string[]): string[] {
  return names.map((name) => `${parent}.${name}`);
}
