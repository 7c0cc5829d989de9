import { Resource, Resources } from '../template/resource';

const API = 'AWS::ApiGatewayV2::Api';

/** The resources that belong to an API, and name it with `ApiId`. */
const PARTS = ['Route', 'RouteResponse', 'Integration', 'IntegrationResponse', 'Authorizer', 'Stage', 'ApiMapping', 'Model'] as const;
type Part = typeof PARTS[number];

/** The resources that an app can add to an API of another app. */
const EXTENSIONS = ['Route', 'Integration', 'Stage'] as const;

/** The WebSocket APIs of an app, and which resources belong to which API. */
export class ApiParts {
  /** The WebSocket APIs that the app owns. */
  public readonly apis: readonly Resource[];
  /** Ids of the APIs that the app adds to but does not own, except those that are HTTP APIs as far as can be told. */
  public readonly imported: readonly string[];
  private readonly parts = new Map<Part, Map<string, Resource[]>>();

  constructor(resources: Resources) {
    for (const part of PARTS) {
      const byApi = new Map<string, Resource[]>();
      for (const resource of resources.ofType(`AWS::ApiGatewayV2::${part}`)) {
        const api = apiIdOf(resource);
        byApi.set(api, [...byApi.get(api) ?? [], resource]);
      }
      this.parts.set(part, byApi);
    }
    this.apis = resources.ofType(API).filter((api) => api.text('ProtocolType') === 'WEBSOCKET');
    const own = new Set(resources.ofType(API).map(({ ref }) => ref));
    const ids = new Set(EXTENSIONS.flatMap((part) => [...this.parts.get(part)!.keys()]));
    this.imported = [...ids].filter((id) => !own.has(id) && !this.extensionsOf(id).some(isOfHttpApi));
  }

  public of(part: Part, apiId: string): readonly Resource[] {
    return this.parts.get(part)!.get(apiId) ?? [];
  }

  public extensionsOf(apiId: string): Resource[] {
    return EXTENSIONS.flatMap((part) => this.of(part, apiId));
  }

  /** The integration that a route leads to, if it is in the app. */
  public integrationOf(route: Resource): Resource | undefined {
    return this.of('Integration', apiIdOf(route)).find(({ ref }) => route.text('Target') === `integrations/${ref}`);
  }

  public responsesOf(integration: Resource): Resource[] {
    return this.of('IntegrationResponse', apiIdOf(integration)).filter((response) => response.text('IntegrationId') === integration.ref);
  }

  /** The authorizer of a route, if it is in the app. */
  public authorizerOf(route: Resource): Resource | undefined {
    return this.of('Authorizer', apiIdOf(route)).find(({ ref }) => ref === (route.text('AuthorizerId') ?? ''));
  }
}

function apiIdOf(part: Resource): string {
  return part.text('ApiId') ?? '';
}

/** Whether a resource has what only HTTP APIs have. */
function isOfHttpApi(resource: Resource): boolean {
  return resource.text('RouteKey')?.includes(' ') === true
    || resource.text('StageName') === '$default'
    || resource.text('PayloadFormatVersion') === '2.0';
}
