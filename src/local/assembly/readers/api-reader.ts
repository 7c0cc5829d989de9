import { throttleOf } from './api-key-reader';
import { ApiParts } from './api-parts';
import { readIntegration } from './integration-reader';
import { oneOf } from './one-of';
import { parseTarget } from '../../definition/integration-target';
import { asText, asTextRecord, JsonRecord, recordsOf } from '../../definition/json-value';
import { ApiModel, AuthorizationModel, MappingModel, RouteModel, StageModel } from '../../definition/model';
import { partitionOf } from '../template/partition';
import { Resource } from '../template/resource';

/** Reads the WebSocket APIs of an app. Whether they can be served is for `ApiCheck` to say. */
export class ApiReader {
  constructor(private readonly parts: ApiParts) {}

  public read(): ApiModel[] {
    const apis = this.parts.apis.map((api) => this.api(api));
    const isAmbiguous = ({ name }: ApiModel) => apis.filter((one) => one.name === name).length > 1;
    return apis.map((api) => isAmbiguous(api) ? { ...api, name: `${api.name} (${api.path})` } : api);
  }

  private api(api: Resource): ApiModel {
    const { account, region } = api.stack;
    const { name: partition, urlSuffix } = partitionOf(region);
    const models = new Map(this.parts.of('Model', api.ref).map((model) => [model.text('Name') ?? model.ref, schemaOf(model)]));
    const routes = this.parts.of('Route', api.ref).map((route) => this.route(route, api.ref, models));
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
      stages: this.parts.of('Stage', api.ref).map(readStage),
      mappings: this.parts.of('ApiMapping', api.ref).map(readMapping),
      ...models.size === 0 ? {} : { models },
    };
  }

  private route(route: Resource, apiId: string, models: ReadonlyMap<string, unknown>): RouteModel {
    const modelSelectionExpression = route.text('ModelSelectionExpression');
    const operationName = route.text('OperationName');
    const response = this.parts.of('RouteResponse', apiId)
      .find((one) => one.text('RouteId') === route.ref && one.text('RouteResponseKey') === '$default');
    const namedIn = (value: unknown) => new Map(Object.entries(asTextRecord(value))
      .flatMap(([one, name]) => (models.has(name) ? [[one, models.get(name)] as const] : [])));
    const responseModels = namedIn(response?.properties.ResponseModels);
    const integration = this.parts.integrationOf(route);
    return {
      key: route.text('RouteKey') ?? '',
      authorization: this.authorization(route),
      apiKeyRequired: route.flag('ApiKeyRequired'),
      ...integration ? { integration: readIntegration(integration, this.parts.responsesOf(integration)) } : {},
      ...modelSelectionExpression === undefined ? {} : { modelSelectionExpression },
      requestModels: namedIn(route.properties.RequestModels),
      response: response !== undefined,
      ...responseModels.size === 0 ? {} : { responseModels },
      ...operationName === undefined ? {} : { operationName },
    };
  }

  private authorization(route: Resource): AuthorizationModel {
    const type = oneOf(['AWS_IAM', 'CUSTOM'], route.text('AuthorizationType')) ?? 'NONE';
    if (type !== 'CUSTOM') { return { type }; }
    const id = route.text('AuthorizerId') ?? '';
    const authorizer = this.parts.authorizerOf(route);
    if (!authorizer) { return { type, id, name: id, functionArn: '', identitySource: [] }; }
    const target = parseTarget(authorizer.text('AuthorizerUri') ?? '');
    const credentials = authorizer.text('AuthorizerCredentialsArn');
    return {
      type,
      id,
      name: authorizer.text('Name') ?? id,
      functionArn: target.kind === 'function' ? target.arn : '',
      ...credentials === undefined ? {} : { credentials },
      identitySource: authorizer.texts('IdentitySource'),
    };
  }
}

/** The JSON schema of a model; undefined if it is not JSON. */
export function schemaOf(model: Resource): unknown {
  const { Schema } = model.properties;
  if (typeof Schema !== 'string') { return Schema; }
  try {
    return JSON.parse(Schema);
  } catch {
    return undefined;
  }
}

function readStage(stage: Resource): StageModel {
  const { Format, DestinationArn } = stage.record('AccessLogSettings');
  const throttle = ({ ThrottlingRateLimit, ThrottlingBurstLimit }: JsonRecord) => throttleOf(ThrottlingRateLimit, ThrottlingBurstLimit);
  const routeThrottles = [...recordsOf(stage.properties.RouteSettings)].map(([key, settings]) => [key, throttle(settings)] as const);
  return {
    name: stage.ref,
    variables: asTextRecord(stage.properties.StageVariables),
    ...Format === undefined ? {} : { accessLog: { format: asText(Format) ?? '', destinationArn: asText(DestinationArn) ?? '' } },
    defaultThrottle: throttle(stage.record('DefaultRouteSettings')),
    // A route whose settings are only about logs and metrics uses the throttle of its stage.
    routeThrottles: new Map(routeThrottles.filter(([, settings]) => Object.keys(settings).length > 0)),
  };
}

function readMapping(mapping: Resource): MappingModel {
  return {
    domainName: (mapping.text('DomainName') ?? '').toLowerCase(),
    path: (mapping.text('ApiMappingKey') ?? '').replace(/^\/+|\/+$/g, ''),
    stageName: mapping.text('Stage') ?? '',
  };
}
