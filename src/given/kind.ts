import { Token } from 'aws-cdk-lib';
import { nameOfValue, jsiiName } from './value';

/** What an option or an argument takes. TypeScript checks it for those who compile; this checks it for everybody. */
export interface Kind {
  /** What it takes, as an error says it: "an `AccessLog`: make one with …". */
  readonly takes: string;

  /** Whether only this library makes such values, so that they cannot be meant for anybody else. */
  readonly distinctive: boolean;

  /** Whether this is such a value. */
  accepts(value: unknown): boolean;

  /**
   * Throws unless this is such a value.
   *
   * @param what what was given it, as an error calls it: "`accessLog` of `Stack/Api`"
   */
  check(value: unknown, what: string): void;
}

/** What to write instead of a value that is likely to be given by mistake; undefined if there is no telling. */
export type Suggestion = (value: unknown) => string | undefined;

/** Throws if a required argument is of another kind. */
export function checkArgument(what: string, kind: Kind, value: unknown, suggestion: Suggestion = () => undefined): void {
  const meant = kind.accepts(value) ? undefined : suggestion(value);
  if (meant !== undefined) { throw wrongKind(what, kind, value, meant); }
  kind.check(value, what);
}

/**
 * Throws if one of any number of arguments is of another kind.
 *
 * @param call how such a list is given: "`attachPermissions(...permissions)`", without the backticks
 */
export function checkRest(what: string, kind: Kind, values: unknown[], call: string): void {
  values.forEach((value, index) => checkArgument(`element ${index} of ${what}`, kind, value, (one) => Array.isArray(one) ? call : undefined));
}

function wrongKind(what: string, { takes }: Kind, value: unknown, meant: string | undefined): Error {
  return new Error(`${what} is ${nameOfValue(value)}, but takes ${takes}${meant === undefined ? '' : `: write \`${meant}\``}`);
}

abstract class SimpleKind implements Kind {
  public abstract readonly takes: string;
  public readonly distinctive: boolean = false;
  public abstract accepts(value: unknown): boolean;

  public check(value: unknown, what: string): void {
    if (!this.accepts(value)) {
      throw wrongKind(what, this, value, this.meant(value));
    }
  }

  protected meant(_value: unknown): string | undefined {
    return undefined;
  }
}

/** A class of this library with a private constructor and static factories. */
interface FactoryClass {
  readonly name: string;
  readonly prototype: object;
}

/** More than these, and an error names the first. */
const MAX_FACTORIES = 6;

class Made extends SimpleKind {
  public readonly distinctive = true;
  private readonly jsiiName: string;

  constructor(private readonly type: FactoryClass, private readonly suggestion: Suggestion) {
    super();
    this.jsiiName = `cdk-websocket-api.${type.name}`;
  }

  public get takes(): string {
    const factories = Object.getOwnPropertyNames(this.type)
      .filter((name) => !name.startsWith('_') && typeof (this.type as any)[name] === 'function')
      .map((name) => `\`${this.type.name}.${name}()\``);
    const named = factories.length > MAX_FACTORIES ? [...factories.slice(0, 3), `another factory of \`${this.type.name}\``] : factories;
    return `a value that ${named.length > 1 ? `${named.slice(0, -1).join(', ')} or ` : ''}${named.at(-1)} makes`;
  }

  /** Not `instanceof` alone: an app may hold two copies of this library. */
  public accepts(value: unknown): boolean {
    return value instanceof (this.type as any) || jsiiName(value) === this.jsiiName;
  }

  protected meant(value: unknown): string | undefined {
    const name = typeof value === 'function' && Object.getOwnPropertyNames(this.type).find((one) => (this.type as any)[one] === value);
    return name ? `${this.type.name}.${name}()` : this.suggestion(value);
  }
}

/** A value that the static factories of one of our classes make. */
export function made(type: FactoryClass, suggestion: Suggestion = () => undefined): Kind {
  return new Made(type, suggestion);
}

class Like extends SimpleKind {
  constructor(public readonly takes: string, private readonly members: string[]) {
    super();
  }

  public accepts(value: unknown): boolean {
    return typeof value === 'object' && value !== null && this.members.every((member) => member in value);
  }
}

/**
 * An object of CDK, or of the user's own, that has certain members. Values from other languages have them too, whatever their class.
 *
 * @param takes what it is, and how to come by one
 */
export function like(takes: string, ...members: string[]): Kind {
  return new Like(takes, members);
}

class Primitive extends SimpleKind {
  constructor(public readonly takes: string, private readonly type: 'string' | 'boolean' | 'number') {
    super();
  }

  public accepts(value: unknown): boolean {
    // Not a number: what `Number(process.env.MEMORY)` makes of a variable that is not set. A template would have null.
    return (typeof value === this.type && !Number.isNaN(value)) || (typeof value === 'object' && Token.isUnresolved(value));
  }
}

export const TEXT: Kind = new Primitive('a string', 'string');
export const FLAG: Kind = new Primitive('`true` or `false`', 'boolean');
export const NUMBER: Kind = new Primitive('a number', 'number');

class OneOf extends SimpleKind {
  constructor(public readonly takes: string, private readonly values: unknown[]) {
    super();
  }

  public accepts(value: unknown): boolean {
    return this.values.includes(value);
  }
}

/** A member of an enum. */
export function oneOf(takes: string, values: unknown[]): Kind {
  return new OneOf(takes, values);
}

/** Anything: CDK looks at it, or nobody does. */
export const ANYTHING: Kind = { takes: 'anything', distinctive: false, accepts: () => true, check: () => {} };

class ListOf implements Kind {
  constructor(private readonly kind: Kind) {
  }

  public get distinctive(): boolean {
    return this.kind.distinctive;
  }

  public get takes(): string {
    return `a list; each element is ${this.kind.takes}`;
  }

  public accepts(value: unknown): boolean {
    return Array.isArray(value) && value.length > 0 && value.every((element) => this.kind.accepts(element));
  }

  public check(value: unknown, what: string): void {
    if (!Array.isArray(value)) {
      throw new Error(`${what} is ${nameOfValue(value)}, but takes a list${this.kind.accepts(value) ? ': write `[` and `]` around it' : ''}`);
    }
    // By index: a list may have holes.
    for (let index = 0; index < value.length; index++) { this.kind.check(value[index], `element ${index} of ${what}`); }
  }
}

/** A list, each element of one kind. */
export function listOf(kind: Kind): Kind {
  return new ListOf(kind);
}

class MapOf implements Kind {
  constructor(private readonly kind: Kind, private readonly nameOf: (key: string, what: string) => string) {
  }

  public get distinctive(): boolean {
    return this.kind.distinctive;
  }

  public get takes(): string {
    return `a map; each value is ${this.kind.takes}`;
  }

  public accepts(value: unknown): boolean {
    return isPlain(value) && Object.values(value).length > 0 && Object.values(value).every((one) => this.kind.accepts(one));
  }

  public check(value: unknown, what: string): void {
    if (!isPlain(value)) {
      throw new Error(`${what} is ${nameOfValue(value)}, but takes an object with keys and values`);
    }
    Object.entries(value).forEach(([key, one]) => this.kind.check(one, this.nameOf(key, what)));
  }
}

/**
 * A map, each value of one kind.
 *
 * @param nameOf what an error calls the value of a key
 */
export function mapOf(kind: Kind, nameOf: (key: string, what: string) => string = (key, what) => `\`${JSON.stringify(key)}\` in ${what}`): Kind {
  return new MapOf(kind, nameOf);
}

/** An object that holds named values, as opposed to a list, a construct, or something that a factory makes. */
export function isPlain(value: unknown): value is { [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map) && jsiiName(value) === undefined;
}
