import { readFileSync } from 'node:fs';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { ConnectionTable, GroupName, HandlerProps, Permissions, Route, WebSocketApi, WebSocketApiProps } from '../src';
import { ECHO, testApp, testFunction, testStack } from './test-stack';

/** What CloudFormation allows a stack, and API Gateway an API. */
const MAX_RESOURCES = 500;
const MAX_ROUTES = 300;

interface Kind {
  readonly route: Route;
  readonly defaultFunctionProps?: HandlerProps;
}

/** The rows of the page's table. */
const KINDS: { readonly [row: string]: (stack: Stack) => Kind } = {
  'with its own function': () => ({ route: Route.toHandler(ECHO) }),
  'the same, with one log group for all functions': (stack) => ({
    route: Route.toHandler(ECHO),
    defaultFunctionProps: { logGroup: new LogGroup(stack, 'Handlers') },
  }),
  'with its own function and permissions (`Permissions.grant(table, …)`)': (stack) => ({
    route: Route.toHandler(ECHO, {
      permissions: [Permissions.grant(new Table(stack, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING } }), 'grantReadData')],
    }),
  }),
  'to a function that other routes lead to (`Route.toFunction`)': (stack) => ({ route: Route.toFunction(testFunction(stack)) }),
};

const TABLE = readFileSync('docs/scaling.md', 'utf8').split('## Routes')[1].split('\n## ')[0].split('\n')
  .filter((line) => line.startsWith('| ')).slice(1)
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));

test('the table of docs/scaling.md has the rows that are counted here', () => {
  expect(TABLE.map(([row]) => row)).toEqual(Object.keys(KINDS));
});

test.each(TABLE)('docs/scaling.md says how many resources a route takes: %s', (row, without, withFlags, routes, routesWithFlags) => {
  const [plain, flagged] = [{}, recommendedFlags].map((flags) => resources(KINDS[row], flags));

  expect([without, withFlags].map((cell) => parseInt(cell))).toEqual([plain.eachRoute, flagged.eachRoute]);
  expect([routes, routesWithFlags].map(Number)).toEqual([plain, flagged].map(({ eachRoute, rest }) => (
    Math.min(MAX_ROUTES, Math.floor((MAX_RESOURCES - rest) / eachRoute))
  )));
});

test('docs/scaling.md says how many resources an API and a route response take', () => {
  const page = readFileSync('docs/scaling.md', 'utf8');
  const { eachRoute, rest } = resources(() => ({ route: Route.toHandler(ECHO) }), {});
  const response = resources(() => ({ route: Route.toHandler(ECHO, { returnResponse: true }) }), {}).eachRoute - eachRoute;

  expect(page).toContain(`(\`returnResponse: true\`) takes ${response} more. An API and its stage take ${rest},`);
});

test('docs/scaling.md says how many resources `connections` and a route to a group take', () => {
  const count = (props: WebSocketApiProps, routes: { readonly [routeKey: string]: Route } = {}) => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api', { ...props, routes: { $connect: Route.toHandler(ECHO), ...routes } });
    return Object.keys(Template.fromStack(stack).toJSON().Resources).length;
  };
  const group = GroupName.of('lobby');
  const [without, alone, joining] = [
    count({}),
    count({ connections: ConnectionTable.create() }),
    count({ connections: ConnectionTable.create() }, { join: Route.joinGroup(group) }),
  ];

  expect(readFileSync('docs/scaling.md', 'utf8'))
    .toContain(`\`connections\` takes ${alone - without} more, and each route to a group (\`Route.joinGroup()\`, \`Route.sendToGroup()\`, …) takes ${joining - alone}.`);
});

/** What a route adds to a stack, and what the rest of the stack takes. */
function resources(kind: (stack: Stack) => Kind, flags: object) {
  const [one, two] = [1, 2].map((routes) => {
    const stack = new Stack(testApp({ ...flags }), 'Stack');
    const { route, ...props } = kind(stack);
    new WebSocketApi(stack, 'Api', { ...props, routes: Object.fromEntries(Array.from({ length: routes }, (_, index) => [`route${index}`, route])) });
    return Object.keys(Template.fromStack(stack).toJSON().Resources).length;
  });
  return { eachRoute: two - one, rest: one - (two - one) };
}
