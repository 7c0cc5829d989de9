// What is uploaded at each deployment.
import { cpSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atMost, run, times } from '../measure.mjs';
import { clean, project } from '../project.mjs';

const APP = fileURLToPath(new URL('../apps/bytes.mjs', import.meta.url));
const CHAT = fileURLToPath(new URL('../../examples/typescript/chat/src', import.meta.url));
const NODEJS = 'L2 + `NodejsFunction`, with all that this library adds';

export const title = 'Bytes of templates and assets';

export const text = 'The chat example without its Python handler, and 50 routes, each with its own function. The handlers may post to their connections, know where, are \
traced, and the API has a log: without these, which most APIs need, the template of the L2s is smaller. By default this library sets the account\'s log role too, if it is unset, because no \
stage with a log can be deployed before: some resources and one small asset for a stack. To compare like with like, `AccountLogRole.existing()` leaves that away. \
The bundles are esbuild\'s in both, and equal. \
What is left of the template of the chat example, 1.5 kB: logical ids, which hold the route key (0.5 kB), the ARN of the log group without the `:*` that CloudFormation adds (0.25 kB), and for \
each function a second policy document, because what the API permits stands in the function\'s role, and what the app grants in a policy beside it (0.7 kB). One document would do harm. All in \
the policy: CloudFormation updates a role before its policy, so functions that are deployed could not answer for a moment. All in the role: a key or a table whose own policy names the role would \
make a cycle. `Fn::Sub` is shorter than `Fn::Join`, but `cdk refactor` does not see the references in its text.';

export function measure({ quick }) {
  const whats = quick ? [['the chat example', 'chat']] : [['the chat example', 'chat'], ['50 routes', 'routes']];
  const goals = [];
  const rows = whats.flatMap(([name, what]) => {
    const folder = project(what === 'routes' ? 50 : 0);
    if (what === 'chat') { cpSync(CHAT, join(folder, 'src'), { recursive: true }); }
    const [own, existing, other] = [['this library'], ['this library', 'existing'], [NODEJS]].map((contender) => {
      clean(folder);
      run(process.execPath, [APP, what, ...contender], { cwd: folder });
      return sizes(join(folder, 'cdk.out'));
    });
    goals.push(...['template', 'assets'].map((part) => atMost(`${part} of ${name}, compared with \`NodejsFunction\``, existing[part] / other[part], 1, times)));
    return ['template', 'assets'].map((part) => [`${name}: ${part}`, kilobytes(own[part]), kilobytes(existing[part]), kilobytes(other[part]), times(existing[part] / other[part])]);
  });
  return { head: ['', 'this library', 'this library, `AccountLogRole.existing()`', NODEJS, 'ratio of the last two'], rows, goals };
}

function sizes(assembly) {
  const files = readdirSync(assembly, { recursive: true })
    .map((file) => ({ file, stat: statSync(join(assembly, file)) }))
    .filter(({ stat }) => stat.isFile());
  const sum = (pattern) => files.filter(({ file }) => pattern.test(file)).reduce((total, { stat }) => total + stat.size, 0);
  return { template: sum(/^Stack\.template\.json$/), assets: sum(/^asset\.[^/\\]+[/\\]index\.m?js$/) };
}

function kilobytes(size) {
  return `${(size / 1000).toFixed(1)} kB`;
}
