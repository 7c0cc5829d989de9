// Measures whole processes, and takes the contenders in turn: if the machine slows down, it slows down all of them.
import { spawnSync } from 'node:child_process';

/**
 * Runs a command to its end.
 *
 * @returns how many milliseconds it took, and what it printed
 */
export function run(command, args, { cwd, env } = {}) {
  const started = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, ...ENVIRONMENT, ...env }, maxBuffer: 1e8 });
  const time = performance.now() - started;
  if (status !== 0) { throw new Error(`\`${[command, ...args].join(' ')}\` failed: ${error ?? stderr}`); }
  return { time, stdout };
}

/** Newer CDKs run CloudFormation's own validator. It takes longer than all else, and equally long for all contenders. */
const ENVIRONMENT = { CDK_VALIDATION: 'false', JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20', NODE_COMPILE_CACHE: undefined };

/**
 * Measures contenders in turn.
 *
 * @param contenders by name: `measure` returns milliseconds, or several values by name; set `runs` if a contender takes too long for the
 *   common number of runs
 * @returns by name, the values of each run
 */
export function alternate(contenders, runs) {
  const values = new Map([...contenders.keys()].map((name) => [name, []]));
  for (let index = 0; index < runs; index++) {
    for (const [name, { measure, runs: own = runs }] of contenders) {
      if (index < own) { values.get(name).push(measure()); }
    }
  }
  return values;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** "0.49 s (0.48 to 0.53)", with the number of runs if it differs from the others. */
export function spread(values, runs = values.length) {
  const digits = median(values) < 100 ? 3 : 2;
  const seconds = (value) => (value / 1000).toFixed(digits);
  return `${seconds(median(values))} s (${seconds(Math.min(...values))} to ${seconds(Math.max(...values))}${values.length < runs ? `; ${values.length === 1 ? '1 run' : `${values.length} runs`}` : ''})`;
}

/** How many times longer the other takes. */
export function ratio(other, own) {
  return median(other) / median(own);
}

export function times(value) {
  return `${value.toFixed(value < 10 ? 2 : 1)} ×`;
}

/** The slope of a straight line through the logarithms: 1 if twice the size takes twice the time. */
export function exponent(points) {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)]);
  const mean = (index) => logs.reduce((sum, point) => sum + point[index], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  return logs.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / logs.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}

/** A goal that a ratio must reach. */
export function atLeast(what, value, goal) {
  return { what, value: times(value), goal: `at least ${times(goal)}`, share: value / goal };
}

/** A limit that a value must not exceed. */
export function atMost(what, value, goal, format = (number) => number.toFixed(2)) {
  return { what, value: format(value), goal: `at most ${format(goal)}`, share: goal / value };
}
