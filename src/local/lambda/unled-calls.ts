import { Lead } from './runtimes';
import { FunctionModel } from '../definition/model';

/** How clients say that they could not reach a host, or that somebody else than the gateway answered. */
const FAILURE = /no such host|unknown ?host|not known|not resolve|enotfound|eai_again|forbidden|certificate|refused|timed? ?out|deadline exceeded|unreachable/i;

/** Finds functions whose HTTP client cannot be redirected to the gateway. It looks at what they say when a call fails. */
export class UnledCalls {
  private readonly told = new Set<string>();

  constructor(private readonly hosts: () => Lead['hosts'], private readonly warn: (text: string) => void) {}

  /** @param text a line that the function printed, or the error that it ended with */
  public look(fn: FunctionModel, text: string) {
    if (this.told.has(fn.arn) || !FAILURE.test(text)) { return; }
    const host = this.hosts().find((name) => text.includes(name));
    if (host === undefined) { return; }
    this.told.add(fn.arn);
    this.warn(`\`${fn.path}\` could not reach \`${host}\`, for which only this gateway answers: its HTTP client cannot be led here. `
      + 'Use `WEBSOCKET_CALLBACK_URL` of its environment as the endpoint');
  }
}
