// `npm run contract`: replays the rows of the contract in docs/local-gateway.md somewhere else, with the tests that check the gateway, and
// prints where the two differ. Exits with 1 if they do, and with 2 if it could not be told. CONTRIBUTING.md says more.
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { runOrThrow } from './commands.mjs';
import { optionsOf, USAGE } from './contract/options.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

try {
  const options = optionsOf(process.argv.slice(2));
  if (options.help) {
    console.log(USAGE);
  } else {
    if (!existsSync('lib/local/index.js')) { await runOrThrow('npx', ['projen', 'compile']); }
    process.exitCode = await (options.aws ? contractOnAws(options) : contractAtUrl(options));
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}

async function contractAtUrl({ url, credentials, ...options }) {
  const { gatewayAt, startGateway } = await import('./contract/gateway.mjs');
  const place = url === undefined ? await startGateway() : await gatewayAt(url, credentials);
  try {
    return await replayed(place, options);
  } finally {
    await place.close();
  }
}

/** Whatever happens once something is deployed, it is torn down. */
async function contractOnAws({ yes, destroy, without, ...options }) {
  const { AwsApp } = await import('./contract/aws.mjs');
  const app = await AwsApp.synthesize({ without });
  try {
    if (destroy) {
      await app.destroy();
      return 0;
    }
    console.log(app.announcement);
    if (!yes && !await agreed()) { return 2; }
    // Ctrl-C ends what runs, and not the tearing down.
    const onSignal = () => console.error('\nstopping: the app is torn down first');
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) { process.on(signal, onSignal); }
    try {
      return await replayed({ name: 'AWS', description: await app.deploy(), timeout: 180_000 }, options);
    } finally {
      await app.destroy();
    }
  } finally {
    app.forget();
  }
}

async function replayed({ name, description, timeout }, { slow, alone, only }) {
  const { replay } = await import('./contract/replay.mjs');
  const { report } = await import('./contract/report.mjs');
  const { ROWS } = await import('./contract/rows.mjs');
  const [there, here] = await Promise.all([replay({ description, slow, only, timeout }), alone ? undefined : replay({ only })]);
  const { text, different } = report(ROWS, { there, here, name, slow });
  console.log(text);
  return different === 0 ? 0 : 1;
}

async function agreed() {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await lines.question('Deploy? (y/N) ')).trim());
  } finally {
    lines.close();
  }
}
