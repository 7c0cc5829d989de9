import childProcess from 'node:child_process';
import dns from 'node:dns';
import fs from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import vm from 'node:vm';
import type { Target } from './engine';

/** Milliseconds for each kilobyte of an input. */
const PER_KILOBYTE = 20;
const PATIENCE = 250;
/** The gateway's own limit in its threads. */
const CONFINED = 1000;
const ENDLESS = 'it never ends';
/** Longer than this, and an input never ends. */
const FOR_EVER = 10;

/** What code says that has not noticed what is wrong. */
const FOREIGN = /Maximum call stack|Cannot (?:read|set|convert|mix|create)|is not (?:a function|iterable|a constructor|an Object)|Invalid (?:string length|regular expression|array length|time value|URL)|\[object |circular structure|URI malformed/;

/** Runs an input, and says what is wrong with what comes of it. */
export async function findingOf(target: Target, input: unknown, leniency = 1): Promise<string | undefined> {
  const kilobytes = JSON.stringify(input).length / 1024;
  const limit = target.confined ? CONFINED : leniency * ((target.patience ?? PATIENCE) + PER_KILOBYTE * kilobytes);
  const before = prototypes();
  const guard = target.reaches ? undefined : new Guard();
  const first = await timed(target, input, target.confined ? limit : FOR_EVER * limit);
  const reached = guard?.end();
  if (prototypes() !== before) { return `a prototype has changed to ${prototypes()}`; }
  if (reached !== undefined) { return `it reaches ${reached}`; }
  if (target.confined && first.fault === ENDLESS) { return undefined; }
  if (first.fault !== undefined) { return first.fault; }
  // The machine may have been busy.
  let fastest = first.millis;
  for (let again = 0; again < 2 && fastest > limit; again++) {
    fastest = Math.min(fastest, (await timed(target, input, FOR_EVER * limit)).millis);
  }
  return fastest > limit ? 'it takes too long' : undefined;
}

async function timed(target: Target, input: unknown, forEver: number): Promise<{ readonly millis: number; readonly fault?: string }> {
  // The code may change what it gets.
  const own = structuredClone(input);
  const started = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(ENDLESS)), forEver); });
  try {
    await Promise.race([ended(() => target.run(own), forEver), end]);
    return { millis: performance.now() - started };
  } catch (error) {
    return { millis: performance.now() - started, fault: faultOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

const place = vm.createContext({});
const call = new vm.Script('run()');

/** Node.js ends by force what is called by a script that takes too long. */
function ended(run: () => unknown, millis: number): unknown {
  place.run = run;
  return call.runInContext(place, { timeout: Math.ceil(millis) });
}

/** An error of ours says what is wrong; one of the language says that nobody has thought of it. */
function faultOf(error: any): string | undefined {
  if (error?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' || error?.message === ENDLESS) { return ENDLESS; }
  const isOurs = Object.prototype.toString.call(error) === '[object Error]' && !/^(?:Type|Range|Syntax|Reference|URI|Eval)Error$/.test(error.name)
    && !/^ERR_/.test(error.code ?? '') && error.message !== '' && !FOREIGN.test(error.message);
  if (isOurs) { return undefined; }
  const at = /\n\s+at .*?((?:src|test\/fuzz)\/.*?:\d+)/.exec(error?.stack ?? '')?.[1];
  return `${error?.name}: ${error?.message}${at === undefined ? '' : ` (${at})`}`;
}

function prototypes(): string {
  return [Object, Array, String, Number, Function, Map, Set, RegExp, Promise].map(({ name, prototype }) => `${name}: ${Reflect.ownKeys(prototype).length}`).join(', ');
}

/** Notices who opens a file or a connection. What is lazily loaded lies in this folder. */
class Guard {
  private reached?: string;
  private readonly undo: Array<() => void> = [];

  constructor() {
    const file = (path: unknown) => [process.cwd(), tmpdir()].every((folder) => !String(path).startsWith(folder));
    const names = ['openSync', 'readFileSync', 'writeFileSync', 'readdirSync', 'open', 'readFile', 'createReadStream'];
    for (const name of names) { this.watch(fs, name, file); }
    for (const name of ['open', 'readFile', 'readdir']) { this.watch(fs.promises, name, file); }
    this.watch(childProcess, 'spawn');
    this.watch(dns, 'lookup');
    this.watch(Socket.prototype, 'connect');
  }

  public end(): string | undefined {
    this.undo.forEach((undo) => undo());
    return this.reached;
  }

  private watch(object: any, name: string, counts: (argument: unknown) => boolean = () => true) {
    const actual = object[name];
    const note = (argument: unknown) => { if (counts(argument)) { this.reached ??= `\`${name}\` of ${JSON.stringify(argument)}`; } };
    object[name] = function (this: unknown, ...args: unknown[]) {
      note(args[0]);
      return actual.apply(this, args);
    };
    this.undo.push(() => { object[name] = actual; });
  }
}
