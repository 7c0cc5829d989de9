import { CfnResource, Reference, Stack, Stage, Token, Tokenization } from 'aws-cdk-lib';
import { CfnBasePathMapping, CfnDomainName as CfnRestDomainName } from 'aws-cdk-lib/aws-apigateway';
import { ApiMapping, CfnApi, CfnApiMapping, CfnDomainName } from 'aws-cdk-lib/aws-apigatewayv2';
import { IConstruct } from 'constructs';

/**
 * Finds who else in the app uses the domain of a WebSocket API's mapping in a way that API Gateway refuses.
 *
 * @returns what is wrong, in the words of an error
 */
export function domainConflicts(own: ApiMapping): string[] {
  const mapping = own.node.defaultChild as CfnApiMapping;
  const domain = identity(mapping.domainName);
  const others = own.node.root.node.findAll().filter((node) => CfnResource.isCfnResource(node) && node !== mapping && sameEnvironment(node, mapping));
  return (others as CfnResource[]).flatMap((other) => {
    const path = `\`${other.node.path}\``;
    if (isRestUse(other) && identity(other.domainName) === domain) {
      return [`domain ${domain} is used by a REST API, in ${path}: API Gateway takes no WebSocket API on the domain of a REST or HTTP API; give this one a domain of its own`];
    }
    if (!isMapping(other) || identity(other.domainName) !== domain) { return []; }
    if (protocolOf(other) === 'HTTP') {
      return [`domain ${domain} is used by an HTTP API, in ${path}: API Gateway takes no WebSocket API on the domain of a REST or HTTP API; give this one a domain of its own`];
    }
    if ((other.apiMappingKey ?? '') === (mapping.apiMappingKey ?? '')) {
      return [`domain ${domain} has ${mapping.apiMappingKey === undefined ? 'its root' : `path \`${JSON.stringify(mapping.apiMappingKey)}\``} mapped twice, here and in ${path}: give each API a \`path\` of its own`];
    }
    return [];
  });
}

/** A domain belongs to an account and region: the same name may serve another API elsewhere. */
function sameEnvironment(one: CfnResource, other: CfnResource): boolean {
  const [{ account, region, environment }, { environment: otherEnvironment }] = [Stack.of(one), Stack.of(other)];
  return environment === otherEnvironment && (Stage.of(one) === Stage.of(other) || !(Token.isUnresolved(account) || Token.isUnresolved(region)));
}

function isMapping(node: CfnResource): node is CfnApiMapping {
  return node.cfnResourceType === CfnApiMapping.CFN_RESOURCE_TYPE_NAME;
}

/** A domain of API Gateway's first version serves REST APIs, mapped or not. */
function isRestUse(node: CfnResource): node is CfnBasePathMapping | CfnRestDomainName {
  return [CfnBasePathMapping.CFN_RESOURCE_TYPE_NAME, CfnRestDomainName.CFN_RESOURCE_TYPE_NAME].includes(node.cfnResourceType);
}

function protocolOf(mapping: CfnApiMapping): string | undefined {
  const api = referenced(mapping.apiId);
  return api instanceof CfnApi ? api.protocolType : undefined;
}

/** The same text for the same domain, whether it is named or referred to. */
function identity(domainName: string | undefined): string {
  const target = referenced(domainName);
  if (target instanceof CfnDomainName || target instanceof CfnRestDomainName) {
    return target.domainName === undefined || referenced(target.domainName) ? `\`${target.node.path}\`` : identity(target.domainName);
  }
  return `\`${JSON.stringify(domainName)}\``;
}

/** The construct that a token refers to. */
function referenced(value: string | undefined): IConstruct | undefined {
  const token = Tokenization.reverseString(value ?? '').firstToken;
  return Reference.isReference(token) ? token.target : undefined;
}
