import { Token } from 'aws-cdk-lib';

/** API Gateway refuses a longer format. */
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

/** Every value is quoted, because API Gateway writes `-` for a value that it does not have, and a bare `-` is no JSON. */
export const JSON_FORMAT = JSON.stringify(JSON_FIELDS);

export const CSV_FORMAT = Object.values(JSON_FIELDS).map((value) => `"${value}"`).join(',');

/** Checks what API Gateway would refuse at deployment. */
export function checkFormat(format: string): void {
  if (Token.isUnresolved(format)) { return; }
  const complain = (what: string) => {
    throw new Error(`access log format \`${JSON.stringify(format.length > 100 ? `${format.slice(0, 100)}…` : format)}\` ${what}`);
  };
  if (format.trim() === '') { complain('is empty: write one with `$context.requestId` in it, or use `AccessLog.json()`'); }
  if (/[\r\n]/.test(format)) { complain('has more than one line: API Gateway writes one line for a request'); }
  if (!/\$context\.(requestId|extendedRequestId)\b/.test(format)) { complain('has neither `$context.requestId` nor `$context.extendedRequestId`: API Gateway requires one of them'); }
  const bytes = Buffer.byteLength(format);
  if (bytes > MAX_BYTES) { complain(`has ${bytes} bytes: API Gateway allows ${MAX_BYTES}`); }
}
