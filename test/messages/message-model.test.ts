import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fn, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { WebSocketApi as CdkWebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { ApiSource, MessageModel, Route, RouteOptions, WebSocketApi } from '../../src';
import { ECHO, only, testApp, testFunction, testStack, warnings } from '../test-stack';

const SCHEMA = { type: 'object', required: ['text'], properties: { text: { type: 'string', maxLength: 1000 } } };

describe('a model', () => {
  test('is made for the route, which names it and waits for it', () => {
    const template = templateWith({ model: MessageModel.fromJsonSchema(SCHEMA) });
    const [[id, model]] = Object.entries(template.findResources('AWS::ApiGatewayV2::Model'));

    expect(model.Properties).toEqual({ ApiId: { Ref: expect.any(String) }, Name: expect.stringMatching(/^[A-Za-z0-9]{1,128}$/), ContentType: 'application/json', Schema: SCHEMA });
    template.hasResource('AWS::ApiGatewayV2::Route', {
      Properties: { ModelSelectionExpression: '$default', RequestModels: { $default: model.Properties.Name } },
      DependsOn: Match.arrayWith([id]),
    });
  });

  test('may be given to several routes, each of which has its own', () => {
    const stack = testStack();
    const model = MessageModel.fromJsonSchema(SCHEMA);
    const fn = testFunction(stack);
    new WebSocketApi(stack, 'Api', { routes: { 'say': Route.toFunction(fn, { model }), 's-ay': Route.toFunction(fn, { model }) } });
    const models = Object.values(Template.fromStack(stack).findResources('AWS::ApiGatewayV2::Model'));

    expect(new Set(models.map(({ Properties }) => Properties.Name)).size).toBe(2);
  });

  test('lies with its route, in another stack too', () => {
    const app = testApp();
    const api = new WebSocketApi(new Stack(app, 'Stack'), 'Api', { routes: { $default: Route.toHandler(ECHO) } });
    const feature = new Stack(app, 'Feature');
    api.addRoutes(feature, { say: Route.toHandler(ECHO, { model: MessageModel.fromJsonSchema(SCHEMA) }) });

    Template.fromStack(feature).resourceCountIs('AWS::ApiGatewayV2::Model', 1);
  });

  test('reaches the template as it was written, empty values and null included', () => {
    const schema = { type: 'object', properties: { any: {}, nothing: { enum: [null] }, list: { items: {}, default: [] } }, additionalProperties: false };

    expect(only(templateWith({ model: MessageModel.fromJsonSchema(schema) }), 'AWS::ApiGatewayV2::Model').Properties.Schema).toEqual(schema);
  });

  test('may hold tokens, which are not looked at', () => {
    const $ref = Fn.join('', ['https://apigateway.amazonaws.com/restapis/', Fn.importValue('api'), '/models/Room']);
    const schema = { properties: { room: { $ref }, size: { maximum: Fn.importValue('max') } } };

    expect(() => templateWith({ model: MessageModel.fromJsonSchema(schema) })).not.toThrow();
  });

  test('with more characters than one of AWS\'s pages allows is a warning', () => {
    const stack = testStack();
    const model = MessageModel.fromJsonSchema({ description: 'x'.repeat(33_000) });
    new WebSocketApi(stack, 'Api', { routes: { say: Route.toHandler(ECHO, { model }) } });

    expect(warnings(stack.node.root as any)).toEqual([expect.stringContaining(
      'the model of `Stack/Api/Route say` has 33018 characters: AWS\'s table of quotas allows 400 KB, and the reference of its API 32768 characters')]);
  });

  test('that refuses every message of its route is a warning', () => {
    const stack = testStack();
    const model = MessageModel.fromJsonSchema({ ...SCHEMA, additionalProperties: false });
    new WebSocketApi(stack, 'Api', { routes: { say: Route.toHandler(ECHO, { model }), $default: Route.toHandler(ECHO, { model }) } });

    expect(warnings(stack.node.root as any)).toEqual([expect.stringContaining('API Gateway refuses every message of `Stack/Api/Route say` as a bad request: '
      + 'its model has `additionalProperties: false` and no property `action`, and `action` selects the route: add it to `properties`')]);
  });

  test('is looked at by the expression of the API', () => {
    const stack = testStack();
    const model = MessageModel.fromJsonSchema({ properties: { type: {} }, additionalProperties: false });
    const routes = { say: Route.toHandler(ECHO, { model }) };
    new WebSocketApi(stack, 'Api', { api: ApiSource.fromProps({ routeSelectionExpression: '$request.body.type' }), routes });
    new WebSocketApi(stack, 'Two', { api: ApiSource.fromProps({ routeSelectionExpression: '${request.body.a}-${request.body.b}' }), routes });
    new WebSocketApi(stack, 'Given', { api: ApiSource.fromApi(CdkWebSocketApi.fromWebSocketApiAttributes(stack, 'Imported', { webSocketId: 'abc' })), routes });

    expect(warnings(stack.node.root as any).filter((text) => text.includes('refuses every message'))).toEqual([]);
  });

  test.each(['$connect', '$disconnect'])('on %s is an error', (key) => {
    expect(() => new WebSocketApi(testStack(), 'Api', { routes: { [key]: Route.toHandler(ECHO, { model: MessageModel.fromJsonSchema(SCHEMA) }) } }))
      .toThrow(`route \`"${key}"\` cannot have a \`model\`: it has no message that API Gateway could check`);
  });
});

describe('MessageModel.fromJsonSchema', () => {
  test.each<[any, string]>([
    ['say.json', 'is the string `"say.json"`, but takes a JSON schema: an object, such as `{ type: \'object\', required: [\'text\'] }`: for a file, write `MessageModel.fromFile()`'],
    [undefined, 'is `undefined`, but takes a JSON schema'],
    [[], 'is an empty list, but takes a JSON schema'],
    [{ const: 1 }, 'is no schema that API Gateway takes: `#/const` is no keyword of draft 4'],
    [{ $ref: '#/definitions/a' }, 'is no schema that API Gateway takes: `#/$ref` is `"#/definitions/a"`, and there is nothing at that place'],
    [{ description: 'é'.repeat(204_800) }, 'has 409618 bytes: API Gateway allows 409600, 400 KB, for a model'],
    [circle(), 'cannot be written as JSON: Converting circular structure to JSON'],
  ])('refuses %.30j', (schema, message) => {
    expect(() => MessageModel.fromJsonSchema(schema)).toThrow(`\`schema\` of \`MessageModel.fromJsonSchema()\` ${message}`);
  });

  function circle() {
    const schema: any = { properties: {} };
    schema.properties.me = schema;
    return schema;
  }
});

describe('MessageModel.fromFile', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'model-'));
    for (const [name, text] of Object.entries({ right: `\uFEFF${JSON.stringify(SCHEMA)}`, list: '[1]', half: '{"type":', newer: '{"$id":"x"}' })) {
      writeFileSync(join(folder, `${name}.json`), text);
    }
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('takes the schema from the file', () => {
    const template = templateWith({ model: MessageModel.fromFile(join(folder, 'right.json')) });

    expect(only(template, 'AWS::ApiGatewayV2::Model').Properties.Schema).toEqual(SCHEMA);
  });

  test.each([
    ['list.json', 'holds a list of 1, but takes a JSON schema: an object'],
    ['half.json', 'is no JSON: '],
    ['newer.json', 'is no schema that API Gateway takes: `#/$id` is no keyword of draft 4'],
    ['none.json', 'does not exist'],
  ])('refuses %s', (name, message) => {
    const path = join(folder, name);

    expect(() => MessageModel.fromFile(path)).toThrow(`\`${JSON.stringify(path)}\` of \`MessageModel.fromFile()\` ${message}`);
  });

  test('says where a relative path was looked for', () => {
    expect(() => MessageModel.fromFile('none.json')).toThrow(`does not exist: \`${join(process.cwd(), 'none.json')}\` was looked for; the path is relative to the working directory`);
  });
});

function templateWith(options: RouteOptions): Template {
  const stack = testStack();
  new WebSocketApi(stack, 'Api', { routes: { say: Route.toHandler(ECHO, options) } });
  return Template.fromStack(stack);
}
