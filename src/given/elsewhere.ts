import { Elsewhere } from './options';

/*
 * Names of options that people bring along from CDK's own constructs, and where their values go here. Without an error, nobody would
 * notice that they have no effect.
 */

const named = (names: string[], instead: (name: string) => string): Elsewhere => (
  Object.fromEntries(names.map((name) => [name, instead(name)]))
);

/** Of CDK's `NodejsFunction` and of other frameworks. */
export const OF_OTHER_FUNCTIONS: Elsewhere = {
  ...named(['entry', 'handler', 'index'], () => 'the first argument names file and export, such as `"src/connect.main"`'),
  ...named(['minify', 'sourceMap', 'target', 'externalModules', 'nodeModules', 'define', 'loader'], (name) => `write \`bundling: Bundling.esbuild({ ${name} })\``),
  ...named(['authorization', 'authorizer'], () => 'write `authorization` of `WebSocketApi`; API Gateway asks for it on `$connect`'),
  ...named(['concurrency', 'reservedConcurrency'], () => 'write `reservedConcurrentExecutions`'),
  ...named(['requestModels', 'requestModel'], () => 'write `model`'),
  async: 'write `asynchronous`',
  env: 'write `environment`',
  memory: 'write `memorySize`',
};

/** In the props that all functions share. */
export const OF_DEFAULTS: Elsewhere = {
  ...OF_OTHER_FUNCTIONS,
  ...named(['returnResponse', 'apiKeyRequired', 'operationName', 'throttle', 'model', 'asynchronous'], () => 'it is an option of a single route: write it in `Route.toHandler()`'),
};

/** Of the authorizers of HTTP APIs. */
export const OF_HTTP_AUTHORIZERS: Elsewhere = {
  ...named(['resultsCacheTtl', 'responseTypes'], () => 'it is for HTTP APIs; API Gateway calls the authorizer of a WebSocket API for each handshake, and caches nothing'),
};

/** Of CDK's `WebSocketStage` and `CfnStage`. */
export const OF_STAGES: Elsewhere = {
  ...named(['loggingLevel', 'dataTraceEnabled'], () => 'write `executionLog`'),
  ...named(['webSocketApi', 'api'], () => 'write `api` of `WebSocketApi`'),
  name: 'write `stageName`',
  detailedMetricsEnabled: 'write `detailedMetrics`',
  accessLogSettings: 'write `accessLog` of `WebSocketApi`',
  domainMapping: 'write `customDomain` of `WebSocketApi`',
};

/** Of CDK's `HttpApi` and `CfnApi`. */
export const OF_OTHER_APIS: Elsewhere = {
  ...named(['corsPreflight', 'createDefaultStage', 'defaultAuthorizer', 'defaultAuthorizationScopes', 'defaultIntegration'], () => 'it is for HTTP APIs'),
  name: 'write `apiName`',
  defaultDomainMapping: 'write `customDomain` of `WebSocketApi`',
};

/** Of CDK's `DomainName`, `Certificate` and `DomainMappingOptions`. */
export const OF_DOMAINS: Elsewhere = {
  ...named(['hostedZone', 'zone'], () => 'write `dns: Dns.fromHostedZone(zone)`'),
  ...named(['mappingKey', 'basePath'], () => 'write `path`'),
  certificateArn: 'write `certificate: Certificate.fromCertificateArn(…)`',
};

/** Of what copies files elsewhere. */
export const OF_COPIES: Elsewhere = { from: 'write `source`', to: 'write `destination`' };
