import { AddressBook } from './address';
import { handshakeNeeds } from '../definition/handshake-needs';
import { ApiModel, Model } from '../definition/model';
import { selectingField } from '../definition/selecting-field';
import { ServedApi } from '../definition/served-api';

/** Each stage of each API, for clients. */
export function servedApis({ apis }: Model, addresses: AddressBook): ServedApi[] {
  return apis.flatMap((api) => api.stages.map((stage) => {
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
      exampleMessage: exampleMessage(api),
    };
  }));
}

function exampleMessage({ routes, routeSelectionExpression }: ApiModel): string | undefined {
  const key = [...routes.keys()].find((one) => !one.startsWith('$'));
  const field = selectingField(routeSelectionExpression);
  return key === undefined || field === undefined
    ? undefined
    : JSON.stringify(field.reduceRight<unknown>((value, name) => ({ [name]: value }), key));
}
