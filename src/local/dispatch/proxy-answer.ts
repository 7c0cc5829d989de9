import { Answer } from './outcome';
import { anyNumber, anyText } from '../definition/json-value';

/** The only fields that the answer of a Lambda proxy may have. */
const FIELDS = ['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'];

/**
 * What a function answered, in the format that API Gateway expects of a Lambda proxy.
 *
 * @returns the answer, or a text that says why API Gateway would call it malformed
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format
 */
export function parseProxyAnswer(payload: string): Answer | string {
  const value = parseObject(payload);
  if (value === undefined || !('statusCode' in value)) {
    return `the function returned \`${shorten(payload)}\`, which has no \`statusCode\`: return an object with \`statusCode\`, such as 200`;
  }
  const names = Object.keys(value);
  if (names.some(isUnknown)) {
    const unknown = names.filter(isUnknown);
    return `the function returned ${unknown.map((name) => `\`${shorten(JSON.stringify(name))}\``).join(', ')}, which is malformed for API Gateway: `
      + `return ${FIELDS.map((name) => `\`${name}\``).join(', ')} alone`;
  }
  const status = anyNumber(value.statusCode);
  if ((typeof value.statusCode !== 'number' && typeof value.statusCode !== 'string') || !Number.isInteger(status) || status < 100 || status > 599) {
    return `the function returned the \`statusCode\` \`${shorten(JSON.stringify(value.statusCode))}\`: return a number from 100 to 599`;
  }
  const { body, headers, multiValueHeaders } = value;
  if (typeof body === 'object' && body !== null) {
    return `the function returned a \`body\` that is ${Array.isArray(body) ? 'a list' : 'an object'}: return text, such as \`JSON.stringify(…)\` in JavaScript or \`json.dumps(…)\` in Python makes`;
  }
  if (isWrong(headers) || isWrong(multiValueHeaders)) {
    const [name, wrong] = isWrong(headers) ? ['headers', headers] : ['multiValueHeaders', multiValueHeaders];
    return `the function returned the \`${name}\` \`${shorten(JSON.stringify(wrong))}\`: return an object`;
  }
  return { kind: 'answer', status, headers: joined(headers, multiValueHeaders), body: body === undefined || body === null ? undefined : String(body) };
}

function isUnknown(name: string): boolean {
  return !FIELDS.includes(name);
}

function isWrong(headers: unknown): boolean {
  return headers !== undefined && headers !== null && !isObject(headers);
}

/** A header that has several values is one line of them. */
function joined(headers: unknown, multiValueHeaders: unknown): Record<string, string> {
  if (!headers && !multiValueHeaders) { return {}; }
  return Object.fromEntries([
    ...Object.entries(isObject(headers) ? headers : {}),
    ...Object.entries(isObject(multiValueHeaders) ? multiValueHeaders : {}).map(([name, values]) => [name, values]),
  ].map(([name, value]) => [String(name), anyText(value)]));
}

function parseObject(payload: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(payload);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
