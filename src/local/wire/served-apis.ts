import { AddressBook } from './address';
import { exampleMessage, schemaOf } from '../definition/example-message';
import { handshakeNeeds } from '../definition/handshake-needs';
import { ApiModel, Model } from '../definition/model';
import { RouteMessage, ServedApi } from '../definition/served-api';

/** Each stage of each API, for clients. */
export function servedApis({ apis }: Model, addresses: AddressBook): ServedApi[] {
  const messagesOfApis = new Map(apis.map((api) => [api, messagesOf(api)]));
  return apis.flatMap((api) => api.stages.map((stage) => {
    const messages = messagesOfApis.get(api)!;
    const at = `${addresses.localName(api)}/${stage.name}`;
    return {
      name: api.name,
      id: api.id,
      stage: stage.name,
      url: `ws://${at}`,
      secureUrl: `wss://${at}`,
      callbackUrl: `https://${at}`,
      routes: [...api.routes.keys()],
      domainUrls: api.mappings.filter(({ stageName }) => stageName === stage.name)
        .map(({ domainName, path }) => `ws://${addresses.localNameOfDomain(domainName)}/${path === '' ? '' : `${path}/`}`),
      required: handshakeNeeds(api),
      exampleMessage: messages.find(({ routeKey }) => !routeKey.startsWith('$'))?.example,
      messages,
    };
  }));
}

/** The routes that take messages, with what there is to say of these. */
function messagesOf(api: ApiModel): RouteMessage[] {
  return [...api.routes.values()].filter(({ key }) => key !== '$connect' && key !== '$disconnect').flatMap((route) => {
    const [example, schema] = [exampleMessage(api, route), schemaOf(route)];
    return example === undefined ? [] : [{ routeKey: route.key, example, ...schema === undefined ? {} : { schema } }];
  });
}
