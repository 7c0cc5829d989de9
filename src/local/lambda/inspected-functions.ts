import { createServer } from 'node:net';
import { inspectionOf } from './runtimes';
import { FunctionModel } from '../definition/model';
import { Trace } from '../events/trace';

const POLL_MILLIS = 50;

/** The functions that debuggers attach to, and where. */
export class InspectedFunctions {
  private readonly ports = new Map<string, number>();
  private readonly refused = new Set<string>();

  /** @param name of one function, by its path, name or ARN; empty for all */
  constructor(private readonly name: string, private readonly appFolder: string, private readonly trace: Pick<Trace, 'add'>) {}

  public has({ path, name, arn }: FunctionModel): boolean {
    return this.name === '' || [path, path.replace(/\/Function$/, ''), name, arn].includes(this.name);
  }

  /**
   * The port of a function, the same for as long as the gateway runs.
   *
   * @returns undefined if no debugger is to attach, or none can
   */
  public async portOf(fn: FunctionModel, codeFolder: string, version: string): Promise<number | undefined> {
    if (!this.has(fn)) { return undefined; }
    const key = `${fn.arn} ${version}`;
    const known = this.ports.get(key);
    if (known !== undefined) { return known; }
    const inspection = inspectionOf(fn);
    const fault = inspection ? inspection.missing?.(fn, this.appFolder) : `its runtime \`${fn.runtime}\` takes none here`;
    if (!inspection || fault !== undefined) {
      if (!this.refused.has(fn.arn)) { this.trace.add({ type: 'warning', text: `no debugger can attach to \`${fn.path}\`: ${fault}` }); }
      this.refused.add(fn.arn);
      return undefined;
    }
    let port = inspection.firstPort;
    while ([...this.ports.values()].includes(port) || !await isFree(port)) { port++; }
    this.ports.set(key, port);
    this.trace.add({ type: 'function', function: fn.path, what: 'inspect', reason: `${inspection.by} attaches at 127.0.0.1:${port}; its code is in ${codeFolder}` });
    return port;
  }
}

/** Resolves when nobody listens at a port, such as the environment before this one. */
export async function untilFree(port: number, isWanted: () => boolean) {
  while (isWanted() && !await isFree(port)) { await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS)); }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  });
}
