import { throttleOf } from './api-key-reader';
import { Findings } from '../findings';
import { FunctionReader } from './function-reader';
import { Principals } from './policy-reader';
import { unknownContextNames } from '../../../logs/access-log-context';
import { parseTarget, withStageVariables } from '../../definition/integration-target';
import { asText, asTextRecord, JsonRecord, recordsOf } from '../../definition/json-value';
import { ApiModel, AuthorizationModel, IntegrationModel, MappingModel, RouteModel, StageModel } from '../../definition/model';
import { partitionOf } from '../template/partition';
import { Resource, Resources } from '../template/resource';

/** As API Gateway has it, which is also the longest that it waits. */
const DEFAULT_TIMEOUT_MILLIS = 29_000;

const API = 'AWS::ApiGatewayV2::Api';

/** What belongs to an API, and names it with `ApiId`. */
const PARTS = ['Route', 'RouteResponse', 'Integration', 'IntegrationResponse', 'Authorizer', 'Stage', 'ApiMapping', 'Model'] as const;
type Part = typeof PARTS[number];

/** What an API gets from an app that does not own it. */
const EXTENSIONS = ['Route', 'Integration', 'Stage'] as const;

/** The WebSocket APIs of an app. */
export class ApiReader {
  private readonly parts = new Map<Part, Map<string, Resource[]>>();

  constructor(
    private readonly resources: Resources,
    private readonly functions: FunctionReader,
    private readonly principals: Principals,
    private readonly findings: Findings,
  ) {
    for (const part of PARTS) {
      const byApi = new Map<string, Resource[]>();
      for (const resource of resources.ofType(`AWS::ApiGatewayV2::${part}`)) {
        const api = resource.text('ApiId') ?? '';
        byApi.set(api, [...byApi.get(api) ?? [], resource]);
      }
      this.parts.set(part, byApi);
    }
  }

  public read(): ApiModel[] {
    this.importedApis.forEach((id) => this.warnOfImported(id));
    const apis = this.resources.ofType(API).filter((api) => api.text('ProtocolType') === 'WEBSOCKET').map((api) => this.api(api));
    const isAmbiguous = ({ name }: ApiModel) => apis.filter((one) => one.name === name).length > 1;
    return apis.map((api) => isAmbiguous(api) ? { ...api, name: `${api.name} (${api.path})` } : api);
  }

  /** Ids of WebSocket APIs, as far as can be told, that the app adds to, and that are not in it. */
  public get importedApis(): string[] {
    const own = new Set(this.resources.ofType(API).map(({ ref }) => ref));
    const ids = new Set(EXTENSIONS.flatMap((part) => [...this.parts.get(part)!.keys()]));
    return [...ids].filter((id) => !own.has(id) && !this.extensionsOf(id).some(isOfHttpApi));
  }

  private warnOfImported(id: string) {
    this.extensionsOf(id).forEach((resource) => this.findings.use(resource, 'ApiId'));
    const [first] = this.extensionsOf(id);
    const routes = this.partsOf('Route', id).map((route) => `\`${route.text('RouteKey')}\``);
    const what = routes.length === 0 ? '' : ` (${routes.length === 1 ? 'the route' : 'the routes'} ${routes.join(', ')})`;
    this.findings.warn(`\`${first.path}\` belongs to the API \`${id}\`, which is not in the app: what the app adds to it${what} is not served here`);
  }

  private extensionsOf(apiId: string): Resource[] {
    return EXTENSIONS.flatMap((part) => this.partsOf(part, apiId));
  }

  private partsOf(part: Part, apiId: string): readonly Resource[] {
    return this.parts.get(part)!.get(apiId) ?? [];
  }

  private api(api: Resource): ApiModel {
    this.findings.use(api, 'ApiKeySelectionExpression', 'DisableExecuteApiEndpoint', 'Name', 'RouteSelectionExpression');
    const { account, region } = api.stack;
    const { name: partition, urlSuffix } = partitionOf(region);
    const stages = this.partsOf('Stage', api.ref).map((stage) => this.stage(stage));
    if (stages.length === 0) {
      this.findings.warn(`\`${api.path}\` has no stage, so no client can reach it: add one`);
    }
    const models = new Map(this.partsOf('Model', api.ref).map((model) => [model.text('Name') ?? model.ref, this.schema(model)]));
    const routes = this.partsOf('Route', api.ref).map((route) => this.route(route, api.ref, models, stages));
    for (const key of new Set(routes.map((route) => route.key).filter((one, index, all) => all.indexOf(one) < index))) {
      this.findings.warn(`\`${api.path}\` has several routes \`${key}\`, which API Gateway refuses: the last is served here`);
    }
    return {
      id: api.ref,
      name: api.text('Name') ?? api.logicalId,
      path: api.path,
      region,
      account,
      partition,
      urlSuffix,
      routeSelectionExpression: api.text('RouteSelectionExpression') ?? '$request.body.action',
      apiKeySelectionExpression: api.text('ApiKeySelectionExpression') ?? '$request.header.x-api-key',
      disableExecuteApiEndpoint: api.flag('DisableExecuteApiEndpoint'),
      routes: new Map(routes.map((route) => [route.key, route])),
      stages,
      mappings: this.partsOf('ApiMapping', api.ref).map((mapping) => this.mapping(mapping)),
      ...models.size === 0 ? {} : { models },
    };
  }

  private stage(stage: Resource): StageModel {
    this.findings.use(stage, 'DefaultRouteSettings', 'RouteSettings', 'StageName', 'StageVariables');
    const { Format, DestinationArn } = stage.record('AccessLogSettings');
    const unknown = unknownContextNames(asText(Format) ?? '').map((name) => `\`$context.${name}\``);
    if (unknown.length > 0) {
      this.findings.warn(`the access log of \`${stage.path}\` names ${unknown.join(', ')}, which WebSocket APIs do not have: it shows \`-\``);
    }
    const throttle = ({ ThrottlingRateLimit, ThrottlingBurstLimit }: JsonRecord) => throttleOf(ThrottlingRateLimit, ThrottlingBurstLimit);
    const routeThrottles = [...recordsOf(stage.properties.RouteSettings)].map(([key, settings]) => [key, throttle(settings)] as const);
    return {
      name: stage.ref,
      variables: asTextRecord(stage.properties.StageVariables),
      ...Format === undefined ? {} : { accessLog: { format: asText(Format) ?? '', destinationArn: asText(DestinationArn) ?? '' } },
      defaultThrottle: throttle(stage.record('DefaultRouteSettings')),
      // Other settings of a route, of logs and metrics, leave the throttle to the stage.
      routeThrottles: new Map(routeThrottles.filter(([, settings]) => Object.keys(settings).length > 0)),
    };
  }

  private mapping(mapping: Resource): MappingModel {
    this.findings.use(mapping);
    return {
      domainName: (mapping.text('DomainName') ?? '').toLowerCase(),
      path: (mapping.text('ApiMappingKey') ?? '').replace(/^\/+|\/+$/g, ''),
      stageName: mapping.text('Stage') ?? '',
    };
  }

  private route(route: Resource, apiId: string, models: ReadonlyMap<string, unknown>, stages: readonly StageModel[]): RouteModel {
    this.findings.use(route);
    const key = route.text('RouteKey') ?? '';
    const modelSelectionExpression = route.text('ModelSelectionExpression');
    const named = Object.entries(asTextRecord(route.properties.RequestModels));
    const integration = this.integration(route, apiId, stages);
    return {
      key,
      authorization: this.authorization(route, apiId, stages),
      apiKeyRequired: route.flag('ApiKeyRequired'),
      ...integration ? { integration } : {},
      ...modelSelectionExpression === undefined ? {} : { modelSelectionExpression },
      requestModels: new Map(named.filter(([, name]) => models.has(name)).map(([one, name]) => [one, models.get(name)])),
      response: this.partsOf('RouteResponse', apiId)
        .some((response) => response.text('RouteId') === route.ref && response.text('RouteResponseKey') === '$default'),
    };
  }

  private schema(model: Resource): unknown {
    const { Schema } = model.properties;
    if (typeof Schema !== 'string') { return Schema; }
    try {
      return JSON.parse(Schema);
    } catch {
      this.findings.warn(`the schema of \`${model.path}\` is not JSON: no message is checked against it`);
      return undefined;
    }
  }

  private integration(route: Resource, apiId: string, stages: readonly StageModel[]): IntegrationModel | undefined {
    const target = route.text('Target');
    if (target === undefined) { return undefined; }
    const found = this.partsOf('Integration', apiId).find(({ ref }) => target === `integrations/${ref}`);
    if (!found) {
      this.findings.warn(`route \`${route.text('RouteKey')}\` of \`${route.path}\` leads to \`${target}\`, which is not in the app: it fails here`);
      return undefined;
    }
    this.findings.use(found);
    const integration = this.integrationModel(found, apiId);
    const usedBy = `route \`${route.text('RouteKey')}\` of \`${route.path}\``;
    const variables = stages.length === 0 ? [{}] : stages.map((stage) => stage.variables);
    const { target: called } = integration;
    if (found.missing(['IntegrationUri']).length === 0 && called.kind === 'function') {
      new Set(variables.map((one) => withStageVariables(called.arn, one))).forEach((arn) => this.functions.use(arn, usedBy));
    }
    const { credentials } = integration;
    if (credentials !== undefined && found.missing(['CredentialsArn']).length === 0) {
      for (const arn of new Set(variables.map((one) => withStageVariables(credentials, one)))) {
        this.principals.use(arn, integration.path);
        if (called.kind !== 'function') { this.principals.useForServices(arn); }
      }
    }
    return integration;
  }

  private integrationModel(integration: Resource, apiId: string): IntegrationModel {
    const credentials = integration.text('CredentialsArn');
    return {
      type: oneOf(['AWS', 'HTTP_PROXY', 'HTTP', 'MOCK'], integration.text('IntegrationType')) ?? 'AWS_PROXY',
      path: integration.path,
      target: parseTarget(integration.text('IntegrationUri') ?? ''),
      method: integration.text('IntegrationMethod') ?? 'POST',
      ...credentials === undefined ? {} : { credentials },
      requestTemplates: asTextRecord(integration.properties.RequestTemplates),
      ...templateSelection(integration),
      requestParameters: asTextRecord(integration.properties.RequestParameters),
      passthroughBehavior: oneOf(['WHEN_NO_TEMPLATES', 'NEVER'], integration.text('PassthroughBehavior')) ?? 'WHEN_NO_MATCH',
      timeoutMillis: integration.number('TimeoutInMillis') ?? DEFAULT_TIMEOUT_MILLIS,
      responses: this.partsOf('IntegrationResponse', apiId).filter((response) => response.text('IntegrationId') === integration.ref).map((response) => {
        this.findings.use(response);
        return {
          key: response.text('IntegrationResponseKey') ?? '$default',
          ...templateSelection(response),
          templates: asTextRecord(response.properties.ResponseTemplates),
          parameters: asTextRecord(response.properties.ResponseParameters),
        };
      }),
    };
  }

  private authorization(route: Resource, apiId: string, stages: readonly StageModel[]): AuthorizationModel {
    const type = oneOf(['AWS_IAM', 'CUSTOM'], route.text('AuthorizationType')) ?? 'NONE';
    if (type !== 'CUSTOM') { return { type }; }
    const id = route.text('AuthorizerId') ?? '';
    const authorizer = this.partsOf('Authorizer', apiId).find(({ ref }) => ref === id);
    if (!authorizer) {
      this.findings.warn(`route \`${route.text('RouteKey')}\` of \`${route.path}\` has the authorizer \`${id}\`, which is not in the app: nobody can connect here`);
      return { type, id, name: id, functionArn: '', identitySource: [] };
    }
    this.findings.use(authorizer);
    const name = authorizer.text('Name') ?? id;
    const target = parseTarget(authorizer.text('AuthorizerUri') ?? '');
    const functionArn = target.kind === 'function' ? target.arn : '';
    if (authorizer.missing(['AuthorizerUri']).length === 0) {
      const variables = stages.length === 0 ? [{}] : stages.map((stage) => stage.variables);
      new Set(variables.map((one) => withStageVariables(functionArn, one))).forEach((arn) => this.functions.use(arn, `authorizer \`${name}\``));
    }
    const credentials = authorizer.text('AuthorizerCredentialsArn');
    if (credentials !== undefined && authorizer.missing(['AuthorizerCredentialsArn']).length === 0) { this.principals.use(credentials, authorizer.path); }
    return { type, id, name, functionArn, ...credentials === undefined ? {} : { credentials }, identitySource: authorizer.texts('IdentitySource') };
  }
}

function templateSelection(resource: Resource): { templateSelectionExpression?: string } {
  const templateSelectionExpression = resource.text('TemplateSelectionExpression');
  return templateSelectionExpression === undefined ? {} : { templateSelectionExpression };
}

/** What is only written for HTTP APIs. */
function isOfHttpApi(resource: Resource): boolean {
  return resource.text('RouteKey')?.includes(' ') === true || resource.text('StageName') === '$default' || resource.text('PayloadFormatVersion') === '2.0';
}

function oneOf<T extends string>(values: readonly T[], value: string | undefined): T | undefined {
  return values.find((one) => one === value);
}
