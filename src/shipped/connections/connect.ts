import { ProxyAnswer, WebSocketEvent } from './event';
import { checkName, groupNames } from './group-names';
import { expressionOf, handshakeValue } from './handshake-values';
import { Refusal } from './refusal';
import { Services, Store } from './services';
import { isAccepted } from './subprotocol';
import { Connection } from '../table/connection';
import { MAX_GROUPS } from '../table/connection-table';
import { isUnicode } from '../table/unicode';

/** A handshake that nobody has anything against. */
const ACCEPTED: ProxyAnswer = { statusCode: 200 };

/**
 * Answers a handshake: the function of the app decides, if there is one. If it fails, this one fails too, and the client gets what it would
 * have got without this one. A connection is in the table before its handshake is complete, and only if it is accepted.
 */
export async function connect(event: WebSocketEvent, services: Services): Promise<unknown> {
  const { functions, connectHandler, store } = services;
  let connection: Connection | undefined;
  try {
    connection = store && newConnection(event, store);
  } catch (error) {
    if (!(error instanceof Refusal)) { throw error; }
    store!.log(JSON.stringify({ level: 'WARN', message: `a handshake is refused: ${error.message}`, code: error.code }));
    return { statusCode: 400 };
  }
  const answer = connectHandler === undefined ? ACCEPTED : parsed(await functions.call(connectHandler, event));
  if (store && connection && isAccepted(answer)) { await add(connection, store); }
  return answer;
}

function newConnection(event: WebSocketEvent, { settings, now }: Store): Connection {
  const { requestContext: { connectionId, connectedAt, identity, authorizer } } = event;
  const value = (one: Parameters<typeof handshakeValue>[1]) => handshakeValue(event, one);
  const user = settings.user && value(settings.user);
  const groups = [...new Set(settings.groups.flatMap((group) => groupNames(group, { message: undefined, value })))];
  if (groups.length > MAX_GROUPS) { throw new Refusal('too-many-groups', `it would be in ${groups.length} groups: a connection can be in ${MAX_GROUPS}`); }
  const expiry = settings.closeOnExpiry ? Number(authorizer?.exp) : NaN;
  return {
    connectionId,
    user: user === undefined ? undefined : checkName('user', user),
    sourceIp: identity?.sourceIp,
    connectedAt,
    expiresAt: Math.ceil(now() / 1000) + settings.timeToLive,
    closesAt: Number.isFinite(expiry) ? expiry : undefined,
    groups,
    announced: [],
    values: Object.fromEntries(settings.values.flatMap((one) => {
      const found = value(one);
      if (found !== undefined && !isUnicode(found)) { throw new Refusal('invalid-value', `the ${one.place} value \`${one.name}\` is no Unicode text`); }
      return found === undefined ? [] : [[expressionOf(one), found]];
    })),
  };
}

async function add(connection: Connection, { table }: Store): Promise<void> {
  try {
    await table.add(connection);
  } catch (error) {
    // The handshake fails, so nothing of it may stay.
    await table.remove(connection.connectionId).catch(() => {});
    throw error;
  }
}

/** What the function has returned, untouched: API Gateway judges it. */
function parsed(answer: string): unknown {
  return answer === '' ? null : JSON.parse(answer);
}
