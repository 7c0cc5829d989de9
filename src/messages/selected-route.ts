import { isMap } from './draft-04';
import { modelNameOf, targetOf } from './reference';

type Schema = { readonly [keyword: string]: unknown };

/** The field of a message that selects its route, and what it has to be. */
export interface Selection {
  /** Names, from the outside in. */
  readonly field: readonly string[];
  readonly key: string;
}

/**
 * Why no message that selects a route fits a schema, in the words of a warning. Undefined if one may fit, or if it cannot be told.
 *
 * @param leaveOut values that are not known yet
 */
export function misfitOf(schema: unknown, selection: Selection, leaveOut: (value: unknown) => boolean = () => false): string | undefined {
  return new Misfit(schema, selection, leaveOut).of(schema, selection.field);
}

class Misfit {
  /** What was found of each schema, by how many names of the field were left. A schema may hold itself. */
  private readonly found = new Map<number, Map<unknown, string | undefined>>();

  constructor(
    private readonly root: unknown, private readonly selection: Selection, private readonly leaveOut: (value: unknown) => boolean,
  ) {}

  /** @param names what is left of the field below this schema */
  public of(given: unknown, names: readonly string[]): string | undefined {
    const schema = this.resolved(given);
    const found = this.found.get(names.length) ?? new Map<unknown, string | undefined>();
    this.found.set(names.length, found);
    if (schema === undefined || found.has(schema)) { return found.get(schema); }
    found.set(schema, undefined);
    const misfit = this.ofParts(schema, names) ?? (names.length === 0 ? this.ofValue(schema) : this.ofObject(schema, names));
    found.set(schema, misfit);
    return misfit;
  }

  /** One of those that have to fit together, or all of those of which one has to fit. */
  private ofParts({ allOf, anyOf, oneOf }: Schema, names: readonly string[]): string | undefined {
    const all = (schemas: unknown) => (Array.isArray(schemas) ? schemas : []).map((one) => this.of(one, names));
    const isText = (one: string | undefined) => one !== undefined;
    return all(allOf).find(isText) ?? [anyOf, oneOf].map(all).find((each) => each.every(isText))?.[0];
  }

  private ofObject(schema: Schema, [name, ...below]: readonly string[]): string | undefined {
    const { type, properties, patternProperties, additionalProperties } = schema;
    if (!this.mayBe(type, ['object'])) { return `is for ${JSON.stringify(type)}, and ${this.field} selects the route: a message has to be an object`; }
    if (this.leaveOut(properties) || this.leaveOut(patternProperties)) { return undefined; }
    if (isMap(properties) && Object.hasOwn(properties, name)) { return this.of(properties[name], below); }
    const isCovered = isMap(patternProperties) && Object.keys(patternProperties).some((pattern) => new RegExp(pattern).test(name));
    return additionalProperties !== false || isCovered ? undefined
      : `has \`additionalProperties: false\` and no property \`${name}\`, and ${this.field} selects the route: add it to \`properties\``;
  }

  private ofValue({ type, enum: allowed }: Schema): string | undefined {
    const { key } = this.selection;
    const wanted = JSON.stringify(key);
    if (!this.mayBe(type, typesOf(key))) { return `takes ${JSON.stringify(type)} for ${this.field}, which selects the route by the text \`${wanted}\``; }
    if (!Array.isArray(allowed) || allowed.some((one) => this.leaveOut(one) || String(one) === key)) { return undefined; }
    const others = allowed.map((one) => `\`${JSON.stringify(one)}\``).join(', ');
    return `takes only ${others} for ${this.field}, which selects the route by \`${wanted}\`: add that to \`enum\``;
  }

  private get field(): string {
    return `\`${this.selection.field.join('.')}\``;
  }

  private mayBe(type: unknown, names: readonly string[]): boolean {
    return type === undefined || this.leaveOut(type) || [type].flat().some((one: any) => names.includes(one) || this.leaveOut(one));
  }

  /** What a schema says, or what it refers to. Of one that is elsewhere, nothing is known. */
  private resolved(given: unknown): Schema | undefined {
    let at = given;
    while (isMap(at) && !this.leaveOut(at) && at.$ref !== undefined) {
      if (typeof at.$ref !== 'string' || this.leaveOut(at.$ref) || modelNameOf(at.$ref) !== undefined) { return undefined; }
      at = targetOf(this.root, at.$ref);
    }
    return isMap(at) && !this.leaveOut(at) ? at : undefined;
  }
}

/** What a value may be that API Gateway writes as this key. */
function typesOf(key: string): string[] {
  return [
    'string',
    ...Number.isNaN(Number(key)) ? [] : ['number', 'integer'],
    ...['true', 'false'].includes(key) ? ['boolean'] : [],
    ...key.startsWith('[') ? ['array'] : [],
  ];
}
