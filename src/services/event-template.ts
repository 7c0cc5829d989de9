/** A field of `requestContext`, and what it is in `$context`. */
interface Field {
  readonly name: string;
  readonly reference: string;
  readonly isNumber?: boolean;
}

const MESSAGE_ID: Field = { name: 'messageId', reference: '$!context.messageId' };

const FIELDS: readonly Field[] = [
  { name: 'routeKey', reference: '$!context.routeKey' },
  { name: 'eventType', reference: '$!context.eventType' },
  { name: 'stage', reference: '$!context.stage' },
  { name: 'connectedAt', reference: '$context.connectedAt', isNumber: true },
  { name: 'requestTimeEpoch', reference: '$context.requestTimeEpoch', isNumber: true },
  { name: 'requestId', reference: '$!context.requestId' },
  { name: 'domainName', reference: '$!context.domainName' },
  { name: 'connectionId', reference: '$!context.connectionId' },
  { name: 'apiId', reference: '$!context.apiId' },
];

const IDENTITY: readonly Field[] = [
  { name: 'sourceIp', reference: '$!context.identity.sourceIp' },
  { name: 'userAgent', reference: '$!context.identity.userAgent' },
];

/** The part of a template that puts the event into `$event`. */
export interface EventProps {
  /** Whether it comes with a message. Handshakes and disconnects have none. */
  readonly hasBody: boolean;
  readonly authorizerKeys: readonly string[];
}

/**
 * Sets `$event` to JSON that has the fields of a Lambda event. It is one line: a service would be sent the end of a line too.
 *
 * Velocity knows no way to write a double quote into a text that it fills in: `$q` is one.
 */
export function setEvent({ hasBody, authorizerKeys }: EventProps): string {
  const sets: string[] = ['#set($q = \'"\')'];
  const value = ({ reference, isNumber }: Field): string => {
    if (isNumber) { return reference; }
    const name = `v${sets.length}`;
    sets.push(`#set($${name} = ${jsonEscaped(`"${reference}"`)})`);
    return `\${q}\${${name}}\${q}`;
  };
  const object = (members: ReadonlyArray<readonly [string, string]>) => `{${members.map(([name, text]) => `\${q}${name}\${q}:${text}`).join(',')}}`;
  const fields = (all: readonly Field[]) => all.map((field) => [field.name, value(field)] as const);
  const authorizer = authorizerKeys.map((name) => ({ name, reference: `$!context.authorizer.${name}` }));

  const event = object([
    ['requestContext', object([
      ...fields(hasBody ? [MESSAGE_ID, ...FIELDS] : FIELDS),
      ['identity', object(fields(IDENTITY))],
      ...authorizer.length > 0 ? [['authorizer', object(fields(authorizer))] as const] : [],
    ])],
    ...hasBody ? fields([{ name: 'body', reference: '$!input.body' }]) : [],
  ]);
  return `${sets.join('')}#set($event = "${event}")`;
}

/**
 * A value as it stands between the quotes of a JSON string. `escapeJavaScript` escapes single quotes too, which JSON does not know, so
 * AWS documents to take that back.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
 */
export function jsonEscaped(reference: string): string {
  return `$util.escapeJavaScript(${reference}).replaceAll("\\\\'", "'")`;
}
