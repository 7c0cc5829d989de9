// `npm run example`: builds and packs the library, installs the tarball into the chat example as a user would, outside of this repository,
// synthesizes it with the CDK CLI, validates the template as CloudFormation does, shows what came out, and has two clients talk through it.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { converse } from './example/conversation.mjs';
import { setUp } from './set-up.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const home = process.cwd();
process.chdir(root);
// Silences the jsii tools about Node.js 20, which is the oldest that users may have.
process.env.JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION = '20';
const example = join(root, 'examples', 'typescript', 'chat');
const assembly = join(example, 'cdk.out');

setUp();
step('Building and packing the library', root, 'npx projen compile', 'npx projen package:js');
const app = mkdtempSync(join(tmpdir(), 'chat-'));
process.on('exit', () => rmSync(app, { recursive: true, force: true }));
cpSync(example, app, { recursive: true, filter: (path) => !/[/\\](node_modules|cdk\.out)$/.test(path) });
const [tarball] = readdirSync(join(root, 'dist', 'js')).filter((file) => file.endsWith('.tgz'));
step('Installing it into the chat example', app, 'npm ci', `npm install --no-save "${join(root, 'dist', 'js', tarball)}"`);
rmSync(assembly, { recursive: true, force: true });
// A warning of CDK is a failure. CDK's own validation skips rules and turns errors into warnings, so it is turned off here.
process.env.CDK_VALIDATION = 'false';
step('Synthesizing the app', app, 'npx tsc', `npx cdk synth --quiet --strict --output "${assembly}"`);

const template = JSON.parse(readFileSync(join(assembly, 'Chat.template.json'), 'utf8'));
console.log('Validating the template');
const { findings, acknowledged } = validateTemplate(template);
printTable('Routes', ['', 'handler', 'runtime', 'bundle', 'timeout', 'memory'], routes(template));
printTable('Resources', ['', ''], resources(template));
console.log(`\nCloudFormation's validator, in strict mode: ${findings.length} findings, ${acknowledged.length} acknowledged`);
findings.forEach(({ ruleId, entity, propertyPath, message }) => console.log(`  ${ruleId}  ${entity?.logicalId}.${propertyPath}: ${message}`));
console.log(`Template: ${relative(process.cwd(), join(assembly, 'Chat.template.json'))}`);

console.log('\nA conversation on the local gateway');
['SIGINT', 'SIGTERM', 'SIGHUP'].forEach((signal) => process.once(signal, () => process.exit(1)));
await converse(app, assembly).catch(({ message }) => {
  console.error(`\n${message}`);
  process.exit(1);
});
console.log(`
Every message arrived. Try it yourself, in two terminals:

  cd ${relative(home, example) || '.'} && npm ci && npm install --no-save ${relative(example, join(root, 'dist', 'js', tarball))}
  npx dynalite --port 8000 &
  AWS_ENDPOINT_URL_DYNAMODB=http://localhost:8000 npx cdk-websocket-api local --watch

  npx wscat -c ws://localhost:3001/dev
  > {"action": "sendMessage", "data": "hello"}`);
process.exit(findings.length === 0 ? 0 : 1);

/** Validates as the strict suite of the tests does, with what is acknowledged there too: see its reasons. */
function validateTemplate(template) {
  const require = createRequire(import.meta.url);
  require('ts-node').register({ transpileOnly: true });
  const { validate } = require('../test/cloudformation-validator.ts');
  const isAcknowledged = ({ ruleId, entity, propertyPath }) => ruleId === 'W3005' && propertyPath === 'DependsOn'
    && template.Resources[entity?.logicalId]?.Type === 'AWS::Lambda::Function';
  const all = validate(template);
  return { findings: all.filter((one) => !isAcknowledged(one)), acknowledged: all.filter(isAcknowledged) };
}

/** Runs commands, and shows their output only if one fails. */
function step(name, cwd, ...commands) {
  console.log(name);
  for (const command of commands) {
    const { status, stdout, stderr } = spawnSync(command, { cwd, shell: true, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    if (status !== 0) {
      console.error(`${stdout}${stderr}\n\`${command}\` failed`);
      process.exit(1);
    }
  }
}

/** A row for each route: what it leads to, found by following the references in the template. */
function routes({ Resources }) {
  const referred = (value, type) => [...JSON.stringify(value).matchAll(/"(?:Ref":|Fn::GetAtt":\[)"(\w+)"/g)]
    .map(([, id]) => Resources[id]).find((resource) => resource?.Type === type);
  return Object.values(Resources).filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route').map(({ Properties: route }) => {
    const integration = referred(route.Target, 'AWS::ApiGatewayV2::Integration');
    const { Properties: fn, Metadata } = referred(integration.Properties.IntegrationUri, 'AWS::Lambda::Function');
    return [route.RouteKey, fn.Handler, fn.Runtime, `${size(join(assembly, Metadata['aws:asset:path']))} bytes`, `${fn.Timeout} s`, `${fn.MemorySize} MB`];
  });
}

function resources({ Resources }) {
  const types = Object.values(Resources).map(({ Type }) => Type);
  return [...new Set(types)].sort().map((type) => [type, types.filter((one) => one === type).length]);
}

function size(path) {
  return statSync(path).isFile() ? statSync(path).size : readdirSync(path).reduce((sum, entry) => sum + size(join(path, entry)), 0);
}

function printTable(title, head, rows) {
  const all = head.some(Boolean) ? [head, ...rows] : rows;
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => String(row[column]).length)));
  console.log(`\n${title}`);
  all.forEach((row) => console.log(`  ${row.map((cell, column) => typeof cell === 'number' || /^\d/.test(cell) ? String(cell).padStart(widths[column]) : String(cell).padEnd(widths[column])).join('  ')}`.trimEnd()));
}
