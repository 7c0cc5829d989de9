// The cost of importing the library, which every run of an app pays.
import { fileURLToPath } from 'node:url';
import { alternate, atMost, median, run, spread } from '../measure.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const OWN = 'const own = require("../");';
const CDK = 'const apigatewayv2 = require("aws-cdk-lib/aws-apigatewayv2"); const lambda = require("aws-cdk-lib/aws-lambda");';
const USED = `${CDK} const { App, Stack } = require("aws-cdk-lib"); [apigatewayv2.WebSocketApi, apigatewayv2.WebSocketStage, lambda.Function];`;
const OWN_USED = `${OWN} [own.WebSocketApi, own.Route];`;

/** Modules that must not be loaded before they are needed. */
const LATER = /[/\\]node_modules[/\\](esbuild|esbuild-wasm|ws|velocityjs|jsonschema|yauzl)[/\\].*\.js$|[/\\]lib[/\\]local[/\\]/;

export const title = 'Import';

export const text = 'Whole processes that do nothing else. The modules of CDK and of this library load a class when it is asked for, so the first row is little \
more than Node.js itself. The second asks for the classes that an app with a WebSocket API uses: `App`, `Stack`, `WebSocketApi`, `WebSocketStage`, \
`Function`; and of this library, `WebSocketApi` and `Route`. Neither esbuild nor the local gateway, nor anything that it needs, is loaded before it is used.';

export function measure({ quick }) {
  const runs = quick ? 9 : 25;
  const script = (code) => run(process.execPath, ['-e', code], { cwd: root });
  const [loading, using] = [[CDK, OWN], [USED, OWN_USED]].map(([cdk, own]) => {
    const values = alternate(new Map([['without', { measure: () => script(cdk).time }], ['with', { measure: () => script(cdk + own).time }]]), runs);
    const [without, together] = [values.get('without'), values.get('with')];
    const added = Math.max(median(together) / median(without) - 1, 0.001);
    return { added, row: [spread(without), spread(together), percent(added)] };
  });
  const loaded = JSON.parse(script(`${USED}${OWN_USED} console.log(JSON.stringify(Object.keys(require.cache)))`).stdout).filter((file) => LATER.test(file));
  return {
    head: ['', 'without this library', 'with', 'on top'],
    rows: [['`require` alone', ...loading.row], ['with the classes that an app uses', ...using.row]],
    goals: [
      atMost('import: time on top of CDK\'s apigatewayv2 and lambda', loading.added, 0.1, percent),
      { what: 'modules loaded before they are needed', value: loaded.length === 0 ? 'none' : loaded.join(', '), goal: 'none', share: loaded.length === 0 ? 1 : 0 },
    ],
  };
}

function percent(share) {
  return `${(share * 100).toFixed(0)} %`;
}
