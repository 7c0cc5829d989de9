import { handshakeNeeds } from '../definition/handshake-needs';
import { ApiModel } from '../definition/model';

type Part = { [name: string]: unknown };

/** What a client needs to be let in, by names that are the same for all APIs that need the same. */
export function securityOf(api: ApiModel): Map<string, Part> {
  const { queryString, headers, signature } = handshakeNeeds(api);
  const needs: Array<[string, Part]> = [
    ...signature ? [['signature', {
      type: 'httpApiKey',
      name: 'Authorization',
      in: 'header',
      description: 'AWS Signature Version 4 of the handshake, for the service `execute-api`. Browsers put it into the query string: the URL is presigned.',
    }] as [string, Part]] : [],
    ...headers.map((name): [string, Part] => [`header-${name}`, { type: 'httpApiKey', name, in: 'header' }]),
    ...queryString.map((name): [string, Part] => [`query-${name}`, { type: 'httpApiKey', name, in: 'query' }]),
  ];
  // AsyncAPI reads a list of them as a choice, so that has to be said.
  const all = needs.length > 1 ? 'The handshake has to carry this, and all else that the server names.' : undefined;
  return new Map(needs.map(([name, { description, ...scheme }]) => {
    const text = [description, all].filter((one) => one !== undefined).join(' ');
    const key = name.replace(/[^A-Za-z0-9_-]/g, '_');
    return [all === undefined ? key : `${key}-with-others`, { ...scheme, ...text === '' ? {} : { description: text } }];
  }));
}

/** What the handshake has to carry, as AsyncAPI's binding for WebSockets says it. */
export function bindingsOf(api: ApiModel): Part {
  const { queryString, headers } = handshakeNeeds(api);
  const schema = (names: readonly string[]) => ({
    type: 'object', required: names, properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
  });
  return {
    ws: {
      method: 'GET',
      ...queryString.length === 0 ? {} : { query: schema(queryString) },
      ...headers.length === 0 ? {} : { headers: schema(headers) },
      bindingVersion: '0.1.0',
    },
  };
}
