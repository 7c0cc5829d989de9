import { Worker } from 'node:worker_threads';
import type { Done, Job, Tasks } from './confined-worker';
import { IntegrationFailure } from '../integrations/failure';

/** Far longer than anything takes that API Gateway would run. */
const TIME_LIMIT_MILLIS = 1000;
const MAX_WORKERS = 4;
/** A worker that needs more ends, and the gateway does not. */
const MEMORY_LIMIT_MB = 256;

interface Pending extends Job {
  readonly done: (done: Done) => void;
}

const CLOSED: Done = { error: 'the gateway is closed' };

/**
 * Runs templates, schemas and patterns in threads of their own, each with a time limit. Clients choose their input, and some input never
 * finishes; meanwhile the gateway goes on serving everybody else.
 *
 * A connection has one job at a time, so none can take all threads.
 */
export class Confined {
  private readonly waiting = new Map<string, Pending[]>();
  private readonly busy = new Set<string>();
  private readonly threads = new Set<Thread>();
  private closed = false;

  constructor(private readonly timeLimitMillis = TIME_LIMIT_MILLIS) {}

  /**
   * @param owner the connection that the work is for
   * @throws Error that the work throws, or that says that it takes too long
   */
  public async run<Name extends keyof Tasks>(
    owner: string,
    name: Name,
    ...args: Parameters<Tasks[Name]>
  ): Promise<ReturnType<Tasks[Name]>> {
    const done = await new Promise<Done>((resolve) => {
      if (this.closed) { return resolve(CLOSED); }
      this.waiting.set(owner, [...this.waiting.get(owner) ?? [], { name, args, done: resolve }]);
      return this.next();
    });
    if ('result' in done) { return done.result as ReturnType<Tasks[Name]>; }
    throw done.kind === undefined ? new Error(done.error) : new IntegrationFailure(done.kind, done.error);
  }

  public async close() {
    this.closed = true;
    for (const job of [...this.waiting.values()].flat()) { job.done(CLOSED); }
    this.waiting.clear();
    await Promise.all([...this.threads].map((thread) => thread.end()));
  }

  /** Gives a thread that is free the first job of a connection that has none under way. */
  private next() {
    if (this.closed) { return; }
    const owner = [...this.waiting.keys()].find((one) => !this.busy.has(one));
    if (owner === undefined) { return; }
    const thread = [...this.threads].find(({ free }) => free);
    // One thread more than is busy is always ready or about to be: no job waits for another owner's job to end.
    if (this.threads.size < MAX_WORKERS && [...this.threads].filter(({ free }) => free).length < 2) { this.addThread(); }
    if (!thread) { return; }
    const [job, ...rest] = this.waiting.get(owner)!;
    this.waiting.delete(owner);
    // Whoever waits for more goes to the end of the line.
    if (rest.length > 0) { this.waiting.set(owner, rest); }
    this.busy.add(owner);
    thread.run(job, this.timeLimitMillis, () => {
      this.busy.delete(owner);
      this.next();
    });
    this.next();
  }

  private addThread() {
    const thread = new Thread(() => this.next(), () => {
      this.threads.delete(thread);
      this.next();
    });
    this.threads.add(thread);
  }
}

class Thread {
  private readonly worker: Worker;
  private ready = false;
  private job?: { readonly done: (done: Done) => void };

  constructor(onReady: () => void, onEnd: () => void) {
    this.worker = new Worker(require.resolve('./confined-worker'), { resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT_MB } });
    this.worker.unref();
    this.worker.on('message', (message: Done | string) => {
      if (typeof message !== 'string') { return this.job?.done(message); }
      this.ready = true;
      onReady();
    });
    this.worker.on('error', (error) => this.job?.done({ error: error.message }));
    this.worker.on('exit', () => {
      this.ready = false;
      this.job?.done({ error: 'the thread that it ran in has ended' });
      onEnd();
    });
  }

  public get free(): boolean {
    return this.ready && this.job === undefined;
  }

  public run({ name, args, done }: Pending, timeLimitMillis: number, onDone: () => void) {
    const timer = setTimeout(() => {
      this.ready = false;
      void this.worker.terminate();
      this.job?.done({ error: `it takes longer than ${timeLimitMillis} ms, the longest that the gateway waits` });
    }, timeLimitMillis);
    this.job = {
      done: (result) => {
        clearTimeout(timer);
        this.job = undefined;
        done(result);
        onDone();
      },
    };
    this.worker.postMessage({ name, args } satisfies Job);
  }

  public async end() {
    await this.worker.terminate();
  }
}
