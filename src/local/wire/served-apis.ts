import { AddressBook } from './address';
import { ApiModel, Model } from '../definition/model';
import { HandshakeNeeds, ServedApi } from '../definition/served-api';

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
      required: requiredBy(api),
      exampleMessage: exampleMessage(api),
    };
  }));
}

function requiredBy({ routes, apiKeySelectionExpression }: ApiModel): HandshakeNeeds {
  const route = routes.get('$connect');
  const sources = route?.authorization.type === 'CUSTOM' ? route.authorization.identitySource : [];
  const namesOf = (kind: string) => sources.flatMap((source) => (source.startsWith(`route.request.${kind}.`) ? source.slice(`route.request.${kind}.`.length) : []));
  const key = route?.apiKeyRequired && /^\$request\.header\.[\w-]+$/.test(apiKeySelectionExpression) ? [apiKeySelectionExpression.replace(/^.*\./, '')] : [];
  return { queryString: namesOf('querystring'), headers: [...namesOf('header'), ...key], signature: route?.authorization.type === 'AWS_IAM' };
}

/** Of an expression that is the path of one property, as `$request.body.action` is. */
function exampleMessage({ routes, routeSelectionExpression }: ApiModel): string | undefined {
  const key = [...routes.keys()].find((one) => !one.startsWith('$'));
  const [, path] = /^\$\{?request\.body\.([\w-]+(?:\.[\w-]+)*)\}?$/.exec(routeSelectionExpression) ?? [];
  return key === undefined || path === undefined
    ? undefined
    : JSON.stringify(path.split('.').reduceRight<unknown>((value, name) => ({ [name]: value }), key));
}
