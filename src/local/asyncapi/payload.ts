import { Schema } from './schemas';
import { asList, isRecord } from '../definition/json-value';

/**
 * A schema that also says what the field which selects the route has to be. Clients are made from it, and they have to send that field.
 *
 * @param field the names of the field, from the outside in
 */
export function selecting(schema: Schema | undefined, field: readonly string[], key: string): Schema {
  const [name, ...below] = field;
  if (schema !== undefined && (schema.$ref !== undefined || (schema.properties !== undefined && !isRecord(schema.properties)))) {
    return { allOf: [schema, selecting(undefined, field, key)] };
  }
  const { properties = {}, required = [], ...rest } = schema ?? {};
  const own = (properties as { [name: string]: Schema })[name];
  const selected = below.length > 0 ? selecting(own, below, key) : fixed(own, key);
  return {
    ...rest,
    type: 'object',
    required: [...new Set([name, ...asList(required)])],
    properties: { [name]: selected, ...properties as Schema, ...{ [name]: selected } },
  };
}

function fixed(schema: Schema | undefined, key: string): Schema {
  const { enum: allowed, ...rest } = schema ?? {};
  if (rest.$ref !== undefined) { return { allOf: [rest, { const: key }] }; }
  // What another value is asked for is left as it is: no message fits, and the reader is to see it.
  return allowed === undefined || asList(allowed).includes(key) ? { ...rest, type: 'string', const: key } : schema!;
}
