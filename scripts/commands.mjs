// How the scripts run commands: one place for what a command prints, how long it takes and how it fails.
import { spawn, spawnSync } from 'node:child_process';

/**
 * Runs a command to its end.
 *
 * @param args undefined runs the command in a shell
 * @param env variables to add; one that is undefined is removed
 * @param onOutput is called with the output of the command as it arrives
 * @returns its status, what it printed and how many seconds it took; `signal` and a missing program count as a failure
 */
export function run(command, args, { cwd, env, onOutput = () => undefined } = {}) {
  const started = Date.now();
  return new Promise((resolve) => {
    const child = spawn(command, args ?? [], { cwd, env: merged(env), shell: args === undefined, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const add = (data) => {
      output += data;
      onOutput(String(data));
    };
    child.stdout.on('data', add);
    child.stderr.on('data', add);
    child.on('error', (error) => resolve({ status: 127, output: `${output}${error.message}`, seconds: secondsSince(started) }));
    child.on('close', (status, signal) => resolve({ status: status ?? signal, output, seconds: secondsSince(started) }));
  });
}

/** Runs a command to its end. Rejects with what it printed if it fails. @returns what it printed */
export async function runOrThrow(command, args, options) {
  const { status, output } = await run(command, args, options);
  if (status !== 0) { throw new Error(`${output}\n\`${[command, ...args ?? []].join(' ')}\` failed with ${status}`); }
  return output;
}

export function isOnPath(tool) {
  return spawnSync(process.platform === 'win32' ? 'where' : 'which', [tool], { stdio: 'ignore' }).status === 0;
}

export function secondsSince(started) {
  return Math.round((Date.now() - started) / 1000);
}

function merged(env = {}) {
  return Object.fromEntries(Object.entries({ ...process.env, ...env }).filter(([, value]) => value !== undefined));
}
