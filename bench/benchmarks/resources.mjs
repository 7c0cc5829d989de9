// CloudFormation allows a stack 500 resources.
import { fileURLToPath } from 'node:url';
import { run } from '../measure.mjs';

const APP = fileURLToPath(new URL('../apps/resources.mjs', import.meta.url));

export const title = 'Routes in one stack of 500 resources';

export const text = 'The most with which the stack is still synthesized; API Gateway allows an API 300. The stack of this library holds an access log, the setting of the \
account\'s log role, and for each function the permission to answer. The bare L2 has none of these.';

export function measure() {
  const most = (contender, functions) => Number(run(process.execPath, [APP, contender, functions]).stdout);
  const contenders = ['this library', 'L2, with all that this library adds', 'L2'];
  const measured = [['each its own function', 'own', 95], ['all on one function', 'one', 300]].map(([name, functions, goal]) => ({
    name, goal, values: contenders.map((contender) => most(contender, functions)),
  }));
  return {
    head: ['', ...contenders],
    rows: measured.map(({ name, values }) => [name, ...values.map(String)]),
    goals: measured.map(({ name, values: [own], goal }) => ({ what: `routes in one stack, ${name}`, value: String(own), goal: `at least ${goal}`, share: own / goal })),
  };
}
