import { inOrder, Names } from './names';
import { faultOf, schemasIn } from '../../messages/draft-04';
import { modelNameOf, referenceFaultOf, stepsOf } from '../../messages/reference';
import { asRecord } from '../definition/json-value';

export type Schema = { [keyword: string]: unknown };

type Models = ReadonlyMap<string, unknown>;

const PLACE = '#/components/schemas/';

/**
 * The schemas of a document, by their names. Those of models are of draft 4, and those of AsyncAPI are of draft 7. A reference in one leads
 * to a place in the document, so what a schema defines becomes a schema of its own.
 */
export class Schemas {
  private readonly named = new Map<string, Schema>();
  private readonly names = new Names();
  /** The names of models that others refer to. */
  private readonly referred = new Map<unknown, string>();

  public get all(): { [name: string]: Schema } {
    return Object.fromEntries(inOrder(this.named, ([name]) => name));
  }

  /**
   * Adds the schema of a model.
   *
   * @param name what to call it
   * @param owner whose it is, as an error says it
   * @param models the models of the API, by their names
   * @param change the last word on it
   * @returns a reference to it
   * @throws Error if it is not of draft 4, or refers to what there is not
   */
  public add(
    name: string, draft4: unknown, owner: string, models: Models, change: (schema: Schema) => Schema = (schema) => schema,
  ): Schema {
    const fault = faultOf(draft4) ?? referenceFaultOf(draft4);
    if (fault !== undefined) { throw new Error(`${owner} has a model that is no JSON schema of draft 4, so it cannot be written as one of draft 7: ${fault}`); }
    const own = this.names.takeIdentifier(name);
    return this.addConverted(own, draft4 as Schema, owner, models, change);
  }

  /**
   * Adds a schema of draft 7.
   *
   * @returns a reference to it
   */
  public addOwn(name: string, schema: Schema): Schema {
    const own = this.names.takeIdentifier(name);
    this.named.set(own, schema);
    return { $ref: `${PLACE}${own}` };
  }

  private addConverted(
    own: string, draft4: Schema, owner: string, models: Models, change: (schema: Schema) => Schema,
  ): Schema {
    const copy = JSON.parse(JSON.stringify(draft4)) as Schema;
    const definitions = Object.entries(asRecord(copy.definitions)) as Array<[string, Schema]>;
    const places = new Map(inOrder(definitions, ([one]) => one).map(([one]) => [one, this.names.takeIdentifier(own, one)]));
    const follow = ($ref: string) => this.placeOf($ref, own, places, owner, models);
    schemasIn(copy).forEach(({ value }) => convert(value as Schema, follow));
    delete copy.definitions;
    this.named.set(own, change(copy));
    definitions.forEach(([one, definition]) => this.named.set(places.get(one)!, definition));
    return { $ref: `${PLACE}${own}` };
  }

  /** Where in the document a reference of a schema leads. */
  private placeOf($ref: string, own: string, places: ReadonlyMap<string, string>, owner: string, models: Models): string {
    const model = modelNameOf($ref);
    if (model !== undefined) { return this.placeOfModel(model, owner, models); }
    const [first, definition] = stepsOf($ref);
    if (first !== 'definitions' || definition === undefined) { return `${PLACE}${own}${$ref.slice(1)}`; }
    return [`${PLACE}${places.get(definition)}`, ...$ref.split('/').slice(3)].join('/');
  }

  private placeOfModel(name: string, owner: string, models: Models): string {
    const schema = models.get(name);
    if (schema === undefined) { throw new Error(`${owner} has a model that refers to \`${name}\`, and the API has no model of that name`); }
    const known = this.referred.get(schema);
    if (known !== undefined) { return `${PLACE}${known}`; }
    const own = this.names.takeIdentifier(name);
    this.referred.set(schema, own);
    const fault = faultOf(schema) ?? referenceFaultOf(schema);
    if (fault !== undefined) { throw new Error(`the model \`${name}\` is no JSON schema of draft 4, so it cannot be written as one of draft 7: ${fault}`); }
    return String(this.addConverted(own, schema as Schema, owner, models, (one) => one).$ref);
  }
}

/** Of draft 4, in place, to draft 7. */
function convert(schema: Schema, follow: ($ref: string) => string): void {
  if (typeof schema.$ref === 'string') {
    const { $ref } = schema;
    // Draft 4 reads nothing beside it.
    Object.keys(schema).forEach((name) => delete schema[name]);
    schema.$ref = follow($ref);
    return;
  }
  delete schema.id;
  delete schema.$schema;
  for (const [bound, exclusive] of [['minimum', 'exclusiveMinimum'], ['maximum', 'exclusiveMaximum']]) {
    if (schema[exclusive] === true) {
      schema[exclusive] = schema[bound];
      delete schema[bound];
    } else if (schema[exclusive] === false) {
      delete schema[exclusive];
    }
  }
}
