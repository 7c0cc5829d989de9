import { isPlain, Kind } from './kind';
import { nearMiss } from './near-miss';
import { nameOfValue } from './value';

/** The options of an interface, each with what it takes. The compiler sees to it that none is forgotten. */
export type OptionsOf<T> = { readonly [name in keyof Required<T>]: Kind };

type Options = { readonly [name: string]: Kind };

/** By the name of an option that is none here: what to do instead. */
export type Elsewhere = { readonly [name: string]: string };

/**
 * Checks options at the line that gave them: each is of its kind, and none has a name that is nearly one of ours, or a value that
 * only one of ours takes. Other names pass, as everywhere in CDK.
 *
 * @param owner whose options they are, as an error calls it: "`Route.toHandler()`", or a construct's path in backticks
 * @param elsewhere what to do about names that mean something in another place, where somebody may take them from
 */
export function checkOptions(owner: string, options: Options, given: object | undefined, elsewhere: Elsewhere = {}): void {
  if (given === undefined) { return; }
  if (!isPlain(given)) {
    throw new Error(`the options of ${owner} are ${nameOfValue(given)}, but take an object with the names and values of options`);
  }
  for (const name in given) {
    const value = given[name];
    if (Object.hasOwn(options, name)) {
      if (isGiven(value)) { options[name].check(value, `\`${name}\` of ${owner}`); }
    } else if (Object.hasOwn(elsewhere, name) && isGiven(value)) {
      throw new Error(`${owner} has no option \`${name}\`: ${elsewhere[name]}`);
    } else {
      checkUnknown(owner, name, value, options, given);
    }
  }
}

/**
 * The same for options that cannot be left out altogether.
 *
 * @param needs what has to be among them: "`issuer` and `audience`"
 */
export function checkRequiredOptions(owner: string, options: Options, given: object, needs: string, elsewhere: Elsewhere = {}): void {
  if (!isGiven(given)) { throw new Error(`the options of ${owner} are missing: give ${needs}`); }
  checkOptions(owner, options, given, elsewhere);
}

/** Splits what was given into the options of a table and the rest, which belongs to somebody else. */
export function splitOptions<T extends object, Name extends keyof T>(
  given: T, options: { readonly [name in Name]: Kind },
): [Pick<T, Name>, Omit<T, Name>] {
  const entries = Object.entries(given);
  const isOption = ([name]: [string, unknown]) => Object.hasOwn(options, name);
  return [
    Object.fromEntries(entries.filter(isOption)) as Pick<T, Name>,
    Object.fromEntries(entries.filter((entry) => !isOption(entry))) as Omit<T, Name>,
  ];
}

/** Options inside options. */
export function optionsIn(table: () => Options, elsewhere: Elsewhere = {}): Kind {
  const check = (value: unknown, what: string) => checkOptions(what, table(), value as object, elsewhere);
  return { takes: 'an object with options', distinctive: false, accepts: isPlain, check };
}

function checkUnknown(owner: string, name: string, value: unknown, options: Options, given: { [name: string]: unknown }): void {
  const names = Object.keys(options);
  const meant = nearMiss(name, names)
    // A value that only this library makes cannot be meant for CDK: it is for the option that takes it, whatever its name.
    ?? names.find((option) => !isGiven(given[option]) && options[option].distinctive && options[option].accepts(value));
  if (meant !== undefined) {
    throw new Error(`${owner} has no option \`${name}\`: did you mean \`${meant}\`?`);
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
