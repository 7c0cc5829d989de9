// Compares how the functions that the library ships start with how a handler starts that loads the same from a folder.
import { readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alternate, atMost, ratio, run, spread, times } from '../measure.mjs';
import { project } from '../project.mjs';

const functions = fileURLToPath(new URL('../../lib/shipped/functions', import.meta.url));
const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** What each function works with: the clients of the SDK, and the verifier of tokens. */
const CLIENTS = {
  'asynchronous': ['@aws-sdk/client-lambda'],
  'broadcaster': ['@aws-sdk/client-dynamodb', '@aws-sdk/client-lambda'],
  'connections': ['@aws-sdk/client-dynamodb', '@aws-sdk/client-lambda'],
  'jwt-authorizer': ['aws-jwt-verify'],
};

/** What Lambda and the library give the functions. */
const ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  TOKENS: JSON.stringify({ issuer: { issuer: 'https://id.example.com', audience: ['chat'] }, token: { place: 'queryString', name: 'token' }, claims: [] }),
};

export const title = 'Starts of the shipped functions';

export const text = 'A process of Node.js that loads a function until it could take its first event, and ends. What the library ships has all that it needs in its own file; the empty \
handler imports the same clients of AWS\'s SDK, or the same verifier of tokens, from a `node_modules` folder, as most functions do, and does nothing. Lambda adds to both what it needs to start a process.';

export function measure({ quick }) {
  const shipped = readdirSync(functions).filter((file) => /\.mjs$/.test(file) && !/^shared-/.test(file)).map((file) => file.replace('.mjs', ''));
  const unknown = shipped.filter((name) => !CLIENTS[name]);
  if (unknown.length > 0) { throw new Error(`\`CLIENTS\` does not say what ${unknown.join(', ')} works with`); }
  const folder = project(0);
  rmSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(modules, join(folder, 'node_modules'));
  const load = (file) => run(process.execPath, [loader(folder, file)], { cwd: folder, env: ENVIRONMENT }).time;

  const runs = quick ? 5 : 15;
  const contenders = new Map(shipped.flatMap((name) => [
    [name, { measure: () => load(join(functions, `${name}.mjs`)) }],
    [`${name}, empty`, { measure: () => load(emptyHandler(folder, name)) }],
  ]));
  contenders.set('node', { measure: () => run(process.execPath, ['--eval', '0']).time });
  const values = alternate(contenders, runs);
  const share = (name) => ratio(values.get(name), values.get(`${name}, empty`));
  return {
    head: ['', 'as it is shipped', 'an empty handler with the same clients from a folder', 'ratio'],
    rows: [
      ...shipped.map((name) => [`\`${name}\``, spread(values.get(name)), spread(values.get(`${name}, empty`)), times(1 / share(name))]),
      ['Node.js alone', spread(values.get('node')), '', ''],
    ],
    goals: shipped.map((name) => atMost(`start of the shipped function \`${name}\`, compared with an empty handler`, share(name), 1, times)),
  };
}

/** Writes what loads a function, and ends its process. */
function loader(folder, file) {
  const path = join(folder, 'load.mjs');
  writeFileSync(path, `const { handler } = await import(${JSON.stringify(file)});\nif (typeof handler !== 'function') { throw new Error('there is no handler'); }\nprocess.exit();\n`);
  return path;
}

function emptyHandler(folder, name) {
  const path = join(folder, `${name}.mjs`);
  const imports = CLIENTS[name].map((client, index) => `import * as client${index} from '${client}';`);
  const used = CLIENTS[name].map((_, index) => `client${index}`).join(', ');
  writeFileSync(path, `${imports.join('\n')}\n\nexport const clients = [${used}];\nexport const handler = async () => ({});\n`);
  return path;
}
