import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { showTrace } from './until';
import { LocalGateway, LocalGatewayOptions, startLocalGateway } from '../../src/local';
import { write } from '../handlers/source-project';

/** The modules of this repository: the SDK that Lambda's runtimes carry is among them. */
const MODULES = resolve('node_modules');
const home = process.cwd();

export interface ServedApp {
  readonly gateway: LocalGateway;
  readonly folder: string;
  close(): Promise<void>;
}

/** Writes an app's files, synthesizes it in its folder, and serves it. */
export async function serveApp(
  files: { [path: string]: string }, define: (stack: Stack, app: App, folder: string) => void, options: LocalGatewayOptions = {},
): Promise<ServedApp> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'served-')));
  write(files, folder);
  symlinkSync(MODULES, join(folder, 'node_modules'));
  process.chdir(folder);
  try {
    const app = new App({ outdir: join(folder, 'cdk.out') });
    define(new Stack(app, 'Stack', { env: { account: '111111111111', region: 'eu-west-1' } }), app, folder);
    const gateway = await startLocalGateway({ app, ...options });
    showTrace(() => gateway.events());
    return {
      gateway,
      folder,
      async close() {
        await gateway.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } finally {
    process.chdir(home);
  }
}
