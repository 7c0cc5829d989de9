/** A template of an API that needs no function: `$default` echoes a fixed text. */
export function mockApi({ name = 'Chat', expression = '$request.body.action', stage = 'dev' } = {}): { Resources: Record<string, object> } {
  const [api, integration] = [{ Ref: 'Api' }, { 'Fn::Sub': 'integrations/${Integration}' }];
  const ofIntegration = { ApiId: api, IntegrationId: { Ref: 'Integration' } };
  return {
    Resources: {
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: name, ProtocolType: 'WEBSOCKET', RouteSelectionExpression: expression } },
      Integration: { Type: 'AWS::ApiGatewayV2::Integration', Properties: { ApiId: api, IntegrationType: 'MOCK', RequestTemplates: { 200: '{"statusCode":200}' }, TemplateSelectionExpression: '200' } },
      IntegrationResponse: {
        Type: 'AWS::ApiGatewayV2::IntegrationResponse',
        Properties: { ...ofIntegration, IntegrationResponseKey: '$default', ResponseTemplates: { 200: 'mocked' }, TemplateSelectionExpression: '200' },
      },
      Route: { Type: 'AWS::ApiGatewayV2::Route', Properties: { ApiId: api, RouteKey: '$default', Target: integration, RouteResponseSelectionExpression: '$default' } },
      RouteResponse: { Type: 'AWS::ApiGatewayV2::RouteResponse', Properties: { ApiId: api, RouteId: { Ref: 'Route' }, RouteResponseKey: '$default' } },
      Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: api, StageName: stage, AutoDeploy: true } },
    },
  };
}
