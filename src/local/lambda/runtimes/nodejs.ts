import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { compiledFilesIn, foreignFile, PLATFORM_HERE } from './binary';
import { CLIENTS, Family, takesFrames, versionOf } from './family';
import { importsIn, mayBeInLayers, named } from './imports';
import { FunctionModel } from '../../definition/model';

const SDK = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*["'](@aws-sdk\/(?:client|lib|util)-[\w-]+)/g;

/** Node.js of Lambda, by the Node.js that runs the gateway. The client is `nodejs.mjs`. */
export const nodejs: Family = {
  isManaged: true,
  serves: (runtime) => runtime.startsWith('nodejs'),
  inspection: { by: 'a Node.js debugger', firstPort: 9229 },
  launch(fn, surroundings) {
    const { folders: { app, layers }, lead, inspectPort, isSpare, clockAhead } = surroundings;
    const frames = takesFrames(fn, surroundings);
    const modules = layers ? [join(layers, 'nodejs', `node${versionOf(fn)}`, 'node_modules'), join(layers, 'nodejs', 'node_modules')] : [];
    return {
      command: process.execPath,
      args: [
        // Each invocation stops and wakes every thread of the process, so there are as few as possible.
        '--v8-pool-size=1',
        ...inspectPort === undefined ? [] : [`--inspect=127.0.0.1:${inspectPort}`],
        `--max-old-space-size=${Math.floor(fn.memoryMB * 0.9)}`,
        ...refusesModules(fn) ? ['--no-experimental-require-module'] : [],
        join(CLIENTS, 'nodejs.mjs'),
        JSON.stringify({ app, layers, lead, frames, isSpare, clockAhead }),
      ],
      environment: { NODE_PATH: modules.join(delimiter) },
      takesFrames: frames,
    };
  },
  missing(fn, { code, app }) {
    const foreign = foreignFile(code, compiledFilesIn(code, /\.node$/));
    if (foreign) {
      return `has \`${foreign.file}\`, which is compiled for ${foreign.platform}, and this is ${PLATFORM_HERE}: it does not load here. `
        + 'Set `architecture` to the one of this machine while you develop, or try it deployed';
    }
    const inApp = createRequire(join(app, '_'));
    const absent = [...importsIn(code, /\.[cm]?js$/, SDK)].filter((name) => (
      !mayBeInLayers(fn, join('nodejs', 'node_modules', name)) && !existsSync(join(code, 'node_modules', name)) && !resolves(inApp, name)
    ));
    return absent.length === 0 ? undefined
      : `uses ${named(absent)}, which Lambda's Node.js carries and this app has not: \`npm install --save-dev ${absent.join(' ')}\``;
  },
  note(fn) {
    const here = process.versions.node.split('.')[0];
    return versionOf(fn) === here ? undefined : `Node.js ${here} (${versionOf(fn)} in Lambda)`;
  },
};

/** `require()` of an ES module fails on Lambda's older runtimes, and works on newer Node.js. Who turns it on there turns it on here. */
function refusesModules(fn: FunctionModel): boolean {
  return ['20', '22'].includes(versionOf(fn))
    && process.allowedNodeEnvironmentFlags.has('--experimental-require-module')
    && !/experimental-require-module/.test(fn.environment.NODE_OPTIONS ?? '');
}

function resolves(require: NodeJS.Require, name: string): boolean {
  return require.resolve.paths(name)!.some((folder) => existsSync(join(folder, name)));
}
