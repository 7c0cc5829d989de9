import { Evaluator, Missing } from './evaluator';
import { References } from './references';
import { anyText, asList, asNumber, asRecord, asText, asTexts, isRecord } from '../../definition/json-value';
import { StackTemplate } from '../assembly';

/** A function that needs only the values of its arguments. The result is undefined if the arguments make no sense. */
type PlainFunction = (argument: unknown, stack: StackTemplate) => unknown;

/** A function that decides itself which of its arguments are evaluated, or looks things up. */
type TemplateFunction = (argument: unknown, call: FunctionCall) => unknown;

/** Where a function is called, and what it may ask. */
export interface FunctionCall {
  readonly stack: StackTemplate;
  readonly missing: Missing;
  readonly evaluator: Evaluator;
  readonly references: References;
}

export const PLAIN_FUNCTIONS: ReadonlyMap<string, PlainFunction> = new Map(Object.entries<PlainFunction>({
  'Fn::Base64': (argument) => Buffer.from(asText(argument) ?? '').toString('base64'),
  'Fn::FindInMap': (argument, { mappings }) => {
    const [map, ...keys] = asList(argument);
    const options = asRecord(keys[2]);
    const own = (from: unknown, key: unknown) => Object.hasOwn(asRecord(from), anyText(key)) ? asRecord(from)[anyText(key)] : undefined;
    return own(own(own(mappings, map), keys[0]), keys[1]) ?? options.DefaultValue;
  },
  'Fn::GetAZs': (argument, { region }) => ['a', 'b', 'c'].map((zone) => `${asText(argument) || region}${zone}`),
  'Fn::Join': (argument) => {
    const [delimiter, items] = asList(argument);
    return Array.isArray(items) ? asTexts(items).join(asText(delimiter)) : asText(items);
  },
  'Fn::Length': (argument) => Array.isArray(argument) ? argument.length : undefined,
  'Fn::Select': (argument) => {
    const [index, items] = asList(argument);
    return Array.isArray(items) ? items[asNumber(index) ?? -1] : undefined;
  },
  'Fn::Split': (argument) => {
    const [delimiter, text] = asList(argument);
    return asText(text)?.split(asText(delimiter) ?? '');
  },
  'Fn::ToJsonString': (argument) => JSON.stringify(argument),
}));

export const TEMPLATE_FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map(Object.entries<TemplateFunction>({
  'Ref': (argument, { references, stack, missing }) => references.ref(stack, asText(argument) ?? '', missing),
  // `[logicalId, attribute]`, or `logicalId.attribute`.
  'Fn::GetAtt': (argument, { references, evaluator, stack, missing }) => (
    references.getAtt(stack, typeof argument === 'string' ? argument.split('.') : asTexts(evaluator.evaluate(stack, argument, missing)), missing)
  ),
  'Fn::If': (argument, { evaluator, stack, missing }) => {
    const [condition, whenTrue, whenFalse] = asList(argument);
    return evaluator.evaluate(stack, evaluator.condition(stack, asText(condition) ?? '', missing) ? whenTrue : whenFalse, missing);
  },
  'Fn::ImportValue': (argument, { references, evaluator, stack, missing }) => (
    references.importValue(stack, asText(evaluator.evaluate(stack, argument, missing)) ?? '', missing)
  ),
  'Fn::GetStackOutput': (argument, { references, evaluator, stack, missing }) => (
    references.stackOutput(stack, asRecord(evaluator.evaluate(stack, argument, missing)), missing)
  ),
  // `text`, or `[text, variables]`.
  'Fn::Sub': (argument, { references, evaluator, stack, missing }) => {
    const [text, given] = Array.isArray(argument) ? argument : [argument];
    const variables = asRecord(given);
    return (asText(text) ?? '').replace(/\$\{(!?)\s*([^{}]*?)\s*\}/g, (_, literal: string, name: string) => {
      if (literal) { return `\${${name}}`; }
      const value = Object.hasOwn(variables, name) ? evaluator.evaluate(stack, variables[name], missing)
        : name.includes('.') ? references.getAtt(stack, name.split('.'), missing)
          : references.ref(stack, name, missing);
      return Array.isArray(value) ? anyText(value) : asText(value) ?? '';
    });
  },
}));

/** The unique name of a call in an env file, if its value cannot be known. */
export function nameOfCall(stack: StackTemplate, name: string, argument: unknown): string {
  const words = [isRecord(argument) ? Object.values(argument) : argument].flat(3).flatMap((word) => asText(word) ?? []);
  return [stack.name, name, ...words].join('.').replace(/[\s=]+/g, '_');
}
