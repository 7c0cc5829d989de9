import { readFileSync } from 'node:fs';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ModuleKind, transpile } from 'typescript';
import { integrationModel } from './local/fake-backend';
import { testStack } from './test-stack';
import { prepareRequest } from '../src/local/integrations/request';

const PAGE = readFileSync('docs/services.md', 'utf8');

const [EVENT] = [...PAGE.matchAll(/^```json\n(.*?)^```/gms)].map(([, text]) => JSON.parse(text));

/** Where each target has the event, in the request that API Gateway makes. */
const READERS: { readonly [factory: string]: ((request: string) => string) | undefined } = {
  toQueue: (request) => new URLSearchParams(request).get('MessageBody')!,
  toTopic: (request) => new URLSearchParams(request).get('Message')!,
  toEventBus: (request) => JSON.parse(request).Entries[0].Detail,
  toStateMachine: (request) => JSON.parse(request).input,
  toStream: (request) => Buffer.from(JSON.parse(request).Data, 'base64').toString(),
  toHttp: (request) => request,
  toMock: undefined,
};

const ACTIONS = new Map([...PAGE.matchAll(/^\| `Route\.(\w+)\(.*\| ([^|]*) \|$/gm)].map(([, factory, actions]) => [factory, actions]));

test('docs/services.md has a chapter and a row for each factory', () => {
  expect([...PAGE.matchAll(/^## Route\.(\w+)$/gm)].map(([, factory]) => factory)).toEqual(Object.keys(READERS));
  expect([...ACTIONS.keys()]).toEqual(Object.keys(READERS));
});

describe.each(Object.keys(READERS))('the example of Route.%s in docs/services.md', (factory) => {
  const stack = built(factory);
  const template = Template.fromStack(stack);

  test('permits what the table says', () => {
    const actions = Object.values(template.findResources('AWS::IAM::Policy'))
      .filter(({ Properties }) => JSON.stringify(Properties.Roles).includes('ApiRole'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement.flatMap(({ Action }: any) => Action));

    expect(actions.length > 0).toBe(/`/.test(ACTIONS.get(factory)!));
    actions.forEach((action) => expect(ACTIONS.get(factory)).toContain(`\`${action}\``));
  });

  const read = READERS[factory];
  if (read) {
    test('sends the JSON that the page shows', () => {
      const { RequestTemplates } = Object.values(template.findResources('AWS::ApiGatewayV2::Integration'))[0].Properties;
      const text = stack.resolve(RequestTemplates.$default);
      const $default = typeof text === 'string' ? text : text['Fn::Join'][1].map((part: unknown) => typeof part === 'string' ? part : 'x').join('');
      const { body, requestContext: context } = EVENT;
      const request = { routeKey: 'order', eventType: 'MESSAGE' as const, body, headers: {}, multiValueHeaders: {}, queryString: {}, multiValueQueryString: {}, context, stageVariables: {} };
      const { body: sent } = prepareRequest(integrationModel({ type: 'AWS', requestTemplates: { $default }, templateSelectionExpression: '\\$default' }), request);

      expect(JSON.parse(read(sent!))).toEqual(EVENT);
    });
  }
});

function built(factory: string): Stack {
  const [, source] = /^```ts\n(.*?)^```/ms.exec(PAGE.split(`\n## Route.${factory}\n`)[1])!;
  const modules = { sqs: 'aws-sqs', sns: 'aws-sns', events: 'aws-events', sfn: 'aws-stepfunctions', kinesis: 'aws-kinesis' };
  const imports = Object.entries(modules).map(([name, module]) => `import * as ${name} from 'aws-cdk-lib/${module}';`).join('\n');
  const program = transpile(`${imports}
    import { Authorization, Route, WebSocketApi } from '../src';
    export function build(this: any) {${source}}`, { module: ModuleKind.CommonJS, esModuleInterop: true });
  const module: any = {};
  new globalThis.Function('require', 'exports', program)(require, module);
  const stack = testStack();
  module.build.call(stack);
  return stack;
}
