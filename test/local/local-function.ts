import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { showTrace } from './until';
import { FunctionModel } from '../../src/local/definition/model';
import { FunctionEvent, FunctionLog, FunctionPool, FunctionPoolOptions } from '../../src/local/lambda/function-pool';
import { Reaper } from '../../src/local/lambda/process/reaper';
import { write } from '../handlers/source-project';

export { until } from './until';

const reaper = new Reaper();
const pools: FunctionPool[] = [];
const folders: string[] = [];

export function functionFolder(files: { [path: string]: string } = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'function-')));
  folders.push(folder);
  write(files, folder);
  return folder;
}

export function functionModel(overrides: Partial<FunctionModel> = {}): FunctionModel {
  return {
    arn: 'arn:aws:lambda:eu-west-1:111111111111:function:chat',
    name: 'chat',
    path: 'Stack/Chat',
    region: 'eu-west-1',
    account: '111111111111',
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    architecture: 'x86_64',
    code: '',
    invokers: [{ sourceArn: '*' }],
    layers: [],
    environment: {},
    timeoutSeconds: 30,
    memoryMB: 256,
    ...overrides,
  };
}

export interface LocalFunction {
  readonly pool: FunctionPool;
  readonly folder: string;
  readonly logs: FunctionLog[];
  readonly events: FunctionEvent[];
  /** What it answers to an event, parsed. */
  call(event?: unknown): Promise<any>;
}

/** A function of these files; it ends with the test. */
export function localFunction(
  files: { [path: string]: string },
  overrides: Partial<FunctionModel> = {},
  options: Partial<FunctionPoolOptions> = {},
): LocalFunction {
  const folder = functionFolder(files);
  const logs: FunctionLog[] = [];
  const events: FunctionEvent[] = [];
  const pool = new FunctionPool(functionModel(overrides), {
    codeFolder: folder,
    appFolder: folder,
    credentials: { accessKeyId: 'ASIA1', secretAccessKey: 'secret', sessionToken: 'token' },
    reaper,
    onLog: (line) => logs.push(line),
    onEvent: (event) => events.push(event),
    ...options,
  });
  pools.push(pool);
  showTrace(() => [...logs, ...events]);
  return { pool, folder, logs, events, call: async (event = {}) => JSON.parse((await pool.invoke(JSON.stringify(event))).payload) };
}

/** What is dead and not yet buried is not alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Whether a process stands still. Linux tells. */
export function isStopped(pid: number): boolean {
  return /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
  folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true }));
});
afterAll(() => reaper.close());
