import { readAssembly } from './assembly';
import { defaultRegion } from './default-place';
import { Findings } from './findings';
import { GivenValues } from './given-values';
import { usesTables } from './notices/absent-services';
import { noticesOf } from './notices/notices';
import { ApiCheck } from './readers/api-check';
import { readApiKeys } from './readers/api-key-reader';
import { ApiParts } from './readers/api-parts';
import { ApiReader } from './readers/api-reader';
import { FunctionReader } from './readers/function-reader';
import { Principals } from './readers/policy-reader';
import { readTables } from './readers/table-reader';
import { readUserPools } from './readers/user-pool-reader';
import { useWorkers } from './readers/workers';
import { Intrinsics } from './template/intrinsics';
import { Resources } from './template/resource';
import { Model } from '../definition/model';

export interface ReadOptions {
  /** Values that cannot be resolved, by the names in `Model.unresolved`, and values of parameters: `Stack.Parameter`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the gateway can keep tables itself. */
  readonly keepsTables?: boolean;
}

/**
 * Reads the WebSocket APIs of a cloud assembly, and what they need.
 *
 * @throws IncompleteAssemblyError if it is missing, or not completely written
 * @throws Error if it has no WebSocket API
 */
export function readModel(assemblyFolder: string, options: ReadOptions = {}): Model {
  const { env = {}, keepsTables = false } = options;
  const { AWS_REGION, AWS_DEFAULT_REGION } = env;
  const stacks = readAssembly(assemblyFolder, AWS_REGION || AWS_DEFAULT_REGION || defaultRegion());
  const given = new GivenValues(env);
  const resources = new Resources(stacks, new Intrinsics(stacks, given));
  const findings = new Findings(given);
  const principals = new Principals(resources, findings);
  const functions = new FunctionReader(resources, principals, findings, given);
  const parts = new ApiParts(resources);
  const apis = new ApiReader(parts).read();
  new ApiCheck(parts, functions, principals, findings).run();
  const workers = useWorkers(functions);
  const doubtful = resources.doubtful.filter(({ type }) => /^AWS::(ApiGatewayV2|IAM)::|^AWS::Lambda::Permission$/.test(type));
  doubtful.forEach((resource) => findings.useCondition(resource));
  if (apis.length === 0) {
    throw new Error(noApi(assemblyFolder, stacks.map(({ name }) => name), parts.imported, findings.unresolved));
  }
  const apiKeys = readApiKeys(resources, new Set(apis.map(({ id }) => id)), findings);
  const tables = readTables(resources);
  const app = { resources, apis, functions: [...functions.functions.values()], served: functions.used, tables, given, env, keepsTables };
  noticesOf(app).forEach((line) => findings.warn(line));
  return {
    apis,
    functions: functions.functions,
    principals: principals.all,
    apiKeys,
    tables,
    userPools: readUserPools(resources, given),
    usesTables: usesTables(app),
    workers,
    unresolved: findings.unresolved,
    warnings: findings.warnings,
  };
}

function noApi(folder: string, stacks: readonly string[], imported: readonly string[], unresolved: Model['unresolved']): string {
  const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
  const among = stacks.length === 0 ? 'it has no stacks' : `it has the ${stacks.length === 1 ? 'stack' : 'stacks'} ${list(stacks)}`;
  const added = imported.length === 0 ? '' : ` (and parts of the API ${list(imported)} that belongs to another app)`;
  const unknown = unresolved.filter(({ usedBy }) => usedBy.some((one) => one.endsWith(': Condition'))).map(({ name }) => name);
  const advice = unknown.length === 0 ? 'define one, and run `cdk synth`' : `whether there is one depends on values that are not known here: give ${list(unknown)} in the env file`;
  return `there is no WebSocket API in \`${folder}\`: ${among}${added}; ${advice}`;
}
