import { Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';

const MAX_TEXT = 60;

/** What an error calls a value that somebody gave: "the string `"json"`", "an `aws-cdk-lib.aws_lambda.Alias`". */
export function nameOfValue(value: unknown): string {
  if (value === undefined || value === null || Number.isNaN(value)) { return `\`${value}\``; }
  if (Token.isUnresolved(value)) { return 'a token'; }
  if (typeof value === 'string') { return `the string \`${JSON.stringify(value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value)}\``; }
  if (typeof value === 'function') {
    const called = /^class\s/.test(Function.prototype.toString.call(value)) ? 'class' : 'function';
    return `the ${called} \`${value.name || 'without a name'}\` itself`;
  }
  if (typeof value !== 'object') { return `the ${typeof value} \`${String(value)}\``; }
  if (Array.isArray(value)) { return value.length === 0 ? 'an empty list' : `a list of ${value.length}`; }
  if (Construct.isConstruct(value)) { return `\`${value.node.path}\` (${className(value)})`; }
  if (value instanceof Promise) { return 'a promise: `await` it first'; }
  const name = className(value);
  if (name !== 'Object') { return `${/^[aeiou]/i.test(name) ? 'an' : 'a'} \`${name}\``; }
  const keys = Object.keys(value);
  return keys.length === 0 ? 'an empty object' : `an object with ${keys.slice(0, 5).map((key) => `\`${key}\``).join(', ')}${keys.length > 5 ? ', …' : ''}`;
}

/** The class of an object as its users know it: compilers rename classes, and jsii says what they were. */
export function className(value: object): string {
  return jsiiName(value) ?? value.constructor?.name ?? 'Object';
}

/** The name by which jsii knows the class of an object. It is the same for every copy and version of a library. */
export function jsiiName(value: unknown): string | undefined {
  return (value as any)?.constructor?.[Symbol.for('jsii.rtti')]?.fqn;
}
