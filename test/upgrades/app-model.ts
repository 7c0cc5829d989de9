import { App, Duration, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  AccessLog, ApiKeys, ApiSource, Authorization, ConnectionTable, CustomDomain, Dns, MessageModel, Permissions, Route, RouteOptions,
  StageSource, WebSocketApi, WebSocketApiProps,
} from '../../src';
import { ECHO, testApp, testFunction } from '../test-stack';
import { resourcesOf } from './records';
import { Resources } from './replacements';

/** Where a route leads. */
export type Target = 'handler' | 'function' | 'queue' | 'mock';

/** Where a route is written. */
export type Place = 'routes' | 'addRoutes' | 'another stack';

export interface RouteModel {
  readonly key: string;
  readonly target: Target;
  readonly place: Place;
  readonly throttle?: boolean;
  readonly returnResponse?: boolean;
  readonly model?: boolean;
  readonly memorySize?: number;
  readonly timeout?: number;
  readonly olderRuntime?: boolean;
  readonly permissions?: boolean;
  readonly functionName?: string;
}

/** What a user may write, as far as an edit of it is of interest. */
export interface AppModel {
  /** In the order in which they are written. */
  readonly routes: RouteModel[];
  readonly stackId: string;
  readonly apiId: string;
  readonly apiName?: string;
  readonly stageName?: string;
  readonly description?: string;
  readonly logGroupName?: string;
  readonly accessLog?: 'json' | 'csv' | 'disabled';
  readonly memorySize?: number;
  readonly authorization?: 'iam' | 'handler';
  readonly connections?: boolean;
  readonly apiKeys?: boolean;
  readonly domain?: string;
  readonly monitored?: boolean;
}

/** A resource as CloudFormation knows it: by its stack and its logical id. */
export interface Deployed {
  readonly stacks: { readonly [stackName: string]: Resources };
  /** The construct path, by `<stack>/<logical id>`. */
  readonly paths: ReadonlyMap<string, string>;
}

/** What a user has beside the API. */
interface Given {
  readonly function: Function;
  readonly queue: Queue;
}

const ENV = { account: '111111111111', region: 'eu-west-1' };

/** The name of the stack, which stays when its id changes. */
const STACK_NAME = 'Chat';

export function deploy(model: AppModel): Deployed {
  const app = testApp();
  const stack = new Stack(app, model.stackId, { stackName: STACK_NAME, env: ENV });
  const given = { function: testFunction(stack), queue: new Queue(stack, 'Queue') };
  const api = new WebSocketApi(stack, model.apiId, propsOf(stack, given, model));
  const later = model.routes.filter(({ place }) => place === 'addRoutes');
  if (later.length > 0) { api.addRoutes(new Construct(stack, 'Later'), routesOf(given, later)); }
  const elsewhere = model.routes.filter(({ place }) => place === 'another stack');
  if (elsewhere.length > 0) {
    const other = new Stack(app, 'Orders', { env: ENV });
    api.addRoutes(other, routesOf(given, elsewhere));
  }
  if (model.monitored) { api.monitor(); }
  return synthesized(app);
}

function propsOf(stack: Stack, given: Given, model: AppModel): WebSocketApiProps {
  const { apiName, stageName, description, logGroupName, memorySize, domain } = model;
  return {
    routes: routesOf(given, model.routes.filter(({ place }) => place === 'routes')),
    ...apiName || description ? { api: ApiSource.fromProps({ apiName, description }) } : {},
    ...stageName ? { stage: StageSource.fromOptions({ stageName }) } : {},
    ...memorySize ? { defaultFunctionProps: { memorySize } } : {},
    ...accessLogOf(stack, model, logGroupName),
    ...model.authorization ? { authorization: model.authorization === 'iam' ? Authorization.iam() : Authorization.fromHandler(ECHO) } : {},
    ...model.connections ? { connections: ConnectionTable.create() } : {},
    ...model.apiKeys ? { apiKeys: ApiKeys.create({ names: ['partner'] }) } : {},
    ...domain ? {
      customDomain: CustomDomain.fromName(domain, {
        dns: Dns.external(), certificate: Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:111111111111:certificate/00000000-0000-0000-0000-000000000000'),
      }),
    } : {},
  };
}

function accessLogOf(stack: Stack, { accessLog = 'json' }: AppModel, logGroupName: string | undefined) {
  if (accessLog === 'disabled') { return { accessLog: AccessLog.disabled() }; }
  const options = logGroupName ? { logGroup: new LogGroup(stack, 'AccessLog', { logGroupName }) } : {};
  return { accessLog: accessLog === 'csv' ? AccessLog.csv(options) : AccessLog.json(options) };
}

function routesOf(given: Given, routes: readonly RouteModel[]): { [key: string]: Route } {
  return Object.fromEntries(routes.map((route) => [route.key, routeOf(given, route)]));
}

function routeOf(given: Given, route: RouteModel): Route {
  const options: RouteOptions = {
    ...route.throttle ? { throttle: { rateLimit: 5, burstLimit: 5 } } : {},
    ...route.returnResponse ? { returnResponse: true } : {},
    ...route.model ? { model: MessageModel.fromJsonSchema({ type: 'object' }) } : {},
  };
  switch (route.target) {
    case 'handler': return Route.toHandler(ECHO, {
      ...options,
      ...route.memorySize ? { memorySize: route.memorySize } : {},
      ...route.timeout ? { timeout: Duration.seconds(route.timeout) } : {},
      ...route.olderRuntime ? { runtime: Runtime.NODEJS_22_X } : {},
      ...route.permissions ? { permissions: [Permissions.action('s3:GetObject', 'arn:aws:s3:::pictures/*')] } : {},
      ...route.functionName ? { functionName: route.functionName } : {},
    });
    case 'function': return Route.toFunction(given.function, options);
    case 'queue': return Route.toQueue(given.queue);
    case 'mock': return Route.toMock();
  }
}

function synthesized(app: App): Deployed {
  const stacks = Object.fromEntries(app.synth().stacks.map(({ stackName, template }) => [stackName, resourcesOf(template)]));
  const paths = new Map<string, string>();
  for (const child of app.node.findAll()) {
    if ('logicalId' in child && 'stack' in child) {
      const stack = child.stack as Stack;
      const logicalId = stack.resolve(child.logicalId);
      if (logicalId in stacks[stack.stackName]) { paths.set(`${stack.stackName}/${logicalId}`, child.node.path.replace(/^[^/]+\//, '')); }
    }
  }
  return { stacks, paths };
}
