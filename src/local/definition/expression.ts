/** What an expression can refer to. Costly values are functions, called only when they are needed. */
export interface ExpressionSources {
  /** The parsed message; undefined if it is not JSON. */
  readonly body?: () => unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly queryString?: Readonly<Record<string, string>>;
  /** Nested: `$context.authorizer.principalId`. */
  readonly context?: Readonly<Record<string, unknown>>;
  readonly stageVariables?: Readonly<Record<string, string>>;
  /** What an integration answered. */
  readonly response?: {
    readonly statusCode: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: () => unknown;
  };
}

type Evaluation = (sources: ExpressionSources) => string;

/** Expressions and paths come from templates, so they are few. Templates can also build paths as they run, hence the limit. */
const MAX_COMPILED = 1000;
/** What a key is made of. No key is so long. */
const MAX_KEY_VALUES = 1000;
/**
 * How many values a path may look at: several times as many as a message has. Paths such as `..*..*` would look at each value once for
 * every other.
 */
const MAX_VISITED = 200_000;
const expressions = new Map<string, Evaluation>();
const paths = new Map<string, Step[]>();

/**
 * The value of a selection expression: variables among other text, as in `$request.body.action` or
 * `${request.body.action}-${context.stage}`. A missing value becomes empty text.
 *
 * @throws Error for a path that is not supported
 */
export function evaluateExpression(expression: string, sources: ExpressionSources): string {
  return compiled(expressions, expression, compileExpression)(sources);
}

/**
 * What a JSON path finds. A path that can find several values returns a list. It may have names (`.a`, `['a']`, `["a"]`), positions (`[0]`,
 * or `[-1]` from the end), wildcards (`.*`, `[*]`), and names at any depth (`..a`).
 *
 * @throws Error that names the path, for anything else
 */
export function jsonPath(path: string, value: unknown): unknown {
  return walk(compiled(paths, path, parsePath), value);
}

function walk(steps: readonly Step[], value: unknown): unknown {
  if (steps.every(isChild)) { return steps.reduce<unknown>(child, value); }
  const budget = { left: MAX_VISITED };
  let found = [value];
  for (const step of steps) {
    found = found.flatMap((at) => select(at, step, budget)).filter((item) => item !== undefined);
  }
  return found;
}

/** The text of an object that is more than data. */
export const JAVA_TEXT = Symbol('text');

/**
 * A value as Java writes it, which is what AWS does: lists as `[a, b]`, objects as `{a=b}`, and no quotes.
 *
 * @param maxValues how many values are written: one that is nested without end, or holds itself, must exhaust neither stack nor time
 */
export function javaText(value: unknown, maxValues = 1_000_000): string {
  let left = maxValues;
  const write = (item: unknown, depth: number): string => {
    if (typeof item !== 'object' || item === null) { return String(item); }
    if (depth > 100 || --left < 0) { return '…'; }
    if (JAVA_TEXT in item) { return String(item[JAVA_TEXT]); }
    return Array.isArray(item)
      ? `[${item.map((one) => write(one, depth + 1)).join(', ')}]`
      : `{${Object.entries(item).map(([key, one]) => `${key}=${write(one, depth + 1)}`).join(', ')}}`;
  };
  return write(value, 0);
}

function compiled<T>(cache: Map<string, T>, text: string, compile: (text: string) => T): T {
  let result = cache.get(text);
  if (result === undefined) {
    result = compile(text);
    if (cache.size >= MAX_COMPILED) { cache.clear(); }
    cache.set(text, result);
  }
  return result;
}

/** An escaped `$`, `${variable}`, `$variable`, or text. */
const PART = /^(?:(\\\$)|\$\{([^}]*)\}|\$([\p{L}\p{N}_-]+(?:\.{1,2}(?:[\p{L}\p{N}_-]+|\*)|\[(?:-?\d+|\*|'[^']*'|"[^"]*")\])*)|[^$\\]+|.)/su;

function compileExpression(expression: string): Evaluation {
  const parts: Array<string | Evaluation> = [];
  let rest = expression;
  while (rest !== '') {
    const [match, escaped, wrapped, bare] = PART.exec(rest)!;
    parts.push(escaped !== undefined ? '$' : compileVariable(wrapped ?? bare ?? '') ?? match);
    rest = rest.slice(match.length);
  }
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'function') { return only; }
  return (sources) => parts.map((part) => typeof part === 'string' ? part : part(sources)).join('');
}

/** Undefined if it is not a variable: `$default` is plain text. */
function compileVariable(variable: string): Evaluation | undefined {
  const [, root, name = ''] = /^(request\.body|request\.header|request\.querystring|context|stageVariables|integration\.response\.(?:statuscode|body|header))(?![\w-])(?:\.(?!\.))?(.*)$/s.exec(variable) ?? [];
  switch (root) {
    case 'request.body': return atPath(name, ({ body }) => body?.());
    case 'request.header': return ({ headers }) => named(headers, name, true);
    case 'request.querystring': return ({ queryString }) => named(queryString, name);
    case 'context': return atPath(name, ({ context }) => context);
    case 'stageVariables': return ({ stageVariables }) => named(stageVariables, name);
    case 'integration.response.statuscode': return ({ response }) => String(response?.statusCode ?? '');
    case 'integration.response.body': return atPath(name, ({ response }) => response?.body());
    case 'integration.response.header': return ({ response }) => named(response?.headers, name, true);
    default: return undefined;
  }
}

function atPath(path: string, valueOf: (sources: ExpressionSources) => unknown): Evaluation {
  // A wrong path fails now, not at the first message.
  const steps = compiled(paths, path, parsePath);
  return (sources) => {
    const value = walk(steps, valueOf(sources));
    return value === undefined || value === null ? '' : javaText(value, MAX_KEY_VALUES);
  };
}

function named(values: Readonly<Record<string, string>> | undefined, name: string, anyCase = false): string {
  const found = Object.entries(values ?? {}).find(([key]) => key === name || (anyCase && key.toLowerCase() === name.toLowerCase()));
  return found?.[1] ?? '';
}

const ALL = Symbol('*');
/** A name, a position, everything, or a name or everything at any depth. */
type Step = string | number | typeof ALL | { readonly anyDepth: string | typeof ALL };

function parsePath(path: string): Step[] {
  const steps: Step[] = [];
  // The first name needs no dot, with no `$` before it.
  let rest = /^(\$|\.|\[|$)/.test(path) ? path.replace(/^\$/, '') : `.${path}`;
  while (rest !== '') {
    const [match, dots, name, quoted, doubleQuoted, position] = (
      /^(?:(\.\.?)([^.[\]()?,*]+|\*)|\[(?:'([^']*)'|"([^"]*)"|(-?\d+|\*))\])/.exec(rest) ?? []
    );
    if (match === undefined) {
      throw new Error(`the JSON path \`${path}\` is not supported from \`${rest}\` on: use names, \`[0]\`, \`['name']\`, \`*\` and \`..name\``);
    }
    const step = name === '*' || position === '*' ? ALL : position === undefined ? name ?? quoted ?? doubleQuoted : Number(position);
    steps.push(dots === '..' ? { anyDepth: step as string } : step);
    rest = rest.slice(match.length);
  }
  return steps;
}

function isChild(step: Step): step is string | number {
  return typeof step === 'string' || typeof step === 'number';
}

function select(value: unknown, step: Step, budget: { left: number }): unknown[] {
  if (--budget.left < 0) { throw new Error(`a JSON path looks at more than ${MAX_VISITED} values: name what you look for`); }
  if (step === ALL) { return children(value); }
  if (typeof step !== 'object') { return [child(value, step)]; }
  const found: unknown[] = [];
  // Depth first, as the values are written, with no recursion: clients may nest as deep as they like.
  const left = [value];
  while (left.length > 0) {
    const at = left.pop();
    for (const item of select(at, step.anyDepth, budget)) { found.push(item); }
    for (const item of children(at).reverse()) { left.push(item); }
  }
  return found;
}

function children(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

/** Only what the value itself has: nothing of what every object, list or text inherits. */
function child(value: unknown, step: string | number): unknown {
  if (Array.isArray(value)) { return typeof step === 'number' ? value.at(step) : undefined; }
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : undefined;
}
