import { Annotations, Token } from 'aws-cdk-lib';
import { CfnApi, IWebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { BoundCustomDomain } from './custom-domain';

/**
 * Closes the API's own address, so that its domain is the only one.
 *
 * @returns the domain. An error if it cannot be the only address
 */
export function closeExecuteApi(scope: Construct, api: IWebSocketApi, domain: BoundCustomDomain | undefined): BoundCustomDomain {
  const what = `\`disableExecuteApiEndpoint\` of \`${scope.node.path}\``;
  const resource = api.node.defaultChild;
  if (!(resource instanceof CfnApi) || api.node.scope !== scope) {
    throw new Error(`${what} cannot be set together with an API that exists: set it where the API is created`);
  }
  if (!domain) {
    throw new Error(`${what} leaves no address: give the API one with \`customDomain\`, such as \`CustomDomain.fromName('api.domain.com')\``);
  }
  if (!Token.isUnresolved(domain.name) && domain.name.startsWith('*.')) {
    throw new Error(`${what} leaves \`${JSON.stringify(domain.name)}\` alone, and functions could not know which name under it to post to: ` +
      'give a domain without a wildcard, or leave the address of the API open');
  }
  if (domain.isExternal) {
    Annotations.of(scope).addWarningV2('cdk-websocket-api:externalDomainAlone',
      `${what} leaves \`${JSON.stringify(domain.name)}\` alone, and this app makes no DNS record for it: nobody reaches the API, and functions cannot post, ` +
      'until you have made one');
  }
  resource.disableExecuteApiEndpoint = true;
  return domain;
}
