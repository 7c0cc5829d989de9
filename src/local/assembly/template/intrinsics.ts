import { Evaluator, Missing } from './evaluator';
import { nameOfCall, PLAIN_FUNCTIONS, TEMPLATE_FUNCTIONS } from './functions';
import { References } from './references';
import { asList, asRecord, asText, isRecord, JsonRecord } from '../../definition/json-value';
import { StackTemplate } from '../assembly';
import { GivenValues } from '../given-values';

/** A value with all intrinsic functions and references in it resolved. */
export interface Resolved {
  readonly value: unknown;
  readonly missing: readonly MissingValue[];
}

export interface MissingValue {
  readonly name: string;
  /** Where in the value it is used: `Environment.Variables.KEY`. */
  readonly at: string;
}

/** The placeholder for a value that is not known. */
export function placeholderOf(name: string): string {
  return `unresolved:${name}`;
}

/**
 * Resolves the values of templates, across all the stacks of an app. If a value cannot be known, the environment may give it by its name;
 * otherwise a placeholder stands for it. The same goes for a value that refers to itself in a circle.
 */
export class Intrinsics implements Evaluator {
  private readonly values = new Map<string, { readonly value: unknown; readonly missing: Missing }>();
  private readonly underWay = new Set<string>();
  private readonly references: References;

  constructor(public readonly stacks: readonly StackTemplate[], public readonly given = new GivenValues()) {
    this.references = new References(this);
  }

  public resolve(stack: StackTemplate, value: unknown): Resolved {
    const missing: MissingValue[] = [];
    const walk = (part: unknown, at: string): unknown => {
      if (Array.isArray(part)) {
        return part.map((item, index) => walk(item, `${at}[${index}]`)).filter((item) => item !== undefined);
      }
      if (isRecord(part) && intrinsicOf(part) === undefined) {
        return withoutNoValue(Object.entries(part).map(([key, item]) => [key, walk(item, at === '' ? key : `${at}.${key}`)]));
      }
      const names: Missing = new Set();
      const result = this.dereference(stack, this.evaluate(stack, part, names), names);
      names.forEach((name) => missing.push({ name, at }));
      return result;
    };
    return { value: walk(value, ''), missing };
  }

  public exists(stack: StackTemplate, logicalId: string, missing: Missing = new Set()): boolean {
    const condition = asText(stack.resources.get(logicalId)?.Condition);
    return stack.resources.has(logicalId)
      && (condition === undefined || this.condition(stack, condition, missing))
      && (!stack.parent || this.exists(stack.parent.stack, stack.parent.logicalId, missing));
  }

  public evaluate(stack: StackTemplate, value: unknown, missing: Missing): unknown {
    if (Array.isArray(value)) {
      return value.map((item) => this.evaluate(stack, item, missing)).filter((item) => item !== undefined);
    }
    if (!isRecord(value)) { return value; }
    const name = intrinsicOf(value);
    return name === undefined
      ? withoutNoValue(Object.entries(value).map(([key, item]) => [key, this.evaluate(stack, item, missing)]))
      : this.call(stack, name, value[name], missing);
  }

  public condition(stack: StackTemplate, name: string, missing: Missing): boolean {
    return this.once(`condition ${stack.id} ${name}`, `${stack.name}.${name}`, missing, (within) => (
      Object.hasOwn(stack.conditions, name) ? this.holds(stack, stack.conditions[name], within) : undefined
    )) === true;
  }

  public once(key: string, name: string, missing: Missing, make: (missing: Missing) => unknown): unknown {
    if (this.underWay.has(key)) { return this.unknown(name, missing); }
    let known = this.values.get(key);
    if (!known) {
      this.underWay.add(key);
      const within: Missing = new Set();
      const value = make(within) ?? this.unknown(name, within);
      this.underWay.delete(key);
      known = { value, missing: within };
      this.values.set(key, known);
    }
    known.missing.forEach((one) => missing.add(one));
    return known.value;
  }

  private call(stack: StackTemplate, name: string, argument: unknown, missing: Missing): unknown {
    const templateFunction = TEMPLATE_FUNCTIONS.get(name);
    if (templateFunction) { return templateFunction(argument, { stack, missing, evaluator: this, references: this.references }); }
    const missingHere: Missing = new Set();
    const evaluated = this.evaluate(stack, argument, missingHere);
    missingHere.forEach((one) => missing.add(one));
    const result = PLAIN_FUNCTIONS.get(name)?.(evaluated, stack);
    if (result !== undefined) { return result; }
    const [first] = missingHere;
    return first === undefined ? this.unknown(nameOfCall(stack, name, evaluated), missing) : placeholderOf(first);
  }

  private holds(stack: StackTemplate, condition: unknown, missing: Missing): boolean {
    const [[name, argument] = ['', undefined]] = Object.entries(asRecord(condition));
    const parts = asList(argument);
    switch (name) {
      case 'Condition': return this.condition(stack, asText(argument) ?? '', missing);
      case 'Fn::And': return parts.every((part) => this.holds(stack, part, missing));
      case 'Fn::Or': return parts.some((part) => this.holds(stack, part, missing));
      case 'Fn::Not': return !this.holds(stack, parts[0], missing);
      case 'Fn::Equals': {
        const [left, right] = parts.map((part) => this.evaluate(stack, part, missing));
        return sameText(left, right);
      }
      default: return asText(this.evaluate(stack, condition, missing)) === 'true';
    }
  }

  /** Fills in `{{resolve:…}}` in texts, wherever they came from. */
  private dereference(stack: StackTemplate, value: unknown, missing: Missing): unknown {
    if (Array.isArray(value)) { return value.map((item) => this.dereference(stack, item, missing)); }
    if (isRecord(value)) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.dereference(stack, item, missing)]));
    }
    if (typeof value !== 'string') { return value; }
    return value.replace(/\{\{(resolve:[^{}]+)\}\}/g, (_, reference: string) => asText(this.references.dynamic(stack, reference, missing)) ?? '');
  }

  private unknown(name: string, missing: Missing): string {
    const given = this.given.get(name);
    if (given === undefined) { missing.add(name); }
    return given ?? placeholderOf(name);
  }
}

function intrinsicOf(value: JsonRecord): string | undefined {
  const [name, ...others] = Object.keys(value);
  return others.length === 0 && name !== undefined && (name === 'Ref' || name.startsWith('Fn::')) ? name : undefined;
}

function withoutNoValue(entries: ReadonlyArray<readonly [string, unknown]>): JsonRecord {
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
}

function sameText(left: unknown, right: unknown): boolean {
  return (asText(left) ?? JSON.stringify(left)) === (asText(right) ?? JSON.stringify(right));
}
