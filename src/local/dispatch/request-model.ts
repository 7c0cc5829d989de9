import type { Schema, ValidationError, Validator } from 'jsonschema';
import { isDeeper } from '../../messages/nesting';

/** How a model of an API refers to another one. */
const MODEL_URL = /^https:\/\/apigateway\.amazonaws\.com\/restapis\/[^/]+\/models\/([^/#]+)/;

const MAX_ERRORS = 5;
const MAX_LEVELS = 500;

type Validation = (value: unknown) => string | undefined;

const validations = new WeakMap<object, Validation>();

/**
 * Says why a message does not fit its model; undefined if it fits. Models may refer to others by name. A model that cannot be used fits no
 * message, and the text says what is wrong with the model.
 */
export function validateBody(
  schema: unknown,
  body: string | undefined,
  models: ReadonlyMap<string, unknown> = new Map(),
): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body ?? '');
  } catch {
    return 'the message is not JSON';
  }
  if (typeof schema !== 'object' || schema === null) { return undefined; }
  // The validator calls itself for each level.
  if (isDeeper(value, MAX_LEVELS)) { return `the message is nested more than ${MAX_LEVELS} levels deep`; }
  let validation = validations.get(schema);
  if (!validation) {
    validation = compile(schema, models);
    validations.set(schema, validation);
  }
  return validation(value);
}

function compile(schema: Schema, models: ReadonlyMap<string, unknown>): Validation {
  // Few APIs have models.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { Validator: JsonValidator } = require('jsonschema') as typeof import('jsonschema');
  const validator = new JsonValidator();
  try {
    addReferredModels(validator, schema, models);
  } catch (error) {
    return () => unusable(error);
  }
  return (value) => {
    try {
      const { errors } = validator.validate(value, schema);
      return errors.length === 0 ? undefined : describeAll(errors);
    } catch (error) {
      return unusable(error);
    }
  };
}

function unusable(error: unknown): string {
  return `the model cannot be used: ${faultOf(error)}`;
}

/** What the validator throws of its own accord, it says itself. */
function faultOf(error: unknown): string {
  if (error instanceof RangeError) { return 'it refers to itself without end'; }
  return error instanceof TypeError ? 'it is no JSON Schema (draft 4): something in it is of a type that does not belong there' : (error as Error).message;
}

/** The first of them: a message of 128 KB can be wrong in thousands of places. */
function describeAll(errors: readonly ValidationError[]): string {
  const more = errors.length - MAX_ERRORS;
  return [...errors.slice(0, MAX_ERRORS).map(describe), ...more > 0 ? [`and ${more} more`] : []].join('; ');
}

function describe({ path, message }: ValidationError): string {
  return `${path.length === 0 ? 'the message' : `\`${shorten(path.join('.'))}\``} ${shorten(message)}`;
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function addReferredModels(validator: Validator, schema: unknown, models: ReadonlyMap<string, unknown>) {
  if (typeof schema !== 'object' || schema === null) { return; }
  for (const [key, value] of Object.entries(schema)) {
    const [url, name] = key === '$ref' && typeof value === 'string' ? MODEL_URL.exec(value) ?? [] : [];
    if (url === undefined) {
      addReferredModels(validator, value, models);
    } else if (validator.schemas[url] === undefined) {
      const model = models.get(name);
      if (model === undefined) {
        throw new Error(`it refers to \`${name}\`, and the API has no model of that name`);
      }
      validator.addSchema(model as Schema, url);
      addReferredModels(validator, model, models);
    }
  }
}
