import { Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import * as fc from 'fast-check';
import { Route, WebSocketApi } from '../../src';
import { IntegrationRequest, prepareRequest } from '../../src/local/integrations/request';
import { integrationModel } from '../local/fake-backend';
import { testStack } from '../test-stack';

/*
 * Whatever clients and tokens choose arrives as text, and adds no field. What is looked at is the request that a template makes, read as
 * the service reads it.
 */

const KEYS = ['sub', 'tenant'];

/** The templates of all targets. The targets are imported, so that the templates hold no tokens. */
const TEMPLATES = (() => {
  const stack = testStack({ env: { account: '111111111111', region: 'eu-west-1' } });
  const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111111111111:${resource}`;
  const options = { authorizerKeys: KEYS };
  new WebSocketApi(stack, 'Api', {
    routes: {
      queue: Route.toQueue(Queue.fromQueueArn(stack, 'Queue', arn('sqs', 'jobs.fifo')), options),
      topic: Route.toTopic(Topic.fromTopicArn(stack, 'Topic', arn('sns', 'news.fifo')), options),
      eventBus: Route.toEventBus(EventBus.fromEventBusArn(stack, 'EventBus', arn('events', 'event-bus/orders')), options),
      stateMachine: Route.toStateMachine(StateMachine.fromStateMachineArn(stack, 'StateMachine', arn('states', 'stateMachine:checkout')), options),
      stream: Route.toStream(Stream.fromStreamArn(stack, 'Stream', arn('kinesis', 'stream/clicks')), options),
      http: Route.toHttp('https://api.domain.com', options),
    },
  });
  const { Resources } = Template.fromStack(stack).toJSON();
  const routes = Object.values<any>(Resources).filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route');
  return Object.fromEntries(routes.map(({ Properties: { RouteKey, Target } }) => {
    const integration = Target['Fn::Join'][1].find((part: any) => part.Ref).Ref;
    return [RouteKey, Resources[integration].Properties.RequestTemplates.$default as string];
  }));
})();

/** The fields of a request, and the event in it, as each service reads them. */
const READERS: { readonly [target: string]: (text: string) => { readonly fields: string[]; readonly event: string } } = {
  queue: (text) => ofForm(text, 'MessageBody'),
  topic: (text) => ofForm(text, 'Message'),
  eventBus: (text) => {
    const { Entries: [entry, ...more] } = JSON.parse(text);
    return { fields: [...Object.keys(entry), ...more], event: entry.Detail };
  },
  stateMachine: (text) => ({ fields: Object.keys(JSON.parse(text)), event: JSON.parse(text).input }),
  stream: (text) => ({ fields: Object.keys(JSON.parse(text)), event: Buffer.from(JSON.parse(text).Data, 'base64').toString() }),
  http: (text) => ({ fields: [], event: text }),
};

function ofForm(text: string, name: string) {
  const form = new URLSearchParams(text);
  return { fields: [...form.keys()], event: form.get(name)! };
}

const FIELDS: { readonly [target: string]: string[] } = {
  queue: ['Action', 'Version', 'MessageBody', 'MessageGroupId', 'MessageDeduplicationId'],
  topic: ['Action', 'Version', 'TopicArn', 'Message', 'MessageGroupId', 'MessageDeduplicationId'],
  eventBus: ['EventBusName', 'Source', 'DetailType', 'Detail'],
  stateMachine: ['stateMachineArn', 'input'],
  stream: ['StreamARN', 'PartitionKey', 'Data'],
  http: [],
};

/** Text that is made of what means something to JSON, to Velocity or to a form, or of anything. */
const nasty = fc.oneof(
  fc.string({
    unit: fc.constantFrom(
      '"', '\'', '\\', '#', '$', '&', '=', '+', '%', '{', '}', '(', ')', '!', '/', '<', '\u2028', '\u2029', '\u0000', '\u001f', '\u007f', '\n', '\r', '\t',
      '😀', 'é', '$context.apiId', '#set($event = 1)', '#end', '$event', '$q', '${q}', '\\u0022', '\\\'', '%22', '","x":"',
    ),
  }),
  fc.string({ unit: 'binary' }),
);

const claim = fc.oneof(nasty, fc.integer(), fc.boolean(), fc.constant(undefined));

function requestOf(body: string, userAgent: string | undefined, authorizer: object): IntegrationRequest {
  return {
    routeKey: 'say',
    eventType: 'MESSAGE',
    body,
    headers: {},
    multiValueHeaders: {},
    queryString: {},
    multiValueQueryString: {},
    context: {
      messageId: 'm=',
      routeKey: 'say',
      eventType: 'MESSAGE',
      stage: 'dev',
      connectedAt: 1,
      requestTimeEpoch: 2,
      requestId: 'r=',
      domainName: 'd',
      connectionId: 'c=',
      apiId: 'a',
      identity: { sourceIp: '127.0.0.1', ...userAgent === undefined ? {} : { userAgent } },
      authorizer,
    },
    stageVariables: {},
  };
}

describe.each(Object.keys(READERS))('in what %s gets', (target) => {
  test('messages, headers and claims are text, whatever they are, and add no field', () => {
    const model = integrationModel({ type: 'AWS', requestTemplates: { $default: TEMPLATES[target] }, templateSelectionExpression: '\\$default', passthroughBehavior: 'NEVER' });
    // A message without a single character shows as `{}` in templates.
    fc.assert(fc.property(nasty.filter((text) => text !== ''), fc.option(nasty, { nil: undefined }), claim, claim, (body, userAgent, sub, tenant) => {
      const { fields, event } = READERS[target](prepareRequest(model, requestOf(body, userAgent, { sub, tenant, other: 'secret' })).body!);

      expect(fields).toEqual(FIELDS[target]);
      expect(JSON.parse(event)).toEqual({
        requestContext: {
          messageId: 'm=',
          routeKey: 'say',
          eventType: 'MESSAGE',
          stage: 'dev',
          connectedAt: 1,
          requestTimeEpoch: 2,
          requestId: 'r=',
          domainName: 'd',
          connectionId: 'c=',
          apiId: 'a',
          identity: { sourceIp: '127.0.0.1', userAgent: userAgent ?? '' },
          authorizer: { sub: String(sub ?? ''), tenant: String(tenant ?? '') },
        },
        body,
      });
    }), { numRuns: 300 });
  });

  test('there is no authorizer where the connection has none', () => {
    const model = integrationModel({ type: 'AWS', requestTemplates: { $default: TEMPLATES[target] }, templateSelectionExpression: '\\$default' });
    const request = requestOf('hello', undefined, {});
    const { event } = READERS[target](prepareRequest(model, { ...request, context: { ...request.context, authorizer: undefined } }).body!);

    expect(JSON.parse(event).requestContext.authorizer).toEqual({ sub: '', tenant: '' });
  });
});
