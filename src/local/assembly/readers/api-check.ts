import { ApiParts } from './api-parts';
import { schemaOf } from './api-reader';
import { FunctionReader } from './function-reader';
import { Principals } from './policy-reader';
import { unknownContextNames } from '../../../logs/access-log-context';
import { parseTarget, withStageVariables } from '../../definition/integration-target';
import { asText, asTextRecord } from '../../definition/json-value';
import { Findings } from '../findings';
import { Resource } from '../template/resource';

type Variables = Readonly<Record<string, string>>;

/** Says what in the WebSocket APIs of an app cannot be served, and records which functions, principals and values they use. */
export class ApiCheck {
  constructor(
    private readonly parts: ApiParts,
    private readonly functions: FunctionReader,
    private readonly principals: Principals,
    private readonly findings: Findings,
  ) {}

  public run() {
    this.parts.imported.forEach((id) => this.imported(id));
    this.parts.apis.forEach((api) => this.api(api));
  }

  private imported(id: string) {
    const extensions = this.parts.extensionsOf(id);
    extensions.forEach((resource) => this.findings.use(resource, 'ApiId'));
    const routes = this.parts.of('Route', id).map((route) => `\`${route.text('RouteKey')}\``);
    const what = routes.length === 0 ? '' : ` (${routes.length === 1 ? 'the route' : 'the routes'} ${routes.join(', ')})`;
    this.findings.warn(`\`${extensions[0].path}\` belongs to the API \`${id}\`, which is not in the app: what the app adds to it${what} is not served here`);
  }

  private api(api: Resource) {
    this.findings.use(api, 'ApiKeySelectionExpression', 'DisableExecuteApiEndpoint', 'Name', 'RouteSelectionExpression');
    const stages = this.parts.of('Stage', api.ref);
    stages.forEach((stage) => this.stage(stage));
    if (stages.length === 0) {
      this.findings.warn(`\`${api.path}\` has no stage, so no client can reach it: add one`);
    }
    this.parts.of('Model', api.ref).forEach((model) => this.model(model));
    const variables = stages.length === 0 ? [{}] : stages.map((stage) => asTextRecord(stage.properties.StageVariables));
    const routes = this.parts.of('Route', api.ref);
    routes.forEach((route) => this.route(route, variables));
    const keys = routes.map((route) => route.text('RouteKey') ?? '');
    for (const key of new Set(keys.filter((one, index) => keys.indexOf(one) < index))) {
      this.findings.warn(`\`${api.path}\` has several routes \`${key}\`, which API Gateway refuses: the last is served here`);
    }
    this.parts.of('ApiMapping', api.ref).forEach((mapping) => this.findings.use(mapping));
  }

  private stage(stage: Resource) {
    this.findings.use(stage, 'DefaultRouteSettings', 'RouteSettings', 'StageName', 'StageVariables');
    const format = asText(stage.record('AccessLogSettings').Format) ?? '';
    const unknown = unknownContextNames(format).map((name) => `\`$context.${name}\``);
    if (unknown.length > 0) {
      this.findings.warn(`the access log of \`${stage.path}\` names ${unknown.join(', ')}, which WebSocket APIs do not have: it shows \`-\``);
    }
  }

  private model(model: Resource) {
    if (model.properties.Schema !== undefined && schemaOf(model) === undefined) {
      this.findings.warn(`the schema of \`${model.path}\` is not JSON: no message is checked against it`);
    }
  }

  private route(route: Resource, variables: readonly Variables[]) {
    this.findings.use(route);
    this.requestModels(route);
    const target = route.text('Target');
    const integration = this.parts.integrationOf(route);
    if (integration) {
      this.integration(integration, nameOf(route), variables);
    } else if (target !== undefined) {
      this.findings.warn(`${nameOf(route)} leads to \`${target}\`, which is not in the app: it fails here`);
    }
    if (route.text('AuthorizationType') !== 'CUSTOM') { return; }
    const authorizer = this.parts.authorizerOf(route);
    if (authorizer) {
      this.authorizer(authorizer, variables);
    } else {
      const id = route.text('AuthorizerId') ?? '';
      this.findings.warn(`${nameOf(route)} has the authorizer \`${id}\`, which is not in the app: nobody can connect here`);
    }
  }

  private requestModels(route: Resource) {
    const models = this.parts.of('Model', route.text('ApiId') ?? '');
    for (const name of Object.values(asTextRecord(route.properties.RequestModels))) {
      if (models.some((model) => model.text('Name') === name)) { continue; }
      const meant = models.find((model) => model.ref === name);
      this.findings.warn(meant
        ? `${nameOf(route)} names the model \`${meant.path}\` by its id: give its name \`${meant.text('Name')}\` in \`RequestModels\`. It checks no message here`
        : `${nameOf(route)} names the model \`${name}\`, which is not in the app: it checks no message here`);
    }
  }

  private integration(integration: Resource, usedBy: string, variables: readonly Variables[]) {
    this.findings.use(integration);
    this.parts.responsesOf(integration).forEach((response) => this.findings.use(response));
    const target = parseTarget(integration.text('IntegrationUri') ?? '');
    if (target.kind === 'function' && isKnown(integration, 'IntegrationUri')) {
      inEachStage(target.arn, variables).forEach((arn) => this.functions.use(arn, usedBy));
    }
    const credentials = integration.text('CredentialsArn');
    if (credentials === undefined || !isKnown(integration, 'CredentialsArn')) { return; }
    for (const arn of inEachStage(credentials, variables)) {
      this.principals.use(arn, integration.path);
      if (target.kind !== 'function') { this.principals.useForServices(arn); }
    }
  }

  private authorizer(authorizer: Resource, variables: readonly Variables[]) {
    this.findings.use(authorizer);
    const target = parseTarget(authorizer.text('AuthorizerUri') ?? '');
    if (isKnown(authorizer, 'AuthorizerUri')) {
      const usedBy = `authorizer \`${authorizer.text('Name') ?? authorizer.ref}\``;
      const functionArn = target.kind === 'function' ? target.arn : '';
      inEachStage(functionArn, variables).forEach((arn) => this.functions.use(arn, usedBy));
    }
    const credentials = authorizer.text('AuthorizerCredentialsArn');
    if (credentials !== undefined && isKnown(authorizer, 'AuthorizerCredentialsArn')) {
      this.principals.use(credentials, authorizer.path);
    }
  }
}

function nameOf(route: Resource): string {
  return `route \`${route.text('RouteKey')}\` of \`${route.path}\``;
}

function isKnown(resource: Resource, property: string): boolean {
  return resource.missing([property]).length === 0;
}

/** An ARN with the variables of each stage. */
function inEachStage(arn: string, variables: readonly Variables[]): Set<string> {
  return new Set(variables.map((one) => withStageVariables(arn, one)));
}
