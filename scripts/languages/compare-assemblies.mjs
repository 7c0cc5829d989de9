import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The templates of the scenario. */
const TEMPLATES = ['Scenario.template.json', 'Other.template.json'];

/** Throws if the scenario's templates differ (hashes of assets included); the error has the file, the JSON path and both values. */
export function compareAssemblies(expected, actual) {
  const found = TEMPLATES.flatMap((file) => differences(template(expected, file), template(actual, file), `${file}: $`));
  if (found.length > 0) { throw new Error(found.join('\n')); }
}

function template(assembly, file) {
  return JSON.parse(readFileSync(join(assembly, file), 'utf8'));
}

/** Compares without regard to the order of keys. */
function differences(expected, actual, path) {
  if (isObject(expected) && isObject(actual) && Array.isArray(expected) === Array.isArray(actual)) {
    return [...new Set([...Object.keys(expected), ...Object.keys(actual)])]
      .flatMap((key) => differences(expected[key], actual[key], Array.isArray(expected) ? `${path}[${key}]` : `${path}.${key}`));
  }
  return Object.is(expected, actual) ? [] : [`${path} is ${shown(actual)}, where ${shown(expected)} is expected`];
}

function isObject(value) {
  return typeof value === 'object' && value !== null;
}

function shown(value) {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
