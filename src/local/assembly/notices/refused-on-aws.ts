import { listed, Notice } from './notice';
import { evaluateExpression } from '../../definition/expression';
import { ApiModel, FunctionModel, IntegrationModel } from '../../definition/model';

/** What AWS would refuse to deploy, or what cannot work there, and works here or fails in silence. */
export const refusedOnAws: Notice = ({ apis, served }) => [
  ...served.flatMap((fn) => [...environmentFaults(fn), ...limitFaults(fn)].map((fault) => `\`${fn.path}\` ${fault}`)),
  ...apis.flatMap(apiFaults),
  ...[...new Map(apis.flatMap(integrationsOf).map((one) => [one.path, one])).values()].flatMap((one) => integrationFaults(one).map((fault) => `\`${one.path}\` ${fault}`)),
];

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const MAX_ENVIRONMENT_BYTES = 4096;
const RESERVED_VARIABLES: ReadonlySet<string> = new Set([
  '_HANDLER', '_X_AMZN_TRACE_ID', 'AWS_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_DEFAULT_REGION', 'AWS_EXECUTION_ENV', 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME', 'AWS_LAMBDA_FUNCTION_VERSION', 'AWS_LAMBDA_INITIALIZATION_TYPE', 'AWS_LAMBDA_LOG_GROUP_NAME', 'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API', 'AWS_REGION', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'LAMBDA_RUNTIME_DIR', 'LAMBDA_TASK_ROOT',
]);

function environmentFaults({ environment }: FunctionModel): string[] {
  const names = Object.keys(environment);
  const reserved = names.filter((name) => RESERVED_VARIABLES.has(name));
  const malformed = names.filter((name) => !RESERVED_VARIABLES.has(name) && !/^[a-zA-Z]\w+$/.test(name));
  const bytes = Object.entries(environment).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  return [
    ...reserved.length === 0 ? [] : [`sets ${listed(reserved)}, which Lambda reserves: it refuses the function`],
    ...malformed.length === 0 ? []
      : [`sets ${listed(malformed)}: Lambda takes names of two or more letters, digits and \`_\` that begin with a letter, and refuses the function`],
    ...bytes <= MAX_ENVIRONMENT_BYTES ? []
      : [`has ${bytes} bytes of environment variables: Lambda takes ${MAX_ENVIRONMENT_BYTES} and refuses the function`],
  ];
}

function limitFaults({ timeoutSeconds, memoryMB, layers }: FunctionModel): string[] {
  return [
    ...outside(timeoutSeconds, 1, 900) ? [`has a timeout of ${timeoutSeconds} s: Lambda takes 1 to 900`] : [],
    ...outside(memoryMB, 128, 10_240) ? [`has ${memoryMB} MB of memory: Lambda takes 128 to 10240`] : [],
    ...layers.length > 5 ? [`has ${layers.length} layers: Lambda takes 5`] : [],
  ];
}

function apiFaults({ path, disableExecuteApiEndpoint, mappings }: ApiModel): string[] {
  return disableExecuteApiEndpoint && mappings.length === 0
    ? [`\`${path}\` has its own endpoint disabled and no custom domain, so no client can reach it on AWS: add a domain, or leave the endpoint`]
    : [];
}

function integrationsOf({ routes }: ApiModel): IntegrationModel[] {
  return [...routes.values()].flatMap(({ integration }) => integration ?? []);
}

function integrationFaults({ type, timeoutMillis, requestTemplates, templateSelectionExpression, responses }: IntegrationModel): string[] {
  const selected = selectedKey(templateSelectionExpression);
  return [
    ...outside(timeoutMillis, 50, 29_000) ? [`has a timeout of ${timeoutMillis} ms: API Gateway takes 50 to 29000`] : [],
    ...type === 'MOCK' && Object.keys(requestTemplates).length === 0
      ? ['is a mock without a request template, so it fails: add one that makes `{"statusCode": 200}`'] : [],
    ...type === 'AWS_PROXY' || type === 'HTTP_PROXY' ? [] : unmatched('request', requestTemplates, selected),
    ...responses.flatMap((one) => [
      ...unmatched('response', one.templates, selectedKey(one.templateSelectionExpression)),
      ...isPattern(one.key) ? [] : [`has the response key \`${one.key}\`, which is not a regular expression: write one between slashes, or \`$default\``],
    ]),
  ];
}

/** Templates that nothing selects. Undefined is a key that depends on the request. */
function unmatched(kind: string, templates: Readonly<Record<string, string>>, selected: string | undefined): string[] {
  const dead = selected === undefined ? [] : Object.keys(templates).filter((key) => key !== selected && key !== '$default');
  return dead.length === 0 ? []
    : [`has the ${kind} ${dead.length === 1 ? 'template' : 'templates'} ${listed(dead)}, which nothing selects: the selection expression makes \`${selected}\``];
}

/** The key that every request selects, if it is always the same. */
function selectedKey(expression: string | undefined): string | undefined {
  if (expression === undefined) { return 'application/json'; }
  return /(?<!\\)\$\{?(request|context|stageVariables|integration)\b/.test(expression) ? undefined : evaluateExpression(expression, {});
}

function isPattern(key: string): boolean {
  const [, pattern] = /^\/(.*)\/$/s.exec(key) ?? [];
  try {
    return pattern === undefined || Boolean(new RegExp(pattern));
  } catch {
    return false;
  }
}

function outside(value: number, least: number, most: number): boolean {
  return value < least || value > most;
}
