import { ApiModel, FunctionModel, TableModel } from '../../definition/model';
import { GivenValues } from '../given-values';
import { Resources } from '../template/resource';

/** What was read of an app, for notices about the app as a whole. */
export interface ReadApp {
  readonly resources: Resources;
  readonly apis: readonly ApiModel[];
  /** All whose code is in the assembly. */
  readonly functions: readonly FunctionModel[];
  /** Those that some route or authorizer calls. */
  readonly served: readonly FunctionModel[];
  readonly tables: readonly TableModel[];
  /** Whether the gateway can keep them itself. */
  readonly keepsTables: boolean;
  readonly given: GivenValues;
  /** The same as `given`, as plain values. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a user should know before the first message, one line each. */
export type Notice = (app: ReadApp) => readonly string[];

/** `` `a`, `b` and 3 more `` */
export function listed(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).map((name) => `\`${name}\``);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : [shown.slice(0, -1).join(', '), ...shown.slice(-1)].filter(Boolean).join(' and ');
}
