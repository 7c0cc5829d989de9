import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodeFolders } from './code-folders';
import { extensionsNote, Invocation, InvokeOptions, missingForFunction } from './function-pool';
import { FunctionPools, FunctionPoolsOptions, FunctionSurroundings } from './function-pools';
import { refusalByPolicy, refusalByRole } from './invoke-permission';
import { Reaper } from './process/reaper';
import { versionOf, withoutQualifier } from '../definition/function-arn';
import { FunctionModel, Model, PrincipalModel } from '../definition/model';

export interface Result extends Invocation {
  /** Whether the integration stopped waiting. */
  readonly timedOut?: boolean;
}

/** All functions of the assembly. */
export class Functions {
  private readonly reaper = new Reaper();
  private readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'cdk-websocket-api-')));
  private readonly code = new CodeFolders(this.folder);
  private readonly pools: FunctionPools;
  private models: ReadonlyMap<string, FunctionModel> = new Map();
  private principals: readonly PrincipalModel[] = [];
  /** By ARN: the folder whose code runs instead of the asset. */
  /** Lines about what is missing. */
  private readonly told = new Set<string>();
  private readonly swapped = new Map<string, { readonly asset: string; readonly folder: string }>();
  private closed = false;

  constructor(private readonly options: FunctionPoolsOptions) {
    this.reaper.addFolder(this.folder);
    this.pools = new FunctionPools(options, this.code, this.reaper);
  }

  /**
   * Takes the functions of a model, at the start and whenever the assembly changes.
   *
   * @returns the paths of those that have new environments, because they changed
   */
  public async serve(model: Model, surroundings: FunctionSurroundings): Promise<string[]> {
    this.principals = model.principals;
    this.models = new Map([...model.functions].map(([arn, fn]) => {
      const { asset, folder } = this.swapped.get(arn) ?? {};
      // The asset has not changed: keep the code that was swapped in.
      return [arn, asset === fn.code ? { ...fn, code: folder! } : fn];
    }));
    return this.pools.update(this.models, surroundings);
  }

  /** Gives a function other code. Invocations that have begun end with the old code. */
  public async swap(fn: FunctionModel, folder: string) {
    const swapped = { ...fn, code: folder };
    const unused = this.swapped.get(fn.arn)?.folder;
    this.swapped.set(fn.arn, { asset: fn.code, folder });
    this.models = new Map([...this.models, [fn.arn, swapped]]);
    const { oldIsGone } = await this.pools.replace(swapped);
    if (unused !== undefined) { void oldIsGone.then(() => this.code.remove(unused)); }
  }

  /** Starts those of these functions that debuggers attach to: breakpoints are set before the first message. */
  public async warmInspected(arns: readonly string[]) {
    const { inspected } = this.options;
    await Promise.all(arns.map(async (arn) => {
      const fn = this.find(arn);
      if (fn && inspected?.has(fn)) { (await this.pools.of(fn, versionOf(arn))).warm(); }
    }));
  }

  /** What is missing here to run these functions, one line each. */
  public async missing(arns: Iterable<string>): Promise<string[]> {
    const found = [...new Set(arns)].flatMap((arn) => this.find(arn) ?? []);
    const lines = await Promise.all(found.map(async (fn) => missingForFunction(fn, await this.code.open(fn.code), this.options.appFolder)));
    const missing = [...lines, ...found.map(extensionsNote)].filter((line) => line !== undefined);
    missing.forEach((line) => this.told.add(line));
    return missing;
  }

  /** A function that nothing uses is not looked at when the gateway starts: it may be invoked all the same, and lack a package. */
  private async explain(fn: FunctionModel, error: string) {
    if (!error.includes('"Runtime.ImportModuleError"')) { return; }
    const before = new Set(this.told);
    // Its code is gone if the gateway ends meanwhile.
    const missing = await this.missing([fn.arn]).catch(() => []);
    missing.filter((line) => !before.has(line)).forEach((text) => this.options.trace.add({ type: 'warning', text }));
  }

  private async looked(fn: FunctionModel, result: Invocation): Promise<Invocation> {
    this.pools.look(fn, result.payload);
    await this.explain(fn, result.payload);
    return result;
  }

  /** Never rejects: what goes wrong is in the result, as Lambda would say it. */
  public async invoke(arn: string, event: string, timeoutMillis?: number, ids: Pick<InvokeOptions, 'requestId' | 'traceId'> = {}): Promise<Result> {
    const fn = this.find(arn);
    if (!fn || this.closed) {
      return failure('ResourceNotFoundException', `Function not found: ${arn}`);
    }
    let invocation: Promise<Result>;
    let isInspected: boolean;
    try {
      const pool = await this.pools.of(fn, versionOf(arn));
      isInspected = pool.isInspected;
      const inLine = isInspected ? undefined : timeoutMillis;
      invocation = pool.invoke(event, { requestId: ids.requestId, traceId: ids.traceId, invokedArn: arn, timeoutMillis: inLine })
        .then((result) => result.functionError === undefined ? result : this.looked(fn, result));
    } catch (error) {
      return failure('Runtime.InvalidEntrypoint', (error as Error).message);
    }
    // Who stops in a handler is in no hurry.
    return timeoutMillis === undefined || isInspected ? invocation : inTime(invocation, timeoutMillis);
  }

  public async close() {
    this.closed = true;
    await this.pools.close();
    await this.reaper.close();
    this.code.removeAll();
  }

  /** The function with this ARN, which may name a version or an alias: there is one version here. */
  public find(arn: string): FunctionModel | undefined {
    return this.models.get(arn) ?? this.models.get(withoutQualifier(arn));
  }

  /**
   * Whether API Gateway may call the function for a route or an authorizer: with the role of the route or authorizer if it has one,
   * otherwise by the resource policy of the function. A role may have conditions, so each call is decided anew.
   *
   * @returns undefined if it may, otherwise what to do
   */
  public refusal(arn: string, sourceArn: string, roleArn?: string): string | undefined {
    const fn = this.find(arn);
    if (!fn) { return undefined; }
    return roleArn === undefined
      ? refusalByPolicy(fn, arn, sourceArn)
      : refusalByRole(fn, arn, roleArn, this.principals.find((principal) => principal.arn === roleArn));
  }

  /** A new folder. It is removed with the gateway. */
  public newFolder(name: string): string {
    return this.code.newFolder(name);
  }
}

function failure(errorType: string, errorMessage: string): Result {
  return { requestId: '-', payload: JSON.stringify({ errorType, errorMessage }), functionError: 'Unhandled', durationMillis: 0 };
}

function inTime(invocation: Promise<Result>, timeoutMillis: number): Promise<Result> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ requestId: '-', payload: '', durationMillis: timeoutMillis, timedOut: true }), timeoutMillis);
    void invocation.then((result) => {
      clearTimeout(timer);
      resolve(result);
    });
  });
}
