import { parseArgs } from 'node:util';

export const USAGE = `npm run contract -- [options]

  --aws                 deploy the app of the contract to your account, replay the rows there, and tear it down
  --yes                 with --aws: do not ask before
  --without <api>       with --aws: leave out an API that AWS refuses to deploy, and the rows that speak to it; may be repeated
  --destroy             with --aws: only tear down what an earlier run has left behind
  --url <url>           replay the rows at a gateway that serves the app of the contract already: ws://localhost:3001
  --credentials <file>  with --url: the output of that gateway, with \`--json\`: its credentials and the logs of its functions
  --slow                replay the rows that need the clock, too: in real time, almost three hours
  --alone               do not check the rows on the gateway in this process, to compare
  --only <text>         only rows whose statements have this text

Without --aws and --url, a gateway is started.`;

/** What the command line says. Throws what is wrong with it. */
export function optionsOf(args) {
  const flag = { type: 'boolean', default: false };
  const text = { type: 'string' };
  const { values } = parseArgs({
    args,
    options: {
      aws: flag,
      yes: flag,
      without: { ...text, multiple: true, default: [] },
      destroy: flag,
      url: text,
      credentials: text,
      slow: flag,
      alone: flag,
      only: text,
      help: flag,
    },
  });
  const { aws, yes, destroy, without, url, credentials } = values;
  if (aws && url !== undefined) { throw new Error('`--aws` deploys the app, and `--url` says where it is already: give one of them'); }
  if (!aws && (yes || destroy || without.length > 0)) { throw new Error('`--yes`, `--destroy` and `--without` go with `--aws`'); }
  if ((url === undefined) !== (credentials === undefined)) { throw new Error('`--url` and `--credentials` go together: a gateway\'s URL, and the file with what it prints with `--json`'); }
  if (url !== undefined && !/^wss?:\/\/[^/]+\/?$/.test(url)) { throw new Error(`\`--url\` is not \`ws://<host>:<port>\`: ${JSON.stringify(url)}`); }
  return values;
}
