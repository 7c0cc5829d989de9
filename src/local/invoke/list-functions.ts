import { FunctionModel } from '../definition/model';

/** A function as `ListFunctions` tells of it, and its construct path. */
export interface ListedFunction {
  readonly FunctionName: string;
  readonly FunctionArn: string;
  readonly ConstructPath: string;
  readonly Runtime: string;
  readonly Handler: string;
  readonly Timeout: number;
  readonly MemorySize: number;
}

/** The functions of the app whose code is in the assembly. */
export function listFunctions(functions: ReadonlyMap<string, FunctionModel>): ListedFunction[] {
  return [...functions.values()].map(({ name, arn, path, runtime, handler, timeoutSeconds, memoryMB }) => ({
    FunctionName: name,
    FunctionArn: arn,
    ConstructPath: path,
    Runtime: runtime,
    Handler: handler,
    Timeout: timeoutSeconds,
    MemorySize: memoryMB,
  }));
}
