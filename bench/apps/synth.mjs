// One synthesis, as a process of its own: `node synth.mjs <contender> <handlers>`.
import { CONTENDERS, require, routeKeys } from './contenders.mjs';

const { App, Stack } = require('aws-cdk-lib');
const [contender, handlers] = process.argv.slice(2);
// 200 routes with a function each are more than a stack may have.
const app = new App({ outdir: 'cdk.out', context: { '@aws-cdk/core:stackResourceLimit': 0 } });
CONTENDERS[contender](new Stack(app, 'Stack'), routeKeys(Number(handlers)));
app.synth();
