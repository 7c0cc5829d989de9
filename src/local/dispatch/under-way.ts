import { Trace } from '../events/trace';

/** The work that the gateway has begun and not finished. */
export class UnderWay {
  private readonly work = new Set<Promise<unknown>>();

  constructor(private readonly trace: Pick<Trace, 'add'>) {}

  public get isEmpty(): boolean {
    return this.work.size === 0;
  }

  /** The promise returned never rejects. Work should not fail; if it does, the trace shows it, and everything else goes on. */
  public track(work: Promise<unknown>): Promise<unknown> {
    const end = () => this.work.delete(tracked);
    const tracked: Promise<unknown> = work.then(end, (error: Error) => {
      end();
      this.trace.add({ type: 'warning', text: `a fault of the gateway itself: ${error.stack}` });
    });
    this.work.add(tracked);
    return tracked;
  }

  /** Resolves when the work that is under way now is done. */
  public async done() {
    await Promise.all(this.work);
  }
}
