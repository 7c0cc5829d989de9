import { Template } from 'aws-cdk-lib/assertions';
import { AccessLog, AccountLogRole, ExecutionLog, Route, StageSource, WebSocketApi } from '../../src';
import { only, testFunction, testStack } from '../test-stack';

describe('the execution log', () => {
  test.each([
    ['errors', ExecutionLog.errors(), { LoggingLevel: 'ERROR', DataTraceEnabled: false }],
    ['info', ExecutionLog.info(), { LoggingLevel: 'INFO', DataTraceEnabled: false }],
    ['full', ExecutionLog.full(), { LoggingLevel: 'INFO', DataTraceEnabled: true }],
    ['disabled', ExecutionLog.disabled(), { LoggingLevel: 'OFF', DataTraceEnabled: false }],
  ])('of kind %s is a setting of all routes', (_, executionLog, settings) => {
    expect(only(templateWith(executionLog), 'AWS::ApiGatewayV2::Stage').Properties.DefaultRouteSettings).toEqual(settings);
  });

  test('is repeated for a route with settings of its own, which replace the others as a whole', () => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api', {
      routes: { a: Route.toFunction(testFunction(stack), { throttle: { rateLimit: 1 } }) },
      stage: StageSource.fromOptions({ executionLog: ExecutionLog.errors() }),
    });

    expect(only(Template.fromStack(stack), 'AWS::ApiGatewayV2::Stage').Properties.RouteSettings)
      .toEqual({ a: { ThrottlingRateLimit: 1, LoggingLevel: 'ERROR', DataTraceEnabled: false } });
  });

  test('needs no role of the account when it is disabled', () => {
    templateWith(ExecutionLog.disabled()).resourceCountIs('Custom::ApiGatewayAccountLogRole', 0);
  });

  test('leaves the role of the account alone when it is set by other means', () => {
    templateWith(ExecutionLog.info({ accountRole: AccountLogRole.existing() })).resourceCountIs('Custom::ApiGatewayAccountLogRole', 0);
  });
});

function templateWith(executionLog: ExecutionLog): Template {
  const stack = testStack();
  new WebSocketApi(stack, 'Api', {
    routes: { a: Route.toFunction(testFunction(stack)) },
    accessLog: AccessLog.disabled(),
    stage: StageSource.fromOptions({ executionLog }),
  });
  return Template.fromStack(stack);
}
