import { Options, usageOf, Values } from './options';

/** A subcommand: what it is called, what it takes, and what it does. */
export interface Command<T extends Options> {
  readonly name: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** What it takes beside options, one word each. */
  readonly words?: readonly string[];
  readonly options: T;
  /** What else to know, printed below the options. */
  readonly notes: string;
  run(values: Values<T>, words: readonly string[]): Promise<void>;
}

/** What `--help` prints. */
export function usage({ name, summary, words = [], options, notes }: Omit<Command<Options>, 'run'>): string {
  return `cdk-websocket-api ${name}: ${summary}\n\nUsage: ${['cdk-websocket-api', name, ...words].join(' ')} [options]\n\n${usageOf(options)}\n\n${notes}`;
}
