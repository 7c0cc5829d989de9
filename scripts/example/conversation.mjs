// Two clients talk through the chat example, which runs on the local gateway, as installed, with its table in a DynamoDB of this machine.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client, inTime } from './client.mjs';

const HELP = { action: 'sendMessage', data: 'what everybody is to read' };

/**
 * Prints the conversation.
 *
 * @param app the folder of the app, with the library, `ws` and `dynalite` installed
 * @param assembly what was synthesized from it
 * @param print is called with each line
 * @throws if a message does not arrive or is wrong; the error includes the output of the gateway
 */
export async function converse(app, assembly, print = console.log) {
  const require = createRequire(join(app, 'package.json'));
  const database = require('dynalite')({ createTableMs: 0 });
  await once(database.listen(0, '127.0.0.1'), 'listening');
  const gateway = new Gateway(app, assembly, `http://127.0.0.1:${database.address().port}`);
  try {
    const { apis: [{ name, url, routes }] } = await gateway.event('the gateway listens', ({ type }) => type === 'listening');
    print(`  ${name}  ${url}  ${routes.join(', ')}\n`);
    await talk(gateway, (who) => Client.connect(new (require('ws').WebSocket)(url), who, print));
  } catch (error) {
    throw new Error(`The gateway said:\n${gateway.output}\n${error.message}`);
  } finally {
    await gateway.stop();
    database.close();
  }
}

async function talk(gateway, connect) {
  const ann = await connect('Ann');
  const bob = await connect('Bob');

  ann.says({ action: 'sendMessage', data: 'Hello, who is there?' });
  const { from: annsId } = await ann.reads({ data: 'Hello, who is there?' });
  await bob.reads({ data: 'Hello, who is there?', from: annsId });

  bob.says({ action: 'sendMessage', data: 'Bob is.' });
  const { from: bobsId } = await bob.reads({ data: 'Bob is.' });
  await ann.reads({ data: 'Bob is.', from: bobsId });

  bob.says({ action: 'shout', data: 'ANN!' });
  await bob.reads({ example: HELP });

  await bob.leaves();
  await gateway.event('the route $disconnect has answered', ({ type, connectionId, routeKey }) => type === 'answer' && connectionId === bobsId && routeKey === '$disconnect');
  ann.says({ action: 'sendMessage', data: 'Bob?' });
  await ann.reads({ data: 'Bob?', from: annsId });
  await gateway.event('the last message is answered', ({ type, connectionId, routeKey }) => type === 'answer' && connectionId === annsId && routeKey === 'sendMessage', 2);
  await ann.leaves();

  const strays = gateway.events.filter(({ type, body, connectionId }) => type === 'connections-api' && body?.includes('Bob?') && connectionId !== annsId);
  const faults = gateway.events.filter(({ type, reason }) => type === 'warning' || (['answer', 'connections-api'].includes(type) && reason !== undefined));
  const unexpected = [...strays, ...faults, ...ann.unread, ...bob.unread];
  if (unexpected.length > 0) { throw new Error(`the conversation went on as it should, but for this:\n${unexpected.map((one) => JSON.stringify(one)).join('\n')}`); }
}

/** Runs the command, and reads its lines. */
class Gateway {
  events = [];
  output = '';
  #child;
  #gone;
  #waiting = new Set();

  constructor(app, assembly, dynamodb) {
    const command = join(app, 'node_modules', '.bin', 'cdk-websocket-api');
    this.#child = spawn(process.execPath, [command, 'local', '--app', assembly, '--port', '0', '--json'], {
      cwd: app,
      env: { ...process.env, AWS_ENDPOINT_URL_DYNAMODB: dynamodb },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#gone = once(this.#child, 'exit');
    // If this process ends for any reason, so does the command.
    process.prependOnceListener('exit', () => this.#child.kill());
    this.#child.stderr.on('data', (data) => this.output += data);
    createInterface(this.#child.stdout).on('line', (line) => {
      this.output += `${line}\n`;
      this.events.push(JSON.parse(line));
      this.#waiting.forEach((look) => look());
    });
  }

  /** Waits for a matching event, or for a later one by number; events that already came count too. */
  async event(what, isWanted, count = 1) {
    const found = () => this.events.filter(isWanted)[count - 1];
    let look;
    try {
      return await inTime(`${what}: that did not happen`, new Promise((done, failed) => {
        look = () => { if (found()) { done(found()); } };
        this.#waiting.add(look);
        look();
        this.#gone.then(() => failed(new Error('the gateway ended')));
      }));
    } finally {
      this.#waiting.delete(look);
    }
  }

  async stop() {
    this.#child.kill('SIGINT');
    await this.#gone;
  }
}
