import { BlockList, isIP } from 'node:net';
import { matches, PatternTooLong } from './wildcard';
import { anyText } from '../definition/json-value';
import { PolicyStatementModel } from '../definition/model';

export type Decision = 'allow' | 'implicit-deny' | 'explicit-deny';

export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  /** Asked for only where a statement has a condition or a variable, which few have. */
  readonly context?: () => AccessContext;
}

/** The values of condition keys, such as `aws:SourceIp`. */
export type AccessContext = Readonly<Record<string, string>>;

/** What the statements say of a request. Statements that are not known allow everything. */
export function isAllowed(statements: readonly PolicyStatementModel[] | undefined, request: AccessRequest): Decision {
  if (statements === undefined) { return 'allow'; }
  let known: ReadonlyMap<string, string> | undefined;
  const context = () => known ??= new Map(Object.entries(request.context?.() ?? {}).map(([key, value]) => [key.toLowerCase(), value]));
  const applying = statements.filter((statement) => applies(statement, request, context));
  if (applying.some(({ effect }) => effect === 'Deny')) { return 'explicit-deny'; }
  return applying.length > 0 ? 'allow' : 'implicit-deny';
}

/** Why somebody may not, and what to do. */
export function denial(decision: Decision, who: string, action: string, resource: string, grant: string): string {
  return decision === 'explicit-deny'
    ? `${who} may not \`${action}\` on \`${resource}\`: a statement of its policies denies it`
    : `${who} may not \`${action}\` on \`${resource}\`: grant it with \`${grant}\``;
}

/**
 * The statements of a policy document.
 *
 * @throws Error that says what is wrong with it
 */
export function statementsOf(policyDocument: unknown): PolicyStatementModel[] {
  const statement = isObject(policyDocument) ? policyDocument.Statement : undefined;
  if (statement === undefined) {
    throw new Error('a policy document has no `Statement`: it needs `{ "Version": "2012-10-17", "Statement": [...] }`');
  }
  return (Array.isArray(statement) ? statement : [statement]).map(statementOf);
}

function statementOf(statement: unknown): PolicyStatementModel {
  if (!isObject(statement)) {
    throw new Error(`a statement of a policy is \`${JSON.stringify(statement)}\`: it has to be an object`);
  }
  const { Effect: effect, Action, NotAction, Resource, NotResource, Condition } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw new Error(`the \`Effect\` of a policy statement is \`${JSON.stringify(effect)}\`: write "Allow" or "Deny"`);
  }
  if ((Action === undefined) === (NotAction === undefined)) {
    throw new Error('a policy statement needs either `Action` or `NotAction`');
  }
  if ((Resource === undefined) === (NotResource === undefined)) {
    throw new Error('a policy statement needs either `Resource` or `NotResource`');
  }
  if (Condition !== undefined && !(isObject(Condition) && Object.values(Condition).every(isObject))) {
    throw new Error(`the \`Condition\` of a policy statement is \`${JSON.stringify(Condition)}\`: write \`{ "StringEquals": { "key": "value" } }\``);
  }
  return {
    effect,
    ...Action === undefined ? { notActions: texts('NotAction', NotAction) } : { actions: texts('Action', Action) },
    ...Resource === undefined ? { notResources: texts('NotResource', NotResource) } : { resources: texts('Resource', Resource) },
    ...Condition === undefined ? {} : { conditions: Condition as PolicyStatementModel['conditions'] },
  };
}

function texts(name: string, value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value];
  const wrong = list.find((item) => typeof item !== 'string');
  if (wrong !== undefined || list.length === 0) {
    throw new Error(`the \`${name}\` of a policy statement is \`${JSON.stringify(value)}\`: write text, or a list of texts`);
  }
  return list;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Context = () => ReadonlyMap<string, string>;

function applies(statement: PolicyStatementModel, request: AccessRequest, context: Context): boolean {
  const { effect, actions, notActions, resources, notResources, conditions = {} } = statement;
  const isAction = (pattern: string) => matches(pattern.toLowerCase(), request.action.toLowerCase());
  const isResource = (pattern: string) => matches(pattern, request.resource, context);
  try {
    return (actions ? actions.some(isAction) : notActions !== undefined && !notActions.some(isAction))
      && (resources ? resources.some(isResource) : notResources !== undefined && !notResources.some(isResource))
      && Object.entries(conditions).every(([operator, keys]) => (
        Object.entries(keys).every(([key, values]) => holds(operator, context().get(key.toLowerCase()), values, context, effect))
      ));
  } catch (error) {
    // A statement that cannot be decided must not open anything.
    if (error instanceof PatternTooLong) { return effect === 'Deny'; }
    throw error;
  }
}

type Test = (value: string, expected: string, context: Context) => boolean;

const OPERATORS: Readonly<Record<string, Test>> = {
  stringequals: (value, expected, context) => matches(expected, value, context, false),
  stringequalsignorecase: (value, expected, context) => matches(expected.toLowerCase(), value.toLowerCase(), context, false),
  stringlike: (value, expected, context) => matches(expected, value, context),
  arnequals: matchesArn,
  arnlike: matchesArn,
  binaryequals: (value, expected) => value === expected,
  bool: (value, expected) => value.toLowerCase() === expected.toLowerCase(),
  ipaddress: isInNetwork,
  numericequals: numeric((value, expected) => value === expected),
  numericlessthan: numeric((value, expected) => value < expected),
  numericlessthanequals: numeric((value, expected) => value <= expected),
  numericgreaterthan: numeric((value, expected) => value > expected),
  numericgreaterthanequals: numeric((value, expected) => value >= expected),
  dateequals: dated((value, expected) => value === expected),
  datelessthan: dated((value, expected) => value < expected),
  datelessthanequals: dated((value, expected) => value <= expected),
  dategreaterthan: dated((value, expected) => value > expected),
  dategreaterthanequals: dated((value, expected) => value >= expected),
};

/** Of each operator that says the contrary of another, that other. */
const NEGATED: Readonly<Record<string, string>> = {
  stringnotequals: 'stringequals',
  stringnotequalsignorecase: 'stringequalsignorecase',
  stringnotlike: 'stringlike',
  arnnotequals: 'arnequals',
  arnnotlike: 'arnlike',
  notipaddress: 'ipaddress',
  numericnotequals: 'numericequals',
  datenotequals: 'dateequals',
};

function holds(operator: string, value: string | undefined, expected: unknown, context: Context, effect: PolicyStatementModel['effect']): boolean {
  const [, set, name, ifExists] = /^(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?$/.exec(operator.toLowerCase())!;
  const values = (Array.isArray(expected) ? expected : [expected]).map(anyText);
  if (name === 'null') { return values.some((isNull) => (value === undefined) === (isNull.toLowerCase() === 'true')); }

  const negated = Object.hasOwn(NEGATED, name);
  const positive = negated ? NEGATED[name] : name;
  // What is not understood here must not open anything.
  if (!Object.hasOwn(OPERATORS, positive)) { return effect === 'Deny'; }
  if (value === undefined) {
    return ifExists !== undefined || set === 'forallvalues' || (negated && set !== 'foranyvalue');
  }
  return values.some((one) => OPERATORS[positive](value, one, context)) !== negated;
}

function numeric(test: (value: number, expected: number) => boolean): Test {
  return (value, expected) => value.trim() !== '' && expected.trim() !== '' && test(Number(value), Number(expected));
}

/** ISO 8601, or seconds since 1970. */
function dated(test: (value: number, expected: number) => boolean): Test {
  const parse = (text: string) => /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  return (value, expected) => test(parse(value), parse(expected));
}

function isInNetwork(value: string, expected: string): boolean {
  // Without the zone of an address, as in `fe80::1%eth0`.
  const [, address = '', prefix] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(expected) ?? [];
  const family = isIP(address);
  const bits = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix);
  if (family === 0 || isIP(value) === 0 || bits > (family === 4 ? 32 : 128)) { return false; }
  const network = new BlockList();
  network.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
  return network.check(value, isIP(value) === 4 ? 'ipv4' : 'ipv6');
}

/** Each of the six parts of an ARN is compared with its own part of the pattern. */
function matchesArn(value: string, expected: string, context: Context): boolean {
  const parts = arnParts(value);
  const patterns = arnParts(expected);
  return patterns.length === parts.length && patterns.every((pattern, index) => matches(pattern, parts[index], context));
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), ...parts.length > 5 ? [parts.slice(5).join(':')] : []];
}
