// CloudFormation allows a stack 500 resources.
import { fileURLToPath } from 'node:url';
import { run } from '../measure.mjs';

const APP = fileURLToPath(new URL('../apps/resources.mjs', import.meta.url));

export const title = 'Routes in one stack of 500 resources';

export const text = 'The most with which the stack is still synthesized; API Gateway allows an API 300. The stack of this library holds an access log, the setting of the \
account\'s log role, and for each function the permission to answer. The bare L2 has none of these. The feature flags are those that the CDK CLI writes into the `cdk.json` of a new app. One of \
them, `@aws-cdk/aws-lambda:useCdkManagedLogGroup`, puts a log group for each function into the template. `defaultFunctionProps: { logGroup }` is one for all functions, and then there is room for \
as many routes as without the flags.';

const CONTENDERS = ['this library', 'L2, with all that this library adds', 'L2'];
const FLAGS = 'with `cdk init`\'s feature flags';

export function measure() {
  const most = (name, ...options) => ({
    name, values: CONTENDERS.map((contender) => Number(run(process.execPath, [APP, contender, ...options]).stdout)),
  });
  const own = most('each its own function', 'own');
  const one = most('all on one function', 'one');
  const ownWithFlags = most(`each its own function, ${FLAGS}`, 'own', 'flags');
  const oneLogGroup = most(`each its own function, all with one log group, ${FLAGS}`, 'own', 'flags', 'log');
  const oneWithFlags = most(`all on one function, ${FLAGS}`, 'one', 'flags');
  const goal = ({ name, values: [value] }, atLeast) => ({ what: `routes in one stack, ${name}`, value: String(value), goal: `at least ${atLeast}`, share: value / atLeast });
  return {
    head: ['', ...CONTENDERS],
    rows: [own, ownWithFlags, oneLogGroup, one, oneWithFlags].map(({ name, values }) => [name, ...values.map(String)]),
    goals: [goal(own, 95), goal(oneLogGroup, own.values[0]), goal(one, 300), goal(oneWithFlags, one.values[0])],
  };
}
