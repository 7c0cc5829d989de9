import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { converse } from '../example/conversation.mjs';

/**
 * Two clients talk through the chat example of a language, on the local gateway, which runs the handlers that the app was synthesized with.
 *
 * @returns what they said
 */
export async function chatOnGateway(root, work, assembly) {
  const app = join(work, 'gateway');
  mkdirSync(join(app, 'node_modules', '.bin'), { recursive: true });
  writeFileSync(join(app, 'package.json'), '{}');
  const link = (from, to) => { if (!existsSync(join(app, 'node_modules', to))) { symlinkSync(join(root, from), join(app, 'node_modules', to)); } };
  link('node_modules/ws', 'ws');
  link('node_modules/dynalite', 'dynalite');
  link('lib/cli/main.js', '.bin/cdk-websocket-api');
  const lines = [];
  await converse(app, assembly, (line) => lines.push(line));
  return lines.join('\n');
}
