import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { CfnApiMapping, WebSocketApi as CdkWebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { ApiSource, MessageModel, Route, WebSocketApi } from '../../../src';
import { readModel } from '../../../src/local/assembly/model-reader';
import { asyncApiDocument } from '../../../src/local/asyncapi/document';
import { authorizationByHandler, apiKeys, authorizationByIam, domainSharedByPath, domainWithWildcard, everything, insideStages, messagesOfRoutes } from '../../scenarios';
import { ECHO } from '../../test-stack';
import { mockApi } from '../assembly/mock-api';
import { assemblyOf, synthesize } from '../assembly-folder';

const documentOf = (make: (app: App) => void): any => asyncApiDocument(readModel(synthesize(make)));
const ofTemplate = (template: object): any => asyncApiDocument(readModel(assemblyOf({ Stack: template })));

describe('servers', () => {
  test('are the stages at API Gateway, whose id and Region are the deployment\'s', () => {
    expect(ofTemplate(mockApi()).servers).toEqual({
      dev: expect.objectContaining({ host: '{apiId}.execute-api.{region}.amazonaws.com', pathname: '/dev', protocol: 'wss', variables: { apiId: expect.anything(), region: expect.anything() } }),
    });
  });

  test('are the domains too, with a slash at the end of a path', () => {
    const { servers } = documentOf(domainSharedByPath);

    expect(Object.values<any>(servers).map(({ host, pathname }) => `${host}${pathname}`).filter((one) => one.startsWith('api.')).sort()).toEqual(['api.domain.com/chat/', 'api.domain.com/game/']);
  });

  test('of a wildcard domain have a part to fill in', () => {
    const server = Object.values<any>(documentOf(domainWithWildcard).servers).find(({ host }) => host.endsWith('domain.com'));

    expect(server).toMatchObject({ host: '{subdomain}.domain.com', variables: { subdomain: expect.anything() } });
  });

  test('of a domain that is known at deployment have a part to fill in', () => {
    const { servers } = documentOf((app) => {
      const stack = new Stack(app, 'Stack');
      const { api, stage } = new WebSocketApi(stack, 'Api', { routes: { $default: Route.toHandler(ECHO) } });
      new CfnApiMapping(stack, 'Mapping', { apiId: api.apiId, stage: stage.stageName, domainName: new CfnParameter(stack, 'Domain').valueAsString });
    });

    expect(Object.values(servers)).toContainEqual(expect.objectContaining({ host: '{Stack_Domain}', variables: { Stack_Domain: expect.anything() } }));
  });

  test('are not those that the API switches off, and one to fill in if there is no other', () => {
    const template = mockApi();
    (template.Resources.Api as any).Properties.DisableExecuteApiEndpoint = true;

    expect(ofTemplate(template).servers).toEqual({ unknown: expect.objectContaining({ host: '{host}', variables: { host: expect.anything() } }) });
  });

  test('are of one API alone, also where an API has no stage: a channel without servers would have all', () => {
    const { servers, channels } = documentOf((app) => {
      const stack = new Stack(app, 'Stack');
      new WebSocketApi(stack, 'Api', { api: ApiSource.fromProps({ apiName: 'One' }), routes: { $default: Route.toMock() } });
      new CdkWebSocketApi(stack, 'Other', { apiName: 'Two' });
    });

    expect(Object.keys(servers)).toEqual(['One-dev', 'Two-unknown']);
    expect(channels.Two.servers).toEqual([{ $ref: '#/servers/Two-unknown' }]);
  });

  test('are those of every API, each told apart', () => {
    const { servers, channels } = documentOf(insideStages);

    expect(Object.keys(channels)).toEqual([expect.stringMatching(/^beta/), expect.stringMatching(/^prod/)]);
    expect(Object.keys(servers)).toEqual([expect.stringMatching(/^beta.*-beta$/), expect.stringMatching(/^prod.*-prod$/)]);
  });
});

describe('security', () => {
  test('is what the authorizer looks at, of what a client sends', () => {
    const { components: { securitySchemes }, servers, channels } = documentOf(authorizationByHandler);

    expect(Object.values<any>(securitySchemes).map(({ type, name, in: place }) => [type, name, place])).toEqual([['httpApiKey', 'X-Visitor', 'header'], ['httpApiKey', 'token', 'query']]);
    expect(Object.values<any>(servers)[0].security).toHaveLength(2);
    expect(Object.values<any>(channels)[0].bindings.ws).toMatchObject({ headers: { required: ['X-Visitor'] }, query: { required: ['token'] } });
  });

  test('is an API key where the handshake needs one', () => {
    expect(documentOf(apiKeys).components.securitySchemes).toEqual({ 'header-x-api-key': { type: 'httpApiKey', name: 'x-api-key', in: 'header' } });
  });

  test('is a signature where IAM decides', () => {
    expect(documentOf(authorizationByIam).components.securitySchemes.signature).toMatchObject({ name: 'Authorization', in: 'header' });
  });
});

describe('messages', () => {
  test('have the schema of their route, whose references lead into the document, and the field that selects the route', () => {
    const { components: { schemas } } = documentOf(messagesOfRoutes);

    expect(schemas.say).toEqual({
      title: 'Say',
      type: 'object',
      required: ['action', 'text'],
      properties: { action: { type: 'string', const: 'say' }, text: { type: 'string', minLength: 1, maxLength: 1000 }, mood: { $ref: '#/components/schemas/sayMood' } },
    });
    expect(schemas.sayMood).toEqual({ type: ['string', 'null'], enum: ['happy', 'sad', null] });
    expect(schemas.join.required).toEqual(['action', 'room']);
  });

  test('of a route without a model have the field that selects it', () => {
    const { components: { schemas }, operations } = documentOf((app) => define(app, { routes: { say: Route.toHandler(ECHO, { returnResponse: true, operationName: 'Say it' }) } }));

    expect(schemas.say).toEqual({ type: 'object', required: ['action'], properties: { action: { type: 'string', const: 'say' } } });
    expect(operations.say).toMatchObject({ action: 'receive', title: 'Say it', messages: [{ $ref: expect.stringMatching(/\/messages\/say$/) }], reply: { messages: [{ $ref: expect.stringMatching(/\/messages\/sayAnswer$/) }] } });
  });

  test('of `$default` may be anything', () => {
    expect(ofTemplate(mockApi()).components.schemas.defaultMessage).toEqual({});
  });

  test('that an expression of several parts selects are described', () => {
    const template = mockApi({ expression: '${request.body.a}-${request.body.b}' });
    (template.Resources.Route as any).Properties.RouteKey = 'x-y';

    expect(ofTemplate(template).components.messages.xY.description).toBe('`${request.body.a}-${request.body.b}` has to be `x-y`.');
  });

  test('of routes whose names are alike are told apart', () => {
    const { operations } = documentOf((app) => define(app, { routes: { 'a b': Route.toHandler(ECHO), 'a/b': Route.toHandler(ECHO), '$default': Route.toHandler(ECHO), 'default': Route.toHandler(ECHO) } }));

    expect(Object.keys(operations)).toEqual(['aB', 'aB2', 'default', 'defaultMessage', 'reportError']);
  });

  test('that one of several models may fit are several', () => {
    const template = { Resources: { ...mockApi().Resources, ...models({ One: { type: 'object' }, Two: { type: 'array' } }) } };
    Object.assign((template.Resources.Route as any).Properties, { RequestModels: { 1: 'One', 2: 'Two' }, ModelSelectionExpression: '$request.body.version' });
    const { components: { schemas }, operations } = ofTemplate(template);

    expect(operations.defaultMessage.messages).toHaveLength(2);
    expect(schemas).toMatchObject({ defaultMessage1: { type: 'object' }, defaultMessage2: { type: 'array' } });
  });
});

describe('a model that cannot be written is an error, with its route:', () => {
  test.each<[object, string]>([
    [{ const: 1 }, 'route `$default` of `Chat` has a model that is no JSON schema of draft 4, so it cannot be written as one of draft 7: `#/const` is no keyword of draft 4'],
    [{ $ref: '#/definitions/a' }, '`#/$ref` is `"#/definitions/a"`, and there is nothing at that place'],
    [{ $ref: 'https://apigateway.amazonaws.com/restapis/abc/models/None' }, 'route `$default` of `Chat` has a model that refers to `None`, and the API has no model of that name'],
  ])('%j', (schema, message) => {
    const template = { Resources: { ...mockApi().Resources, ...models({ One: schema }) } };
    Object.assign((template.Resources.Route as any).Properties, { RequestModels: { $default: 'One' } });

    expect(() => ofTemplate(template)).toThrow(message);
  });
});

describe('the document', () => {
  test('is the same in whatever order the app names its routes', () => {
    const routes = { b: Route.toHandler(ECHO, { model: MessageModel.fromJsonSchema({ type: 'object' }) }), a: Route.toHandler(ECHO), $default: Route.toHandler(ECHO) };
    const reversed = Object.fromEntries(Object.entries(routes).reverse());
    const texts = [routes, reversed].map((one) => JSON.stringify(documentOf((app) => define(app, { routes: one }))));

    expect(texts[0]).toBe(texts[1]);
  });

  test('has no account, no Region and no path of this machine', () => {
    const text = JSON.stringify(documentOf(everything));

    expect(text).not.toMatch(/\d{12}|eu-west-1|us-east-1/);
    expect(text).not.toContain(process.cwd());
  });
});

function define(app: App, props: ConstructorParameters<typeof WebSocketApi>[2]) {
  new WebSocketApi(new Stack(app, 'Stack'), 'Api', props);
}

function models(schemas: { [name: string]: object }) {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [
    name, { Type: 'AWS::ApiGatewayV2::Model', Properties: { ApiId: { Ref: 'Api' }, Name: name, ContentType: 'application/json', Schema: schema } },
  ]));
}
