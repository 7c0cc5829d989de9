import { test } from 'node:test';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ChatStack } from '../lib/chat-stack';

const template = Template.fromStack(new ChatStack(new App(), 'Chat'));

for (const routeKey of ['$connect', '$disconnect', '$default', 'sendMessage']) {
  test(`there is a route ${routeKey}`, () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: routeKey });
  });
}

test('there are no other routes', () => {
  template.resourceCountIs('AWS::ApiGatewayV2::Route', 4);
});

test('the stage is deployed whenever the API changes', () => {
  template.hasResourceProperties('AWS::ApiGatewayV2::Stage', { StageName: 'dev', AutoDeploy: true });
});

test('the handlers know where to post', () => {
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { WEBSOCKET_CALLBACK_URL: Match.anyValue(), CONNECTIONS_TABLE: Match.anyValue() } },
  });
});
