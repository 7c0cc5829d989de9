import { StackTemplate } from '../assembly';
import { GivenValues } from '../given-values';

/** Names of values that are not known, collected while a value is made. */
export type Missing = Set<string>;

/** What evaluates a template, for the functions and references in it. `undefined` is `AWS::NoValue`. */
export interface Evaluator {
  readonly stacks: readonly StackTemplate[];
  /** What the user gives in place of values that are not known. */
  readonly given: GivenValues;
  evaluate(stack: StackTemplate, value: unknown, missing: Missing): unknown;
  /** Whether a resource is made at all: its condition, and those of the stacks around it, hold. */
  exists(stack: StackTemplate, logicalId: string, missing?: Missing): boolean;
  condition(stack: StackTemplate, name: string, missing: Missing): boolean;
  /** Makes a value once. One that needs itself, or that cannot be made, is not known, and has this name in the env file. */
  once(key: string, name: string, missing: Missing, make: (missing: Missing) => unknown): unknown;
}
