import { createHash } from 'node:crypto';
import { StackTemplate } from './assembly';
import { partitionOf } from './partition';
import { resourceKind } from './resource-kinds';
import { asList, asNumber, asRecord, asText, asTexts, isRecord, JsonRecord } from '../definition/json-value';

/** A value with all intrinsic functions and references in it resolved. */
export interface Resolved {
  readonly value: unknown;
  readonly missing: readonly MissingValue[];
}

export interface MissingValue {
  readonly name: string;
  /** Where in the value it is used: `Environment.Variables.KEY`. */
  readonly at: string;
}

/** The text that stands in the place of a value that is not known. */
export function placeholderOf(name: string): string {
  return `unresolved:${name}`;
}

/** Names of what is missing, filled while a value is made. */
type Missing = Set<string>;

/**
 * Resolves what templates say, across all the stacks of an app. Where a value cannot be known, what the environment has by its name stands there,
 * else a placeholder; a template that refers to itself in a circle is such a case. `undefined` is `AWS::NoValue`.
 */
export class Intrinsics {
  private readonly values = new Map<string, { readonly value: unknown; readonly missing: Missing }>();
  private readonly underWay = new Set<string>();
  private exported?: Map<string, { readonly stack: StackTemplate; readonly value: unknown }>;

  constructor(private readonly stacks: readonly StackTemplate[], private readonly environment: Readonly<Record<string, string>>) {}

  public resolve(stack: StackTemplate, value: unknown): Resolved {
    const missing: MissingValue[] = [];
    const walk = (part: unknown, at: string): unknown => {
      if (Array.isArray(part)) {
        return part.map((item, index) => walk(item, `${at}[${index}]`)).filter((item) => item !== undefined);
      }
      if (isRecord(part) && intrinsicOf(part) === undefined) {
        return withoutNoValue(Object.entries(part).map(([key, item]) => [key, walk(item, at === '' ? key : `${at}.${key}`)]));
      }
      const names: Missing = new Set();
      const result = this.dereference(stack, this.evaluate(stack, part, names), names);
      names.forEach((name) => missing.push({ name, at }));
      return result;
    };
    return { value: walk(value, ''), missing };
  }

  /** Whether a resource is made at all: its condition, and those of the stacks around it, hold. */
  public exists(stack: StackTemplate, logicalId: string, missing: Missing = new Set()): boolean {
    const condition = asText(stack.resources.get(logicalId)?.Condition);
    return stack.resources.has(logicalId)
      && (condition === undefined || this.condition(stack, condition, missing))
      && (!stack.parent || this.exists(stack.parent.stack, stack.parent.logicalId, missing));
  }

  private evaluate(stack: StackTemplate, value: unknown, missing: Missing): unknown {
    if (Array.isArray(value)) {
      return value.map((item) => this.evaluate(stack, item, missing)).filter((item) => item !== undefined);
    }
    if (!isRecord(value)) { return value; }
    const name = intrinsicOf(value);
    return name === undefined
      ? withoutNoValue(Object.entries(value).map(([key, item]) => [key, this.evaluate(stack, item, missing)]))
      : this.call(stack, name, value[name], missing);
  }

  private call(stack: StackTemplate, name: string, argument: unknown, missing: Missing): unknown {
    switch (name) {
      case 'Ref': return this.ref(stack, asText(argument) ?? '', missing);
      case 'Fn::GetAtt': return this.getAtt(stack, argument, missing);
      case 'Fn::Sub': return this.substitute(stack, argument, missing);
      case 'Fn::If': {
        const [condition, whenTrue, whenFalse] = asList(argument);
        return this.evaluate(stack, this.condition(stack, asText(condition) ?? '', missing) ? whenTrue : whenFalse, missing);
      }
      case 'Fn::ImportValue': return this.importValue(stack, asText(this.evaluate(stack, argument, missing)) ?? '', missing);
      case 'Fn::GetStackOutput': return this.stackOutput(stack, asRecord(this.evaluate(stack, argument, missing)), missing);
    }
    const missingHere: Missing = new Set();
    const evaluated = this.evaluate(stack, argument, missingHere);
    missingHere.forEach((one) => missing.add(one));
    const result = name === 'Fn::FindInMap' ? findInMap(stack, evaluated) : FUNCTIONS.get(name)?.(evaluated, stack);
    if (result !== undefined) { return result; }
    const [first] = missingHere;
    return first === undefined ? this.unknown(nameOfCall(stack, name, evaluated), missing) : placeholderOf(first);
  }

  private ref(stack: StackTemplate, name: string, missing: Missing): unknown {
    if (name === 'AWS::NoValue') { return undefined; }
    return PSEUDO_PARAMETERS.get(name)?.(stack) ?? this.named(stack, name, missing, (within) => (
      stack.parameters.has(name) ? this.parameter(stack, name, within) : this.attribute(stack, name, undefined, within)
    ));
  }

  /** `[logicalId, attribute]`, or `logicalId.attribute`. */
  private getAtt(stack: StackTemplate, argument: unknown, missing: Missing): unknown {
    const [logicalId = '', ...rest] = typeof argument === 'string' ? argument.split('.') : asTexts(this.evaluate(stack, argument, missing));
    const attribute = rest.join('.');
    return this.named(stack, `${logicalId}.${attribute}`, missing, (within) => this.attribute(stack, logicalId, attribute, within));
  }

  /** Undefined where it cannot be known. */
  private attribute(stack: StackTemplate, logicalId: string, attribute: string | undefined, missing: Missing): unknown {
    const resource = stack.resources.get(logicalId);
    if (!resource || !this.exists(stack, logicalId, missing)) { return undefined; }
    const type = asText(resource.Type) ?? '';
    if (type === 'AWS::CloudFormation::Stack') { return this.nestedStackAttribute(stack, logicalId, attribute, missing); }
    if (type === 'Custom::CrossRegionExportReader') { return this.crossRegionExport(stack, attribute ?? '', missing); }
    if (isCustom(type)) { return undefined; }
    const kind = resourceKind(type);
    const known = new Map(Object.entries({ ...kind.attributes, '': kind.ref ?? '{name}' }));
    const template = known.get(attribute ?? '');
    return template === undefined ? undefined : this.fill(template, stack, logicalId, missing);
  }

  /** Undefined where a property is needed that is not given. */
  private fill(template: string, stack: StackTemplate, logicalId: string, missing: Missing): string | undefined {
    let complete = true;
    const text = template.replace(/\{(\w+)\}/g, (_, variable: string) => {
      const value = this.variable(variable, stack, logicalId, missing);
      complete &&= value !== undefined;
      return value ?? '';
    });
    return complete ? text : undefined;
  }

  private variable(name: string, stack: StackTemplate, logicalId: string, missing: Missing): string | undefined {
    const { name: partition, urlSuffix } = partitionOf(stack.region);
    const property = (key: string) => asText(this.evaluate(stack, asRecord(stack.resources.get(logicalId)?.Properties)[key], missing));
    const hash = (length: number) => hashOf(length, stack.account, stack.region, stack.name, logicalId);
    switch (name) {
      case 'partition': return partition;
      case 'suffix': return urlSuffix;
      case 'region': return stack.region;
      case 'account': return stack.account;
      case 'name': return this.physicalName(stack, logicalId, missing);
      case 'ref': return asText(this.ref(stack, logicalId, missing));
      case 'path': return property('Path') ?? '/';
      case 'scheme': return property('ProtocolType') === 'WEBSOCKET' ? 'wss' : 'https';
      case 'id': return hash(10);
      case 'ID': return hash(10).toUpperCase();
      case 'shortId': return hash(6);
      case 'longId': return hash(26);
      case 'uuid': return uuidOf(stack.account, stack.region, stack.name, logicalId);
      case 'function': {
        const fn = property('FunctionName');
        return fn === undefined || fn.startsWith('arn:') ? fn : `arn:${partition}:lambda:${stack.region}:${stack.account}:function:${fn}`;
      }
      default: return property(name);
    }
  }

  private physicalName(stack: StackTemplate, logicalId: string, missing: Missing): string {
    const { Type, Properties } = stack.resources.get(logicalId)!;
    const { nameProperty, maxNameLength = Infinity, lowerCaseName } = resourceKind(String(Type));
    const { [nameProperty ?? '']: name, FifoQueue, FifoTopic } = asRecord(Properties);
    const given = asText(this.evaluate(stack, name, missing));
    if (given !== undefined) { return given; }
    const made = `${stack.name}-${logicalId}`;
    const short = made.length <= maxNameLength ? made : `${made.slice(0, maxNameLength - 11)}-${hashOf(10, made)}`;
    const isFifo = [FifoQueue, FifoTopic].some((flag) => flag === true || flag === 'true');
    return `${lowerCaseName ? short.toLowerCase() : short}${isFifo ? '.fifo' : ''}`;
  }

  private parameter(stack: StackTemplate, name: string, missing: Missing): unknown {
    const { Type, Default } = stack.parameters.get(name)!;
    const type = asText(Type) ?? 'String';
    const fromEnvironment = this.environment[`${stack.name}.${name}`];
    const given = fromEnvironment ?? this.passedParameter(stack, name, missing) ?? stack.givenParameters[name] ?? Default;
    const value = type.startsWith('AWS::SSM::Parameter::Value') && fromEnvironment === undefined
      ? this.ssmParameter(stack, asText(given) ?? '', missing)
      : given;
    return /^List<|CommaDelimitedList|Value<List</.test(type) && typeof value === 'string' ? value.split(',').map((item) => item.trim())
      : Array.isArray(value) ? value : asText(value);
  }

  /** What the stack around a nested one gives it. */
  private passedParameter({ parent }: StackTemplate, name: string, missing: Missing): unknown {
    if (!parent) { return undefined; }
    const passed = asRecord(asRecord(parent.stack.resources.get(parent.logicalId)?.Properties).Parameters)[name];
    const value = this.evaluate(parent.stack, passed, missing);
    return Array.isArray(value) ? value.join(',') : value;
  }

  /** Of a parameter that the app itself makes. */
  private ssmParameter(from: StackTemplate, name: string, missing: Missing): unknown {
    for (const stack of this.stacks.filter((one) => isSamePlace(one, from))) {
      for (const [logicalId, { Type }] of stack.resources) {
        if (Type === 'AWS::SSM::Parameter' && this.ref(stack, logicalId, new Set()) === name) {
          return this.getAtt(stack, [logicalId, 'Value'], missing);
        }
      }
    }
    return undefined;
  }

  private nestedStackAttribute(stack: StackTemplate, logicalId: string, attribute: string | undefined, missing: Missing): unknown {
    const nested = stack.nested.get(logicalId);
    if (!nested) { return undefined; }
    if (attribute === undefined) { return stackId(nested); }
    const output = nested.outputs.get(attribute.replace(/^Outputs\./, ''));
    return output && this.evaluate(nested, output.Value, missing);
  }

  /** CDK brings values to other regions with custom resources: one writes them, one reads them. */
  private crossRegionExport(from: StackTemplate, key: string, missing: Missing): unknown {
    for (const stack of this.stacks.filter(({ account }) => account === from.account)) {
      for (const { Type, Properties } of stack.resources.values()) {
        const { region, exports } = asRecord(asRecord(Properties).WriterProps);
        const written = asRecord(exports);
        if (Type === 'Custom::CrossRegionExportWriter' && region === from.region && Object.hasOwn(written, key)) {
          return this.evaluate(stack, written[key], missing);
        }
      }
    }
    return undefined;
  }

  /** Of a stack that need not export it, also in another account or region. */
  private stackOutput(from: StackTemplate, { StackName, OutputName, Region, RoleArn }: JsonRecord, missing: Missing): unknown {
    const name = asText(StackName) ?? '';
    const output = asText(OutputName) ?? '';
    const account = asText(RoleArn)?.split(':')[4] ?? from.account;
    const region = asText(Region) ?? from.region;
    return this.once(`output ${account}/${region}/${name} ${output}`, `${name}.${output}`, missing, (within) => {
      const stack = this.stacks.find((one) => !one.parent && one.name === name && one.account === account && one.region === region);
      const found = stack?.outputs.get(output);
      return stack && found && this.evaluate(stack, found.Value, within);
    });
  }

  private importValue(from: StackTemplate, name: string, missing: Missing): unknown {
    const key = exportKey(from, name);
    return this.once(`export ${key}`, name, missing, (within) => {
      const found = this.exports.get(key);
      return found && this.evaluate(found.stack, found.value, within);
    });
  }

  private get exports(): Map<string, { readonly stack: StackTemplate; readonly value: unknown }> {
    if (!this.exported) {
      // A name that is imported itself finds nothing while names are looked for.
      this.exported = new Map();
      this.exported = this.findExports();
    }
    return this.exported;
  }

  private findExports(): Map<string, { stack: StackTemplate; value: unknown }> {
    return new Map(this.stacks.flatMap((stack) => [...stack.outputs.values()].flatMap(({ Export, Value, Condition }) => {
      const exported = asRecord(Export).Name;
      if (exported === undefined || (typeof Condition === 'string' && !this.condition(stack, Condition, new Set()))) { return []; }
      const name = asText(this.evaluate(stack, exported, new Set())) ?? '';
      return [[exportKey(stack, name), { stack, value: Value }] as const];
    })));
  }

  /** `text`, or `[text, variables]`. */
  private substitute(stack: StackTemplate, argument: unknown, missing: Missing): string {
    const [text, given] = Array.isArray(argument) ? argument : [argument];
    const variables = asRecord(given);
    return (asText(text) ?? '').replace(/\$\{(!?)\s*([^{}]*?)\s*\}/g, (_, literal: string, name: string) => {
      if (literal) { return `\${${name}}`; }
      const value = Object.hasOwn(variables, name) ? this.evaluate(stack, variables[name], missing)
        : name.includes('.') ? this.getAtt(stack, name, missing)
          : this.ref(stack, name, missing);
      return Array.isArray(value) ? value.join(',') : asText(value) ?? '';
    });
  }

  private condition(stack: StackTemplate, name: string, missing: Missing): boolean {
    return this.once(`condition ${stack.id} ${name}`, `${stack.name}.${name}`, missing, (within) => (
      Object.hasOwn(stack.conditions, name) ? this.holds(stack, stack.conditions[name], within) : undefined
    )) === true;
  }

  private holds(stack: StackTemplate, condition: unknown, missing: Missing): boolean {
    const [[name, argument] = ['', undefined]] = Object.entries(asRecord(condition));
    const parts = asList(argument);
    switch (name) {
      case 'Condition': return this.condition(stack, asText(argument) ?? '', missing);
      case 'Fn::And': return parts.every((part) => this.holds(stack, part, missing));
      case 'Fn::Or': return parts.some((part) => this.holds(stack, part, missing));
      case 'Fn::Not': return !this.holds(stack, parts[0], missing);
      case 'Fn::Equals': {
        const [left, right] = parts.map((part) => this.evaluate(stack, part, missing));
        return sameText(left, right);
      }
      default: return asText(this.evaluate(stack, condition, missing)) === 'true';
    }
  }

  /** What is named `{{resolve:…}}` in texts, wherever they came from. */
  private dereference(stack: StackTemplate, value: unknown, missing: Missing): unknown {
    if (Array.isArray(value)) { return value.map((item) => this.dereference(stack, item, missing)); }
    if (isRecord(value)) { return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.dereference(stack, item, missing)])); }
    if (typeof value !== 'string') { return value; }
    return value.replace(/\{\{(resolve:[^{}]+)\}\}/g, (_, reference: string) => {
      const [, , parameter] = /^resolve:(ssm|ssm-secure):([^:]+)/.exec(reference) ?? [];
      return asText(this.once(`${stack.id} ${reference}`, reference, missing, (within) => (
        parameter === undefined ? undefined : this.ssmParameter(stack, parameter, within)
      ))) ?? '';
    });
  }

  private named(stack: StackTemplate, name: string, missing: Missing, make: (missing: Missing) => unknown): unknown {
    return this.once(`${stack.id} ${name}`, `${stack.name}.${name}`, missing, make);
  }

  /** Makes a value once, whoever asks. One that needs itself, or that cannot be made, is not known. */
  private once(key: string, name: string, missing: Missing, make: (missing: Missing) => unknown): unknown {
    if (this.underWay.has(key)) { return this.unknown(name, missing); }
    let known = this.values.get(key);
    if (!known) {
      this.underWay.add(key);
      const within: Missing = new Set();
      const value = make(within) ?? this.unknown(name, within);
      this.underWay.delete(key);
      known = { value, missing: within };
      this.values.set(key, known);
    }
    known.missing.forEach((one) => missing.add(one));
    return known.value;
  }

  private unknown(name: string, missing: Missing): string {
    if (Object.hasOwn(this.environment, name)) { return this.environment[name]; }
    missing.add(name);
    return placeholderOf(name);
  }
}

/** The functions that need nothing but their arguments, which are evaluated already. Undefined for what makes no sense. */
const FUNCTIONS: ReadonlyMap<string, (argument: unknown, stack: StackTemplate) => unknown> = new Map(Object.entries({
  'Fn::Join': (argument: unknown) => {
    const [delimiter, items] = asList(argument);
    return Array.isArray(items) ? asTexts(items).join(asText(delimiter)) : asText(items);
  },
  'Fn::Select': (argument: unknown) => {
    const [index, items] = asList(argument);
    return Array.isArray(items) ? items[asNumber(index) ?? -1] : undefined;
  },
  'Fn::Split': (argument: unknown) => {
    const [delimiter, text] = asList(argument);
    return asText(text)?.split(asText(delimiter) ?? '');
  },
  'Fn::Base64': (argument: unknown) => Buffer.from(asText(argument) ?? '').toString('base64'),
  'Fn::GetAZs': (argument: unknown, { region }: StackTemplate) => ['a', 'b', 'c'].map((zone) => `${asText(argument) || region}${zone}`),
  'Fn::Length': (argument: unknown) => Array.isArray(argument) ? argument.length : undefined,
  'Fn::ToJsonString': (argument: unknown) => JSON.stringify(argument),
}));

function findInMap({ mappings }: StackTemplate, argument: unknown): unknown {
  const [map, ...keys] = asList(argument);
  const options = asRecord(keys[2]);
  const own = (from: unknown, key: unknown) => Object.hasOwn(asRecord(from), String(key)) ? asRecord(from)[String(key)] : undefined;
  return own(own(own(mappings, map), keys[0]), keys[1]) ?? options.DefaultValue;
}

function intrinsicOf(value: JsonRecord): string | undefined {
  const [name, ...others] = Object.keys(value);
  return others.length === 0 && name !== undefined && (name === 'Ref' || name.startsWith('Fn::')) ? name : undefined;
}

/** One that an env file can have, and that another call has not. */
function nameOfCall(stack: StackTemplate, name: string, argument: unknown): string {
  const words = [isRecord(argument) ? Object.values(argument) : argument].flat(3).flatMap((word) => asText(word) ?? []);
  return [stack.name, name, ...words].join('.').replace(/[\s=]+/g, '_');
}

function withoutNoValue(entries: ReadonlyArray<readonly [string, unknown]>): JsonRecord {
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
}

function sameText(left: unknown, right: unknown): boolean {
  return (asText(left) ?? JSON.stringify(left)) === (asText(right) ?? JSON.stringify(right));
}

/** Made by code that is not ours to run. */
function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

function isSamePlace(one: StackTemplate, other: StackTemplate): boolean {
  return one.account === other.account && one.region === other.region;
}

function exportKey({ account, region }: StackTemplate, name: string): string {
  return `${account}/${region}/${name}`;
}

const PSEUDO_PARAMETERS: ReadonlyMap<string, (stack: StackTemplate) => unknown> = new Map(Object.entries({
  'AWS::AccountId': ({ account }: StackTemplate) => account,
  'AWS::NotificationARNs': () => [],
  'AWS::Partition': ({ region }: StackTemplate) => partitionOf(region).name,
  'AWS::Region': ({ region }: StackTemplate) => region,
  'AWS::StackId': stackId,
  'AWS::StackName': ({ name }: StackTemplate) => name,
  'AWS::URLSuffix': ({ region }: StackTemplate) => partitionOf(region).urlSuffix,
}));

function stackId({ account, region, name }: StackTemplate): string {
  return `arn:${partitionOf(region).name}:cloudformation:${region}:${account}:stack/${name}/${uuidOf(account, region, name)}`;
}

/** Lower-case letters and digits. */
function hashOf(length: number, ...parts: string[]): string {
  return BigInt(`0x${digestOf(parts)}`).toString(36).padStart(50, '0').slice(-length);
}

function uuidOf(...parts: string[]): string {
  const digest = digestOf(parts);
  return [[0, 8], [8, 12], [12, 16], [16, 20], [20, 32]].map(([from, to]) => digest.slice(from, to)).join('-');
}

function digestOf(parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
