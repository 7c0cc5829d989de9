import { CfnResource, Reference, Stack, Stage, Token, Tokenization } from 'aws-cdk-lib';
import { CfnBasePathMapping, CfnDomainName as CfnRestDomainName, CfnRestApi } from 'aws-cdk-lib/aws-apigateway';
import { ApiMapping, CfnApi, CfnApiMapping, CfnDomainName } from 'aws-cdk-lib/aws-apigatewayv2';
import { IConstruct } from 'constructs';

/**
 * Finds what else in the app uses the domain of a WebSocket API's mapping in a way that API Gateway refuses.
 *
 * @returns what is wrong, in the words of an error
 */
export function domainConflicts(own: ApiMapping): string[] {
  const mapping = own.node.defaultChild as CfnApiMapping;
  const created = referenced(mapping.domainName);
  const domain = identity(mapping.domainName);
  const all = own.node.root.node.findAll();
  const others = all
    .filter((node): node is CfnResource => CfnResource.isCfnResource(node))
    .filter((node) => node !== mapping && sameEnvironment(node, mapping));
  return others.flatMap((other) => {
    const path = `\`${other.node.path}\``;
    const usedBy = (kind: string) => [
      `domain ${domain} is used by ${kind} API, in ${path}: API Gateway takes no WebSocket API on the domain of a REST or HTTP API; give this one a domain of its own`,
    ];
    if (isRestUse(other)) {
      return identity(other.domainName) === domain ? usedBy('a REST') : [];
    }
    if (isDomain(other)) {
      return isDomain(created) && other !== created && identity(other.domainName) === domain
        ? [`domain ${domain} is created twice, in \`${created.node.path}\` and in ${path}: create it once, and give it to the other API with ` +
          '`CustomDomain.fromDomainName(api.apiGatewayDomain!, { path })`']
        : [];
    }
    if (!isMapping(other) || identity(other.domainName) !== domain) { return []; }
    const kind = kindOfApi(other, all);
    if (kind) { return usedBy(kind); }
    if ((other.apiMappingKey ?? '') === (mapping.apiMappingKey ?? '')) {
      return [`domain ${domain} has ${mapping.apiMappingKey === undefined ? 'its root' : `path \`${JSON.stringify(mapping.apiMappingKey)}\``} mapped twice, here and in ${path}: give each API a \`path\` of its own`];
    }
    return [];
  });
}

/** A domain belongs to an account and Region: the same name may serve another API elsewhere. */
function sameEnvironment(one: CfnResource, other: CfnResource): boolean {
  const [{ account, region, environment }, { environment: otherEnvironment }] = [Stack.of(one), Stack.of(other)];
  const isAgnostic = Token.isUnresolved(account) || Token.isUnresolved(region);
  return environment === otherEnvironment && (Stage.of(one) === Stage.of(other) || !isAgnostic);
}

function isMapping(node: CfnResource): node is CfnApiMapping {
  return node.cfnResourceType === CfnApiMapping.CFN_RESOURCE_TYPE_NAME;
}

/** A domain of API Gateway's first version serves REST APIs, mapped or not. */
function isRestUse(node: CfnResource): node is CfnBasePathMapping | CfnRestDomainName {
  return [CfnBasePathMapping.CFN_RESOURCE_TYPE_NAME, CfnRestDomainName.CFN_RESOURCE_TYPE_NAME].includes(node.cfnResourceType);
}

function isDomain(node: IConstruct | undefined): node is CfnDomainName {
  return CfnResource.isCfnResource(node) && node.cfnResourceType === CfnDomainName.CFN_RESOURCE_TYPE_NAME;
}

/** The kind of a mapped API that is no WebSocket API, as far as the app knows. An `ApiMapping` takes REST APIs too. */
function kindOfApi({ apiId }: CfnApiMapping, all: IConstruct[]): string | undefined {
  const api = referenced(apiId);
  if (CfnResource.isCfnResource(api)) {
    return api.cfnResourceType === CfnRestApi.CFN_RESOURCE_TYPE_NAME ? 'a REST' : (api as CfnApi).protocolType === 'HTTP' ? 'an HTTP' : undefined;
  }
  const imported = (member: 'restApiId' | 'httpApiId') => all.some((node) => member in node && (node as any)[member] === apiId);
  return imported('restApiId') ? 'a REST' : imported('httpApiId') ? 'an HTTP' : undefined;
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
