import { ArnFormat, Fn, Stack } from 'aws-cdk-lib';
import { CfnApi, CfnIntegration, CfnIntegrationResponse, CfnRoute, CfnRouteResponse, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, FunctionUrlAuthType, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { outputUrl } from './apis';

export interface PlainApiOptions {
  readonly backend?: string;
  readonly nowhere: string;
  readonly logGroup: ILogGroup;
}

/** By the key of an integration response: its templates. */
type Responses = { readonly [key: string]: { readonly [template: string]: string } };

const MOCKED = { integrationType: 'MOCK', requestTemplates: { $default: '{"statusCode": 200}' }, templateSelectionExpression: '\\$default' };
/** Directives and a comment right behind a reference. */
const VELOCITY = '#if(true)$stageVariables.path#else{B}#end|#if(true)$stageVariables.path#{else}B#end|$stageVariables.path##comment';
const QUEUED: Responses = { $default: { $default: 'queued' } };

/** Integrations without a Lambda proxy, in an API of plain CloudFormation resources. */
export function definePlainApi(stack: Stack, { backend, nowhere, logGroup }: PlainApiOptions) {
  const plain = new PlainApi(stack, 'plain', logGroup);
  const { add } = plain;
  const origin = backend ?? originOf(new Function(plain, 'Backend', { ...nodejs(BACKEND), logGroup }));
  add('$connect', MOCKED);
  add('ping', MOCKED, { $default: { $default: '{"pong": "$context.connectionId", "to": "$stageVariables.path"}' } });
  add('velocity', MOCKED, { $default: { $default: VELOCITY } });
  add('strict', { ...MOCKED, requestTemplates: { other: '{"statusCode": 200}' }, templateSelectionExpression: 'none', passthroughBehavior: 'NEVER' });

  add('http', {
    integrationType: 'HTTP',
    integrationMethod: 'POST',
    integrationUri: `${origin}/\${stageVariables.path}`,
    requestParameters: { 'integration.request.header.X-Connection': 'context.connectionId', 'integration.request.querystring.kind': '\'fixed\'' },
    requestTemplates: { $default: '{"text": "$input.path(\'$.text\')"}' },
    templateSelectionExpression: '\\$default',
  }, { '/2\\d\\d/': { $default: 'fine: $input.path(\'$.said\')' }, '$default': { $default: 'other' } });
  add('teapot', { integrationType: 'HTTP', integrationMethod: 'GET', integrationUri: `${origin}/teapot` }, { '/2\\d\\d/': { $default: 'fine' }, '$default': { $default: 'other' } });
  add('proxy', { integrationType: 'HTTP_PROXY', integrationMethod: 'POST', integrationUri: `${origin}/proxy` });
  add('nowhere', { integrationType: 'HTTP_PROXY', integrationMethod: 'POST', integrationUri: nowhere });

  const queue = new Queue(plain, 'Queue');
  const sender = roleOf(plain, 'Sender');
  queue.grantSendMessages(sender);
  const send = (credentialsArn: string) => ({
    integrationType: 'AWS',
    integrationMethod: 'POST',
    credentialsArn,
    integrationUri: plain.uriOf(`sqs:path/${stack.account}/${queue.queueName}`),
    requestParameters: { 'integration.request.header.Content-Type': '\'application/x-www-form-urlencoded\'' },
    requestTemplates: { $default: 'Action=SendMessage&MessageBody=$util.urlEncode($input.body)' },
    templateSelectionExpression: '\\$default',
    passthroughBehavior: 'NEVER',
  });
  const regional = roleOf(plain, 'Regional');
  regional.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
  regional.addToPolicy(new PolicyStatement({ effect: Effect.DENY, actions: ['*'], resources: ['*'], conditions: { StringNotEquals: { 'aws:RequestedRegion': stack.region } } }));
  add('queue', send(sender.roleArn), QUEUED);
  add('forbidden', send(plain.powerless.roleArn), QUEUED);
  add('variable', send(`arn:aws:iam::${stack.account}:role/\${stageVariables.role}`), QUEUED);
  add('regional', send(regional.roleArn), QUEUED);
  add('topic', { integrationType: 'AWS', integrationMethod: 'POST', credentialsArn: sender.roleArn, integrationUri: plain.uriOf('sns:action/Publish') });

  addFunctions(plain, logGroup);
}

/** Functions without the answer of a proxy, without permission, and with a name that a stage variable has. */
function addFunctions(plain: PlainApi, logGroup: ILogGroup) {
  const failing = new Function(plain, 'Failing', { ...nodejs('exports.main = async ({ text }) => { throw new Error("[BadRequest] " + text); }'), logGroup });
  const unpermitted = new Function(plain, 'Unpermitted', { ...nodejs('exports.main = async () => "called"'), logGroup });
  plain.permit(failing);
  const call = (arn: string) => ({ integrationMethod: 'POST', integrationUri: plain.uriOf(`lambda:path/2015-03-31/functions/${arn}/invocations`) });
  plain.add('failing', { integrationType: 'AWS', ...call(failing.functionArn) },
    { '/.*\\[BadRequest\\].*/': { $default: 'no: $input.path(\'$.errorMessage\')' }, '$default': { $default: 'fine' } });
  plain.add('unpermitted', { integrationType: 'AWS', ...call(unpermitted.functionArn) });
  const named = Stack.of(plain).formatArn({ service: 'lambda', resource: 'function', resourceName: '${stageVariables.fn}', arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  plain.permit(plain.named);
  plain.add('named', { integrationType: 'AWS_PROXY', ...call(named) });
}

class PlainApi extends Construct {
  public readonly powerless: Role;
  /** Its name is a variable of the stage. */
  public readonly named: Function;
  private readonly apiId: string;

  constructor(stack: Stack, id: string, logGroup: ILogGroup) {
    super(stack, id);
    this.powerless = roleOf(this, 'Powerless');
    this.named = new Function(this, 'Named', { ...nodejs('exports.main = async () => ({ statusCode: 200, body: "named" })'), logGroup });
    this.apiId = new CfnApi(this, 'Api', { name: 'plain', protocolType: 'WEBSOCKET', routeSelectionExpression: '$request.body.action' }).ref;
    const { ref: stage } = new CfnStage(this, 'Stage', {
      apiId: this.apiId, stageName: 'plain', autoDeploy: true, stageVariables: { path: 'there', role: this.powerless.roleName, fn: this.named.functionName },
    });
    outputUrl(this, 'plain', `wss://${this.apiId}.execute-api.${stack.region}.${stack.urlSuffix}/${stage}`);
  }

  public readonly add = (routeKey: string, integration: object, responses: Responses = {}) => {
    const { apiId } = this;
    const id = routeKey.replace(/\W/g, 'X');
    const { ref } = new CfnIntegration(this, `Integration${id}`, { apiId, ...integration } as any);
    const connects = routeKey === '$connect';
    const { ref: routeId } = new CfnRoute(this, `Route${id}`, {
      apiId, routeKey, target: `integrations/${ref}`, routeResponseSelectionExpression: connects ? undefined : '$default',
    });
    if (!connects) { new CfnRouteResponse(this, `RouteResponse${id}`, { apiId, routeId, routeResponseKey: '$default' }); }
    Object.entries(responses).forEach(([integrationResponseKey, responseTemplates], index) => new CfnIntegrationResponse(this, `Response${id}${index}`, {
      apiId, integrationId: ref, integrationResponseKey, responseTemplates, templateSelectionExpression: '\\$default',
    }));
  };

  public permit(fn: Function) {
    fn.addPermission('Invoke', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(this).formatArn({ service: 'execute-api', resource: this.apiId, resourceName: '*' }),
    });
  }

  public uriOf(target: string): string {
    return `arn:aws:apigateway:${Stack.of(this).region}:${target}`;
  }
}

/** What an HTTP server that tells what it was sent would do. */
const BACKEND = `exports.main = async ({ requestContext: { http: { method } }, rawPath, rawQueryString, headers, body: sent = '', isBase64Encoded }) => {
  const body = isBase64Encoded ? Buffer.from(sent, 'base64').toString() : sent;
  console.log('RECEIVED ' + JSON.stringify({ method, url: rawQueryString ? rawPath + '?' + rawQueryString : rawPath, headers, body }));
  return { statusCode: rawPath.includes('teapot') ? 418 : 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ said: body }) };
};`;

/** Anybody may call it while the app is deployed, and it tells them no more than what they sent. */
function originOf(backend: Function): string {
  const { url } = backend.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  return `https://${Fn.select(2, Fn.split('/', url))}`;
}

function nodejs(code: string) {
  return { code: Code.fromInline(code), handler: 'index.main', runtime: Runtime.NODEJS_24_X };
}

function roleOf(scope: Construct, id: string): Role {
  return new Role(scope, id, { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') });
}
