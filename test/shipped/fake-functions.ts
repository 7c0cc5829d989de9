import { Functions } from '../../src/shipped/invocation/functions';

/** Functions that are called, and what they were called with. */
export class FakeFunctions implements Functions {
  public readonly called: Array<{ readonly name: string; readonly event: any }> = [];
  public readonly handed: Array<{ readonly name: string; readonly event: any }> = [];

  /** @param answers what each function returns, as JSON, or does instead */
  constructor(private readonly answers: { [name: string]: string | (() => Promise<string>) } = {}) {
  }

  public async call(name: string, event: unknown): Promise<string> {
    this.called.push({ name, event });
    const answer = this.answers[name] ?? '';
    return typeof answer === 'string' ? answer : answer();
  }

  public async hand(name: string, event: unknown): Promise<void> {
    this.handed.push({ name, event });
    const answer = this.answers[name];
    if (typeof answer === 'function') { await answer(); }
  }
}
