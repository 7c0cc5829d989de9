import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';

const NAME = 'dynalite';
const START_MILLIS = 20_000;

/** In a thread, so that tables do not slow the gateway down. A page in a browser sends an `Origin`: tables are none of its business. */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const server = require(workerData)({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
const handlers = server.listeners('request');
server.removeAllListeners('request');
server.on('request', (request, response) => {
  if (request.headers.origin !== undefined) { return response.writeHead(403).end(); }
  handlers.forEach((handle) => handle.call(server, request, response));
});
server.on('error', (error) => { throw error; });
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

/** A DynamoDB for the tables of an app, in memory: dynalite, if somebody has installed it. */
export class TableServer {
  /** The folder of dynalite: in the app, beside this command (where `npx -p` puts it), or on the `PATH`. */
  public static find(appFolder: string): string | undefined {
    const asModules = [join(appFolder, 'package.json'), __filename].map(moduleSeenFrom);
    const onPath = (process.env.PATH ?? '').split(delimiter).filter(Boolean).flatMap((folder) => [
      commandIn(folder), join(folder, '..', NAME), join(folder, 'node_modules', NAME),
    ]);
    return [...asModules, ...onPath].find((folder) => folder !== undefined && existsSync(join(folder, 'package.json')));
  }

  /** @throws Error if it does not start */
  public static async start(folder: string): Promise<TableServer> {
    const thread = new Worker(THREAD, { eval: true, workerData: folder, stdout: true });
    thread.stdout.resume();
    try {
      return new TableServer(thread, await portOf(thread));
    } catch (error) {
      void thread.terminate();
      throw error;
    }
  }

  public readonly url: string;

  private constructor(private readonly thread: Worker, port: number) {
    this.url = `http://127.0.0.1:${port}`;
    // A fault of its own ends it, and not the gateway: calls of functions fail then, and say so.
    thread.on('error', () => undefined);
  }

  public async close() {
    await this.thread.terminate();
  }
}

function portOf(thread: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`it does not listen after ${START_MILLIS / 1000} seconds`)), START_MILLIS);
    thread.once('message', resolve).once('error', reject).once('exit', (code) => reject(new Error(`it ended with ${code}`)));
    thread.once('exit', () => clearTimeout(timer)).once('message', () => clearTimeout(timer));
  });
}

function moduleSeenFrom(file: string): string | undefined {
  try {
    return dirname(createRequire(file).resolve(`${NAME}/package.json`));
  } catch {
    return undefined;
  }
}

/** Where the command on the `PATH` really is. */
function commandIn(folder: string): string | undefined {
  const command = join(folder, NAME);
  try {
    return dirname(realpathSync(command));
  } catch {
    return undefined;
  }
}
