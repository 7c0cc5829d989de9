// What `connections`, and what builds on it, costs a stack.
import { fileURLToPath } from 'node:url';
import { atMost, run } from '../measure.mjs';
import { project } from '../project.mjs';

const APP = fileURLToPath(new URL('../apps/connections.mjs', import.meta.url));

export const title = 'Resources and bytes of `connections`';

export const text = 'What each adds to a stack with an API that has a `$connect` of its own. Bytes of templates are those of the file. The code of what is shipped is one asset, the \
same for all these functions and APIs, so a stack has it once: these are its bytes before they are compressed.';

/** What each has one thing more than, and what that is. */
const ROWS = [
  ['`connections`', 'connections', 'plain'],
  ['`Route.joinGroup()`', 'joinGroup', 'connections'],
  ['`Route.joinGroup()` with `announce` and `returnResponse`', 'acknowledgedJoinGroup', 'connections'],
  ['`Route.leaveGroup()`', 'leaveGroup', 'connections'],
  ['`Route.sendToGroup()`', 'sendToGroup', 'connections'],
  ['`Route.sendToUser()`', 'sendToUser', 'connections'],
  ['`Route.sendToAll()`', 'sendToAll', 'connections'],
  ['`Route.listGroup()`', 'listGroup', 'connections'],
  ['a route to a handler, to compare with', 'handler', 'plain'],
  ['`asynchronous: true` on such a route', 'asynchronous', 'handler'],
  ['`Authorization.jwt()`', 'jwt', 'plain'],
];

export function measure() {
  const stacks = JSON.parse(run(process.execPath, [APP], { cwd: project(0) }).stdout);
  const added = (name, base) => Object.fromEntries(
    Object.keys(stacks[name]).map((part) => [part, stacks[name][part] - stacks[base][part]]),
  );
  const groupRoutes = ROWS.filter(([what, , base]) => base === 'connections' && !what.includes('returnResponse'));
  return {
    head: ['', 'resources', 'template', 'assets'],
    rows: ROWS.map(([what, name, base]) => {
      const { resources, template, assets } = added(name, base);
      return [what, String(resources), bytes(template), bytes(assets)];
    }),
    goals: [
      atMost('resources that a group route adds', Math.max(...groupRoutes.map(([, name, base]) => added(name, base).resources)), 1, String),
    ],
  };
}

function bytes(count) {
  return count < 1000 ? `${count} B` : `${(count / 1000).toFixed(1)} kB`;
}
