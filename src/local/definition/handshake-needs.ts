import { ApiModel } from './model';
import { HandshakeNeeds } from './served-api';

/** What a client has to send to be let in. */
export function handshakeNeeds({ routes, apiKeySelectionExpression }: ApiModel): HandshakeNeeds {
  const route = routes.get('$connect');
  const sources = route?.authorization.type === 'CUSTOM' ? route.authorization.identitySource : [];
  const namesOf = (kind: string) => sources.flatMap((source) => (source.startsWith(`route.request.${kind}.`) ? source.slice(`route.request.${kind}.`.length) : []));
  const key = route?.apiKeyRequired && /^\$request\.header\.[\w-]+$/.test(apiKeySelectionExpression) ? [apiKeySelectionExpression.replace(/^.*\./, '')] : [];
  return { queryString: namesOf('querystring'), headers: [...namesOf('header'), ...key], signature: route?.authorization.type === 'AWS_IAM' };
}
