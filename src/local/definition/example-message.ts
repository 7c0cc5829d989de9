import { asNumber, asRecord, isRecord, JsonRecord } from './json-value';
import { ApiModel, RouteModel } from './model';
import { targetOf } from '../../messages/reference';
import { selectingField } from '../../messages/selecting-field';

/** As deep and as much as a person reads. */
const MAX_DEPTH = 5;
const MAX_VALUES = 300;

/**
 * A message that a route takes, as text: it selects the route, and fits its model as far as can be told. Undefined if the message alone
 * does not select the route.
 */
export function exampleMessage({ routeSelectionExpression }: ApiModel, route: RouteModel): string | undefined {
  const schema = schemaOf(route);
  const example = schema === undefined ? undefined : new Example(schema).of(schema);
  if (route.key === '$default') { return example === undefined ? undefined : JSON.stringify(example); }
  const field = selectingField(routeSelectionExpression);
  if (field === undefined) { return undefined; }
  return JSON.stringify(withField(asRecord(example), field, route.key));
}

/** The schema of the messages of a route, if it has one for all of them. */
export function schemaOf({ requestModels, modelSelectionExpression = '$default' }: RouteModel): unknown {
  return requestModels.get(modelSelectionExpression) ?? requestModels.get('$default');
}

function withField(value: JsonRecord, [name, ...below]: readonly string[], key: string): JsonRecord {
  const selecting = { [name]: below.length === 0 ? key : withField(asRecord(value[name]), below, key) };
  // The field that selects the route comes first.
  return { ...selecting, ...value, ...selecting };
}

/** An example of a schema. One that is wide and holds itself would have more values than there are bytes. */
class Example {
  private left = MAX_VALUES;

  constructor(private readonly root: unknown) {}

  public of(given: unknown, depth = MAX_DEPTH): unknown {
    if (--this.left < 0) { return null; }
    const schema = resolved(given, this.root);
    if ('default' in schema) { return schema.default; }
    if (Array.isArray(schema.enum)) { return schema.enum[0]; }
    const [type] = [schema.type].flat();
    const choice = [schema.oneOf, schema.anyOf].find(Array.isArray)?.[0];
    if (choice !== undefined && type !== 'object') { return this.of(choice, depth - 1); }
    switch (type ?? impliedType(schema)) {
      case 'object': return this.object(schema, choice, depth);
      case 'array': return this.array(schema, depth);
      case 'string': return exampleText(schema);
      case 'integer':
      case 'number': return exampleNumber(schema);
      case 'boolean': return true;
      case 'null': return null;
      default: return 'anything';
    }
  }

  private array({ items, minItems, maxItems }: JsonRecord, depth: number): unknown[] {
    if (depth <= 0 || !isRecord(items)) { return []; }
    const length = Math.min(Math.max(asNumber(minItems) ?? 1, 1), asNumber(maxItems) ?? 10, 10);
    return Array.from({ length }, () => this.of(items, depth - 1));
  }

  /** All properties: a person leaves out what is not wanted. Too deep, those alone that have to be there. */
  private object(schema: JsonRecord, choice: unknown, depth: number): JsonRecord {
    // A schema that has to hold itself fits no message.
    if (depth < -MAX_DEPTH) { return {}; }
    const parts = [...Array.isArray(schema.allOf) ? schema.allOf : [], ...choice === undefined ? [] : [choice]];
    const required = Array.isArray(schema.required) ? schema.required : [];
    const properties = Object.entries(asRecord(schema.properties)).filter(([name]) => depth > 0 || required.includes(name));
    return {
      ...Object.assign({}, ...parts.map((part) => (depth > 0 ? asRecord(this.of(part, depth - 1)) : {}))),
      ...Object.fromEntries(properties.map(([name, property]) => [name, this.of(property, depth - 1)])),
    };
  }
}

function impliedType(schema: JsonRecord): string | undefined {
  if (isRecord(schema.properties) || Array.isArray(schema.allOf)) { return 'object'; }
  return isRecord(schema.items) ? 'array' : undefined;
}

function exampleText({ format, minLength, maxLength }: JsonRecord): string {
  const known: Record<string, string> = {
    'date-time': '2026-01-31T12:00:00Z', 'email': 'ann@example.com', 'hostname': 'example.com', 'ipv4': '192.0.2.1', 'ipv6': '2001:db8::1', 'uri': 'https://example.com/',
  };
  const text = Object.hasOwn(known, String(format)) ? known[String(format)] : 'text';
  return text.padEnd(asNumber(minLength) ?? 0, '.').slice(0, asNumber(maxLength));
}

function exampleNumber({ minimum, maximum, exclusiveMinimum, multipleOf, type }: JsonRecord): number {
  const [low, high] = [asNumber(minimum), asNumber(maximum)];
  const step = asNumber(multipleOf) ?? 1;
  if (low === undefined) { return high === undefined ? step : Math.min(step, Math.floor(high / step) * step); }
  const first = Math.ceil(low / step) * step;
  const next = exclusiveMinimum === true && first === low ? first + step : first;
  return high !== undefined && next > high && type !== 'integer' ? (low + high) / 2 : next;
}

/** What a reference leads to. One to another model of the API says nothing here. */
function resolved(schema: unknown, root: unknown): JsonRecord {
  let at = asRecord(schema);
  for (let steps = 0; typeof at.$ref === 'string' && steps < 10; steps++) {
    at = asRecord(at.$ref.startsWith('#') ? targetOf(root, at.$ref) : undefined);
  }
  return at;
}
