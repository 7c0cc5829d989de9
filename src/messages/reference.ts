import { isMap, pointer, schemasIn } from './draft-04';

/** How a model of an API refers to another one of it, by its name. */
const MODEL = /^https:\/\/apigateway\.amazonaws\.com\/restapis\/[^/]+\/models\/([^/#]+)/;

/** The name of the model of the API that a reference leads to; undefined if it leads elsewhere. */
export function modelNameOf($ref: string): string | undefined {
  return MODEL.exec($ref)?.[1];
}

/**
 * What is wrong with the references of a schema, in the words of an error: the first thing. One leads to a place in the schema itself, or
 * to another model of the API.
 */
export function referenceFaultOf(schema: unknown, leaveOut: (value: unknown) => boolean = () => false): string | undefined {
  for (const { value, path } of schemasIn(schema, leaveOut)) {
    const place = `\`${pointer([...path, '$ref'])}\``;
    const met = new Set<unknown>();
    for (let at: unknown = value; isMap(at) && typeof at.$ref === 'string' && !leaveOut(at.$ref) && modelNameOf(at.$ref) === undefined;) {
      if (met.has(at)) { return `${place} leads back to itself: refer to a schema that says something`; }
      met.add(at);
      const { $ref } = at;
      if (!/^#($|\/)/.test($ref)) {
        return `${place} is \`${JSON.stringify($ref)}\`, but API Gateway follows references only inside a model, such as \`"#/definitions/name"\`, ` +
          'and to models of the API: put what it refers to into `definitions`';
      }
      at = targetOf(schema, $ref);
      if (at === undefined) { return `${place} is \`${JSON.stringify($ref)}\`, and there is nothing at that place: see the names in \`definitions\``; }
    }
  }
  return undefined;
}

/** What a reference inside a schema leads to; undefined if there is nothing. */
export function targetOf(schema: unknown, $ref: string): unknown {
  let at: unknown = schema;
  for (const name of stepsOf($ref)) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) { return undefined; }
    at = (at as { [name: string]: unknown })[name];
  }
  return at;
}

/** The names of what a reference inside a schema goes through. */
export function stepsOf($ref: string): string[] {
  return $ref.split('/').slice(1).map((part) => decoded(part).replace(/~1/g, '/').replace(/~0/g, '~'));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
