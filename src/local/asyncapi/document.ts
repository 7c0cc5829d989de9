import { Channel, Collected, GATEWAY_ERROR } from './channel';
import { inOrder, Names } from './names';
import { Schemas } from './schemas';
import { securityOf } from './security';
import { serversOf } from './servers';
import { Model } from '../definition/model';

type Part = { [name: string]: unknown };

/** What API Gateway sends by itself. The texts are those of its documentation; how it is spaced does not matter to a client. */
const ERROR_MESSAGE: Part = {
  name: GATEWAY_ERROR,
  summary: 'What API Gateway answers a message that it refuses, or whose route fails.',
  description: 'Such as "Bad request body" for a message that does not fit the model of its route, "Forbidden" for one that no route takes, or "Internal server error".',
};

const ERROR: Part = {
  type: 'object',
  required: ['message', 'connectionId'],
  properties: { message: { type: 'string' }, connectionId: { type: 'string' }, requestId: { type: 'string' }, messageId: { type: 'string' } },
};

/**
 * The WebSocket APIs of an app as one AsyncAPI document. It depends on the app alone: no account, no path and no time is in it, and all is
 * in an order of its own.
 *
 * @throws Error that names the route whose model cannot be written in it
 * @see https://www.asyncapi.com/docs/reference/specification/v3.0.0
 */
export function asyncApiDocument({ apis, unresolved }: Pick<Model, 'apis' | 'unresolved'>): Part {
  const sorted = inOrder(apis, ({ name, path }) => `${name} ${path}`);
  const into: Collected = { schemas: new Schemas(), names: new Names(), messages: new Map(), operations: new Map() };
  const payload = into.schemas.addOwn(into.names.takeIdentifier(GATEWAY_ERROR), ERROR);
  into.messages.set(GATEWAY_ERROR, { ...ERROR_MESSAGE, payload });
  const [serverNames, channelNames] = [new Names(), new Names()];
  const [servers, channels, schemes] = [new Map<string, Part>(), new Map<string, Part>(), new Map<string, Part>()];
  for (const api of sorted) {
    const name = channelNames.take(api.name);
    const label = sorted.length === 1 ? [] : [name];
    const security = securityOf(api);
    security.forEach((scheme, one) => schemes.set(one, scheme));
    const references = [...security.keys()].map((one) => ({ $ref: `#/components/securitySchemes/${one}` }));
    const own = serversOf(api, label, serverNames, references, unresolved);
    own.forEach((server, one) => servers.set(one, server));
    channels.set(name, new Channel(api, name, label, into).render([...own.keys()]));
  }
  const named = (parts: ReadonlyMap<string, Part>) => Object.fromEntries(inOrder(parts, ([name]) => name));
  const components = { messages: named(into.messages), schemas: into.schemas.all, securitySchemes: named(schemes) };
  return {
    asyncapi: '3.0.0',
    info: {
      title: sorted.map(({ name }) => name).join(', '),
      version: '1.0.0',
      description: 'Made from the app by `cdk-websocket-api asyncapi`. Change the app, not this file.',
    },
    defaultContentType: 'application/json',
    servers: named(servers),
    channels: named(channels),
    operations: named(into.operations),
    components: Object.fromEntries(Object.entries(components).filter(([, parts]) => Object.keys(parts).length > 0)),
  };
}
