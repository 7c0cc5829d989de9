import { closeReferences } from './velocity-references';

const MAX_PARSED = 500;

/** What velocityjs makes of a template. Its own types say less. */
export type Node = string | Block | Statement;
export type Block = [Statement, ...Node[]];
export type Statement =
  | Expression
  | { readonly type: 'set'; readonly equal: readonly [Reference, Expression] }
  | { readonly type: 'if' | 'elseif'; readonly condition: Expression }
  | { readonly type: 'else' | 'break' | 'comment' | 'noescape' }
  | { readonly type: 'raw'; readonly value: string }
  | { readonly type: 'foreach'; readonly to: string; readonly from: Expression }
  | { readonly type: 'macro'; readonly id: string; readonly args?: readonly Reference[] }
  | { readonly type: 'macro_call'; readonly id: string; readonly args?: readonly Expression[] }
  | { readonly type: 'define'; readonly id: string };
export type Expression =
  | Reference
  | { readonly type: 'math'; readonly operator: string; readonly expression: readonly Expression[] }
  | { readonly type: 'string'; readonly value: string; readonly isEval?: boolean }
  | { readonly type: 'integer' | 'decimal'; readonly value: string | number }
  | { readonly type: 'bool'; readonly value: string }
  | { readonly type: 'map'; readonly value?: Readonly<Record<string, Expression>> }
  | { readonly type: 'array'; readonly value: ReadonlyArray<Expression | string | number>; readonly isRange?: boolean };
export interface Reference {
  readonly type: 'references';
  readonly id: string;
  readonly args?: unknown;
  readonly path?: ReadonlyArray<
    | { readonly type: 'property'; readonly id: string }
    | { readonly type: 'index'; readonly id: Expression }
    | { readonly type: 'method'; readonly id: string; readonly args: readonly Expression[] | false }
  >;
}

const parsed = new Map<string, Node[]>();

/** Reads a template, once. */
export function parseVelocity(template: string): Node[] {
  let nodes = parsed.get(template);
  if (nodes === undefined) {
    // Few APIs have templates, and the parser is not small.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const velocity = require('velocityjs') as typeof import('velocityjs');
    nodes = velocity.parse(closeReferences(template)) as unknown as Node[];
    if (parsed.size >= MAX_PARSED) { parsed.clear(); }
    parsed.set(template, nodes);
  }
  return nodes;
}
