import { callMethod, isEqual, limited, property, setProperty, TemplateObject } from './java-methods';
import { Block, Expression, Node, parseVelocity, Reference } from './velocity-syntax';
import { javaText } from '../definition/expression';
import { anyNumber } from '../definition/json-value';

/** Rounds of a loop on API Gateway: it ends then, and the template goes on. */
const MAX_ROUNDS = 1000;
const MAX_STEPS = 1_000_000;
const MAX_DEPTH = 50;

/** What `#define` keeps for later. */
class Deferred {
  constructor(public readonly nodes: readonly Node[]) {}
}

/** One run of a template. */
export class Rendering {
  private readonly globals: Map<string, unknown>;
  /** Arguments of the macros that run now, the innermost last. */
  private readonly locals: Array<Map<string, unknown>> = [];
  private readonly macros = new Map<string, { readonly parameters: readonly string[]; readonly body: readonly Node[] }>();
  private steps = 0;
  private depth = 0;
  private breaking = false;
  private stopped = false;

  /** @param globals what the template can speak of at first */
  constructor(globals: Readonly<Record<string, unknown>>) {
    this.globals = new Map(Object.entries(globals));
  }

  public run(template: string): string {
    try {
      return this.render(this.parse(template));
    } catch (error) {
      if (error instanceof RangeError) { throw new Error('the template is nested too deeply'); }
      throw error;
    }
  }

  private parse(template: string): readonly Node[] {
    try {
      return parseVelocity(template);
    } catch (error) {
      if (error instanceof RangeError) { throw error; }
      throw new Error(`the template is not Velocity: ${(error as Error).message}`);
    }
  }

  private render(nodes: readonly Node[]): string {
    if (++this.depth > MAX_DEPTH) { throw new Error(`the template calls itself more than ${MAX_DEPTH} times`); }
    let text = '';
    for (const node of nodes) {
      if (this.breaking || this.stopped) { break; }
      text = limited(text + this.renderNode(node));
    }
    this.depth--;
    return text;
  }

  private renderNode(node: Node): string {
    this.step();
    if (typeof node === 'string') { return node; }
    if (Array.isArray(node)) { return this.renderBlock(node); }
    switch (node.type) {
      case 'references': return textOf(this.reference(node));
      case 'raw': return node.value;
      case 'set': this.assign(node.equal[0], this.evaluate(node.equal[1])); return '';
      case 'macro_call': return this.callMacro(node.id, node.args ?? []);
      case 'break': this.breaking = true; return '';
      default: return '';
    }
  }

  private renderBlock([head, ...body]: Block): string {
    switch (head.type) {
      case 'if': return this.render(this.chosenBranch([head, ...body]));
      case 'foreach': return this.loop(head.to, this.evaluate(head.from), body);
      case 'macro': this.macros.set(head.id, { parameters: (head.args ?? []).map(({ id }) => id), body }); return '';
      case 'define': this.set(head.id, new Deferred(body)); return '';
      default: return this.render(body);
    }
  }

  private chosenBranch(block: Block): Node[] {
    let chosen = false;
    const branch: Node[] = [];
    for (const node of block) {
      const type = typeof node === 'string' || Array.isArray(node) ? undefined : node.type;
      if (type === 'if' || type === 'elseif' || type === 'else') {
        if (chosen) { break; }
        chosen = type === 'else' || isTrue(this.evaluate((node as { condition: Expression }).condition));
      } else if (chosen) {
        branch.push(node);
      }
    }
    return branch;
  }

  private loop(name: string, values: unknown, body: readonly Node[]): string {
    const all = Array.isArray(values) ? values : isPlainObject(values) ? Object.values(values) : [];
    const items = all.slice(0, MAX_ROUNDS);
    const names = [name, 'foreach', 'velocityCount'];
    const outer = names.map((one) => this.get(one));
    let text = '';
    for (const [index, item] of items.entries()) {
      const hasNext = index + 1 < items.length;
      this.set(name, item);
      this.set('velocityCount', index + 1);
      this.set('foreach', { index, count: index + 1, hasNext, first: index === 0, last: !hasNext, parent: outer[1] });
      text = limited(text + this.render(body));
      if (this.breaking || this.stopped) { break; }
    }
    this.breaking = false;
    names.forEach((one, index) => this.set(one, outer[index]));
    return text;
  }

  private callMacro(name: string, args: readonly Expression[]): string {
    if (name === 'stop') { this.stopped = true; }
    const macro = this.macros.get(name);
    if (!macro) { return ''; }
    const values = args.map((arg) => this.evaluate(arg));
    this.locals.push(new Map(macro.parameters.map((parameter, index) => [parameter, values[index]])));
    const text = this.render(macro.body);
    this.locals.pop();
    return text;
  }

  private evaluate(node: Expression): unknown {
    this.step();
    switch (node.type) {
      case 'references': return this.reference(node);
      case 'string': return node.isEval && /[$#]/.test(node.value) ? this.interpolate(node.value) : node.value;
      case 'integer':
      case 'decimal': return Number(node.value);
      case 'bool': return { true: true, false: false }[node.value] ?? null;
      case 'math': return this.calculate(node.operator, node.expression);
      case 'map': {
        const map = {};
        for (const [key, value] of Object.entries(node.value ?? {})) {
          setProperty(map, /[$#]/.test(key) ? this.interpolate(key) : key, this.evaluate(value));
        }
        return map;
      }
      case 'array': return node.isRange ? this.range(node.value) : node.value.map((item) => this.evaluate(item as Expression));
      default: return undefined;
    }
  }

  private interpolate(text: string): string {
    let nodes: readonly Node[];
    try {
      nodes = parseVelocity(text);
    } catch {
      return text;
    }
    return this.render(nodes);
  }

  private range(bounds: ReadonlyArray<Expression | string | number>): number[] {
    const [from, to] = bounds.map((bound) => anyNumber(typeof bound === 'object' ? this.evaluate(bound) : bound));
    // Long enough for any loop, and short enough for any machine.
    const size = Number.isNaN(from + to) ? 0 : Math.min(Math.abs(to - from) + 1, 10 * MAX_ROUNDS);
    return Array.from({ length: size }, (_, index) => from + (from <= to ? index : -index));
  }

  private calculate(operator: string, [first, second]: readonly Expression[]): unknown {
    const left = this.evaluate(first);
    switch (operator) {
      case '&&': return isTrue(left) && isTrue(this.evaluate(second));
      case '||': return isTrue(left) || isTrue(this.evaluate(second));
      case 'not': return !isTrue(left);
      case 'parenthesis': return left;
      case 'minus': return typeof left === 'number' ? -left : undefined;
    }
    const right = this.evaluate(second);
    switch (operator) {
      case '==': return isEqual(left, right);
      case '!=': return !isEqual(left, right);
      case '+': if (typeof left === 'string' || typeof right === 'string') { return limited(textOf(left) + textOf(right)); }
    }
    return typeof left === 'number' && typeof right === 'number' ? arithmetic(operator, left, right) : undefined;
  }

  private reference({ id, args, path = [] }: Reference): unknown {
    let value = args === undefined ? this.get(id) : undefined;
    if (value instanceof Deferred) { value = this.render(value.nodes); }
    for (const part of path) {
      if (value === undefined || value === null) { return undefined; }
      this.step();
      value = part.type === 'method'
        ? callMethod(value, part.id, (part.args || []).map((arg) => this.evaluate(arg)))
        : property(value, part.type === 'property' ? part.id : this.evaluate(part.id));
    }
    return value;
  }

  private assign({ id, path = [] }: Reference, value: unknown) {
    const last = path[path.length - 1];
    if (last === undefined) {
      this.set(id, value);
    } else if (last.type !== 'method') {
      setProperty(this.reference({ type: 'references', id, path: path.slice(0, -1) }), last.type === 'property' ? last.id : this.evaluate(last.id), value);
    }
  }

  private scopeOf(name: string): Map<string, unknown> {
    const local = this.locals[this.locals.length - 1];
    return local?.has(name) ? local : this.globals;
  }

  private get(name: string): unknown {
    return this.scopeOf(name).get(name);
  }

  private set(name: string, value: unknown) {
    this.scopeOf(name).set(name, value);
  }

  private step() {
    if (++this.steps > MAX_STEPS) {
      throw new Error(`the template takes more than ${MAX_STEPS} steps`);
    }
  }
}

function textOf(value: unknown): string {
  return value === undefined || value === null ? '' : javaText(value);
}

function arithmetic(operator: string, left: number, right: number): unknown {
  switch (operator) {
    case '+': return left + right;
    case '-': return left - right;
    case '*': return left * right;
    case '/': return right === 0 ? undefined : Number.isInteger(left) && Number.isInteger(right) ? Math.trunc(left / right) : left / right;
    case '%': return right === 0 ? undefined : left % right;
    case '<': return left < right;
    case '>': return left > right;
    case '<=': return left <= right;
    case '>=': return left >= right;
    default: return undefined;
  }
}

/** As in Velocity 1: everything that there is, but `false`. An empty text is true. */
function isTrue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof TemplateObject);
}
