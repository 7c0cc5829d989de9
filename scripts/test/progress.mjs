import { secondsSince } from '../commands.mjs';

/** After this long without output, a line says what is running. */
const SILENCE_MILLIS = 30_000;

/** Says which part of the tests runs, and how long the rest will take. */
export class Progress {
  #parts;
  #index = -1;
  #started = Date.now();
  #partStarted = Date.now();
  #status = () => '';
  #timer;

  /** @param parts in the order in which they run, with the `seconds` that each takes on a quiet machine with two cores */
  constructor(parts) {
    this.#parts = parts;
  }

  /** @param status returns the progress of the part, for parts that print nothing for minutes */
  start(part, status = () => '') {
    this.#index = this.#parts.indexOf(part);
    this.#partStarted = Date.now();
    this.#status = status;
    console.log(`\n▸ ${this.#index + 1} of ${this.#parts.length}: ${part.title} (${this.#time()})`);
    this.#watch();
  }

  /** A line that stays. */
  print(text) {
    console.log(text);
    this.#watch();
  }

  stop() {
    clearInterval(this.#timer);
  }

  #watch() {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => console.log(`  … ${[this.#status(), this.#time()].filter(Boolean).join(', ')}`), SILENCE_MILLIS);
    this.#timer.unref();
  }

  /** The finished parts show how fast this machine is; until one has finished, the table does. */
  #time() {
    const elapsed = secondsSince(this.#started);
    const expected = (parts) => parts.reduce((sum, { seconds }) => sum + seconds, 0);
    const done = expected(this.#parts.slice(0, this.#index));
    const pace = done > 30 ? secondsBetween(this.#started, this.#partStarted) / done : 1;
    const left = expected(this.#parts.slice(this.#index)) * pace - secondsSince(this.#partStarted);
    return `${clock(elapsed)} so far, ${left < 60 ? 'less than a minute' : `about ${Math.round(left / 60)} min`} left`;
  }
}

function secondsBetween(from, to) {
  return (to - from) / 1000;
}

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
