import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnApi, CfnIntegration, CfnModel, CfnRoute, DomainName } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Apis, childrenOf } from './apis';
import { defineGuardedApis } from './guarded-apis';
import { definePlainApi } from './plain-api';
import { CustomDomain, Route } from 'cdk-websocket-api';

export interface ContractAppOptions {
  /** An HTTP server that tells what it was sent; if there is none, a function of the app is one. */
  readonly backend?: string;
  /** A URL where nobody answers. */
  readonly nowhere: string;
  /** Whether API Gateway may write access logs: AWS has one setting for a whole account, which this app leaves as it is. */
  readonly accessLog: boolean;
  /** Whether there is a custom domain: on AWS, it takes a certificate. */
  readonly customDomain: boolean;
  /** APIs to leave out, if AWS refuses one of them. */
  readonly without?: readonly string[];
}

/**
 * The app that the rows of the contract speak to, here and on AWS: an API for each setting, and few functions for all of them. The stage
 * of an API has its name, except that `main` has `dev`. What a place has to know of the app is among the outputs.
 */
export function defineContractApp(stack: Stack, options: ContractAppOptions) {
  // Of the app, and not of Lambda: it goes when the app goes.
  const logGroup = new LogGroup(stack, 'Log', { removalPolicy: RemovalPolicy.DESTROY, retention: RetentionDays.ONE_WEEK });
  new CfnOutput(stack, 'LogGroup', { value: logGroup.logGroupName });
  const apis = new Apis(stack, logGroup);
  const { connect, disconnect, echo } = apis;

  apis.add('main', {
    $connect: connect(),
    $disconnect: disconnect(),
    $default: echo(),
    oneWay: echo({ returnResponse: false }),
    post: Route.toHandler('handlers.post', { returnResponse: true }),
  }, { stage: { stageName: 'dev', stageVariables: { colour: 'blue' } } });
  defineSelections(apis);
  defineGuardedApis(stack, apis, options.accessLog);

  apis.add('throttled', { limited: echo({ throttle: { rateLimit: 1, burstLimit: 2 } }), $default: echo() });
  apis.add('one-at-a-time', { $connect: connect({ throttle: { rateLimit: 1, burstLimit: 1 } }) });
  const strict = apis.add('strict', { order: echo() });
  const model = new CfnModel(strict, 'Order', { apiId: strict.api.apiId, name: 'Order', contentType: 'application/json', schema: { type: 'object', required: ['item'] } });
  const [order] = childrenOf(strict, CfnRoute);
  order.requestModels = { $default: 'Order' };
  order.modelSelectionExpression = '$default';
  order.addDependency(model);

  apis.add('slow', { slow: apis.hastyEcho() });
  for (const impatient of [apis.add('impatient', { $default: apis.hastyEcho() }), apis.add('impatient-connect', { $connect: apis.hastyConnect() })]) {
    childrenOf(impatient, CfnIntegration).forEach((integration) => { integration.timeoutInMillis = 100; });
  }

  // Its function has a role without what the construct grants.
  childrenOf(apis.add('mute', { post: Route.toHandler('handlers.post', { returnResponse: true }) }), CfnRole).forEach((role) => { role.policies = []; });
  childrenOf(apis.add('forbidden', { $connect: connect() }), CfnPermission).forEach((permission) => {
    permission.sourceArn = stack.formatArn({ service: 'execute-api', resource: 'another', resourceName: '*' });
  });

  (apis.add('hidden', { $default: echo() }).api.node.defaultChild as CfnApi).disableExecuteApiEndpoint = true;
  if (options.customDomain) {
    const certificate = Certificate.fromCertificateArn(stack, 'Certificate', stack.formatArn({ service: 'acm', resource: 'certificate', resourceName: 'x' }));
    const domain = new DomainName(stack, 'Domain', { domainName: 'api.example.com', certificate });
    apis.add('mapped', { $default: echo() }, { customDomain: CustomDomain.fromDomainName(domain, { path: 'v1' }) });
  }
  definePlainApi(stack, { ...options, logGroup });
  for (const name of options.without ?? []) {
    if (!stack.node.tryRemoveChild(name)) { throw new Error(`there is no API \`${name}\` to leave out: there are ${apis.names.join(', ')}, plain`); }
  }
}

function defineSelections(apis: Apis) {
  const { echo } = apis;
  const select = (routeSelectionExpression: string) => ({ api: { routeSelectionExpression } });
  apis.add('bare', { known: echo() });
  apis.add('selection', { 'join-': echo(), 'join-room': echo(), '$default': echo() }, select('${request.body.message.action}-${request.body.message.items[0].kind}'));
  apis.add('literal', { always: echo() }, select('always'));
  apis.add('default-only', { $default: echo() }, select('\\$default'));
  apis.add('arrays', { '[1, 2]': echo(), 'true': echo(), '7': echo() });
}
