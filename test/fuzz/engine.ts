import fc from 'fast-check';
import { findingOf } from './judge';
import { mutated } from './mutation';

/** Something that reads what others write. */
export interface Target<Input = any> {
  /** Whatever JSON can hold: so an input can be saved, and changed. */
  readonly inputs: fc.Arbitrary<Input>;
  /** Throws, or rejects, where the code does. */
  readonly run: (input: Input) => unknown;
  /** Whether it needs files or sockets of its own. */
  readonly reaches?: true;
  /** How many levels of an input have the types that it says: 1 unless it is said, and -1 for none. */
  readonly fixed?: number;
  /** Whether the gateway runs it in a thread with a time limit: what takes longer is refused. */
  readonly confined?: true;
  /** Milliseconds that an input may take whatever its size. */
  readonly patience?: number;
}

export interface Finding {
  readonly text: string;
  readonly input: unknown;
}

export interface FuzzOptions {
  readonly corpus: readonly unknown[];
  readonly seed: number;
  /** The end comes with the first of them that is reached. */
  readonly seconds?: number;
  readonly runs?: number;
  /** How many times the usual time an input may take, where the machine is busy. */
  readonly leniency?: number;
}

/** Runs what is saved, then what is generated and what is made of the two, and returns a small input for each kind of finding. */
export async function fuzz(target: Target, { corpus, seed, seconds = 3600, runs = Infinity, leniency = 1 }: FuzzOptions) {
  const findings: Finding[] = [];
  const known = new Set<string>();
  const ends = performance.now() + seconds * 1000;
  let done = 0;

  const find = async (input: unknown): Promise<string | undefined> => {
    done++;
    const text = await findingOf(target, input, leniency);
    return text === undefined || known.has(kindOf(text)) ? undefined : text;
  };
  const note = (text: string, input: unknown) => {
    known.add(kindOf(text));
    findings.push({ text, input });
  };

  for (const input of corpus) {
    const text = await find(input);
    if (text !== undefined) { note(text, input); }
  }
  const { fixed = 1 } = target;
  const inputs = corpus.length === 0 ? target.inputs : fc.oneof(target.inputs, mutated(corpus, fixed), mutated(corpus, fixed));
  const all = corpus.length + runs;
  for (let round = seed; done < all && performance.now() < ends; round++) {
    let text: string | undefined;
    let kind: string | undefined;
    const { counterexample, failed, errorInstance } = await fc.check(fc.asyncProperty(inputs, async (input) => {
      const found = await find(input);
      // While it makes an input smaller, it stays with one kind.
      if (found === undefined || (kind !== undefined && kindOf(found) !== kind)) { return true; }
      [text, kind] = [found, kindOf(found)];
      return false;
    }), {
      seed: round,
      numRuns: Math.min(all - done, 2 ** 30),
      markInterruptAsFailure: false,
      interruptAfterTimeLimit: Math.max(1, ends - performance.now()),
    });
    if (text === undefined && failed) { throw errorInstance; }
    if (text === undefined) { break; }
    note(text, counterexample?.[0]);
  }
  return { runs: done, findings };
}

/** Numbers and what is quoted differ from one input to the next. */
function kindOf(text: string): string {
  return text.replace(/`[^`]*`|"[^"]*"|'[^']*'|\d+/g, '…').slice(0, 100);
}
