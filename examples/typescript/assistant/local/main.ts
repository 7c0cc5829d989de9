import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startBedrock } from './bedrock';
import { pageServer } from './page';

/*
 * All of it on this machine: a stand-in for Bedrock, the page, and the gateway. What you add to the command goes to the gateway's:
 * `npm run local -- --port 3002`.
 */

const MANIFEST = require.resolve('cdk-websocket-api/package.json');
const COMMAND = join(dirname(MANIFEST), require(MANIFEST).bin['cdk-websocket-api']);

async function* answer(question: string): AsyncGenerator<string> {
  const words = `You have asked: “${question}” No model has read that: this is a stand-in for Amazon Bedrock, on your machine. It sends its words one `
    + 'by one, as a model does, and each of them comes to you in a message of its own, with a number. Press Stop, and the page closes its connection. '
    + 'The next word then finds nobody, so the function cancels the answer, and a model would not go on at your cost. Deploy this example, '
    + 'and somebody who knows more will answer you.';
  for (const word of words.split(/(?<= )/)) {
    await setTimeout(80);
    yield word;
  }
}

async function main() {
  const bedrock = await startBedrock(answer);
  pageServer().listen(8080, '127.0.0.1', () => console.log('the page: http://localhost:8080'));
  const gateway = spawn(process.execPath, [COMMAND, 'local', '--watch', '--port', '3001', ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url },
  });
  gateway.on('exit', (code) => process.exit(code ?? 0));
  // A terminal sends the signal of Ctrl+C to both: the gateway ends first.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => gateway.kill());
}

void main();
