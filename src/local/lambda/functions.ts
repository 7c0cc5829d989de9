import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodeFolders } from './code-folders';
import { extensionsNote, FunctionPool, Invocation, InvokeOptions, missingForFunction } from './function-pool';
import { Reaper } from './process/reaper';
import { Lead } from './runtimes';
import { UnledCalls } from './unled-calls';
import { FunctionModel, Model, PrincipalModel } from '../definition/model';
import { Trace } from '../events/trace';
import { Callers, callerOf, conditionKeys } from '../iam/callers';
import { denial, isAllowed } from '../iam/iam-policy';

export interface FunctionsOptions {
  readonly callers: Callers;
  readonly trace: Trace;
  /** The folder of the app, where the SDK that Lambda carries is found. */
  readonly appFolder: string;
  readonly maxConcurrency?: number;
}

/** How functions find the APIs of the assembly. */
export interface FunctionSurroundings {
  /** The environment of a function on this machine. */
  readonly environmentOf: (fn: FunctionModel) => Record<string, string>;
  /** The hosts that the gateway answers for. */
  readonly lead?: Lead;
}

export interface Result extends Invocation {
  /** The integration waited no longer. */
  readonly timedOut?: boolean;
}

/** All functions of the assembly, each with its pool, which is made when it is first called. */
export class Functions {
  private readonly reaper = new Reaper();
  private readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'cdk-websocket-api-')));
  private readonly code = new CodeFolders(this.folder);
  private readonly pools = new Map<string, Promise<FunctionPool>>();
  /** ARNs of functions, and what they may be called for: every message asks. */
  private readonly allowed = new Set<string>();
  private models: ReadonlyMap<string, FunctionModel> = new Map();
  private principals: readonly PrincipalModel[] = [];
  /** By ARN: the folder of the code that runs in place of the asset. */
  private readonly swapped = new Map<string, { readonly asset: string; readonly folder: string }>();
  private closed = false;
  private surroundings: FunctionSurroundings = { environmentOf: ({ environment }) => environment };
  private readonly unled: UnledCalls;

  constructor(private readonly options: FunctionsOptions) {
    this.unled = new UnledCalls(() => this.surroundings.lead?.hosts ?? [], (text) => options.trace.add({ type: 'warning', text }));
    this.reaper.addFolder(this.folder);
  }

  /** Takes the functions of a model, at the start and whenever the assembly changes: those that changed get new environments. */
  public async serve(model: Model, surroundings: FunctionSurroundings): Promise<string[]> {
    const before = this.models;
    const isLedElsewhere = JSON.stringify(this.surroundings.lead) !== JSON.stringify(surroundings.lead);
    this.surroundings = surroundings;
    this.allowed.clear();
    this.principals = model.principals;
    this.models = new Map([...model.functions].map(([arn, fn]) => {
      const { asset, folder } = this.swapped.get(arn) ?? {};
      // The asset has not changed: keep the code that was swapped in.
      return [arn, asset === fn.code ? { ...fn, code: folder! } : fn];
    }));
    const changed: string[] = [];
    for (const [arn, pool] of this.pools) {
      const fn = this.models.get(arn);
      if (!fn) {
        this.pools.delete(arn);
        void pool.then((one) => one.close(), () => undefined);
      } else if (isLedElsewhere || fingerprint(fn) !== fingerprint(before.get(arn)!)) {
        changed.push(fn.path);
        await this.replace(fn);
      }
    }
    return changed;
  }

  /** Other code for a function: what runs already is finished by the old. */
  public async swap(fn: FunctionModel, folder: string) {
    const swapped = { ...fn, code: folder };
    const unused = this.swapped.get(fn.arn)?.folder;
    this.swapped.set(fn.arn, { asset: fn.code, folder });
    this.models = new Map([...this.models, [fn.arn, swapped]]);
    await this.replace(swapped, unused);
  }

  /** What is missing here to run these functions, one line each. */
  public async missing(arns: Iterable<string>): Promise<string[]> {
    const found = [...new Set(arns)].flatMap((arn) => this.find(arn) ?? []);
    const lines = await Promise.all(found.map(async (fn) => missingForFunction(fn, await this.code.open(fn.code), this.options.appFolder)));
    return [...lines, ...found.map(extensionsNote)].filter((line) => line !== undefined);
  }

  /** Never rejects: what goes wrong is in the result, as Lambda would say it. */
  public async invoke(arn: string, event: string, timeoutMillis?: number, ids: Pick<InvokeOptions, 'requestId' | 'traceId'> = {}): Promise<Result> {
    const fn = this.find(arn);
    if (!fn || this.closed) {
      return failure('ResourceNotFoundException', `Function not found: ${arn}`);
    }
    let invocation: Promise<Result>;
    try {
      invocation = (await this.pool(fn)).invoke(event, { ...ids, invokedArn: arn, timeoutMillis }).then((result) => {
        if (result.functionError) { this.unled.look(fn, result.payload); }
        return result;
      });
    } catch (error) {
      return failure('Runtime.InvalidEntrypoint', (error as Error).message);
    }
    return timeoutMillis === undefined ? invocation : inTime(invocation, timeoutMillis);
  }

  public async close() {
    this.closed = true;
    await Promise.all([...this.pools.values()].map((pool) => pool.then((one) => one.close(), () => undefined)));
    await this.reaper.close();
    this.code.removeAll();
  }

  /** The function with this ARN, which may name a version or an alias: there is one version here. */
  public find(arn: string): FunctionModel | undefined {
    return this.models.get(arn) ?? this.models.get(arn.split(':').slice(0, 7).join(':'));
  }

  /**
   * Whether API Gateway may call the function for a route or an authorizer: with the role of the route or authorizer if it has one,
   * otherwise by the resource policy of the function.
   *
   * @returns undefined if it may, otherwise what to do
   */
  public refusal(arn: string, sourceArn: string, roleArn?: string): string | undefined {
    const call = `${arn} ${roleArn ?? sourceArn}`;
    const fn = this.find(arn);
    if (!fn || this.allowed.has(call)) { return undefined; }
    const action = 'lambda:InvokeFunction';
    const role = this.principals.find((principal) => principal.arn === roleArn);
    const qualifier = qualifierOf(arn);
    const invokers = fn.invokers.filter((one) => one.qualifier === qualifier || one.qualifier === '*');
    const decision = roleArn === undefined
      ? isAllowed([{ effect: 'Allow', actions: ['*'], resources: invokers.map((one) => one.sourceArn) }], { action, resource: sourceArn })
      : isAllowed(role?.statements, { action, resource: arn, context: role && conditionKeys(callerOf(role), fn.region) });
    if (decision === 'allow') {
      this.allowed.add(call);
      return undefined;
    }
    return roleArn === undefined
      ? `API Gateway may not invoke \`${fn.path}\`${qualifier === undefined ? '' : ` as \`${qualifier}\``} for \`${sourceArn}\`: `
        + `add an \`AWS::Lambda::Permission\`${qualifier === undefined ? ', with `fn.addPermission()`' : ' to that version or alias, with its `addPermission()`: one of the function does not count'}`
      : denial(decision, `the role \`${roleArn}\``, action, arn, 'fn.grantInvoke(role)');
  }

  /** A folder for what belongs to the gateway alone; it is gone when the gateway is. */
  public newFolder(name: string): string {
    return this.code.newFolder(name);
  }

  private pool(fn: FunctionModel): Promise<FunctionPool> {
    const known = this.pools.get(fn.arn);
    if (known) { return known; }
    const made = this.makePool(fn);
    this.pools.set(fn.arn, made);
    made.catch(() => this.pools.delete(fn.arn));
    return made;
  }

  private async makePool(fn: FunctionModel): Promise<FunctionPool> {
    const { callers, trace, appFolder, maxConcurrency } = this.options;
    const codeFolder = await this.code.run(fn.code);
    return new FunctionPool(this.localized(fn), {
      credentials: callers.credentialsOf(fn.role
        ? callerOf(fn.role)
        : { arn: `arn:aws:sts::${fn.account}:assumed-role/${fn.name}`, name: fn.name, account: fn.account }),
      codeFolder,
      layersFolder: await this.code.layersOf(fn),
      appFolder,
      maxConcurrency,
      lead: this.surroundings.lead,
      reaper: this.reaper,
      onLog: (line) => {
        trace.add({ type: 'function-log', function: fn.path, ...line });
        this.unled.look(fn, line.text);
      },
      onEvent: ({ type: what, ...rest }) => trace.add({ type: 'function', function: fn.path, what, ...rest }),
    });
  }

  /** @param unused a folder that is removed when nothing runs in it any more */
  private async replace(fn: FunctionModel, unused?: string) {
    const pool = await this.pools.get(fn.arn);
    const gone = pool?.replace(this.localized(fn), await this.code.run(fn.code));
    if (unused === undefined) { return; }
    void Promise.resolve(gone).then(() => this.code.remove(unused));
  }

  private localized(fn: FunctionModel): FunctionModel {
    return { ...fn, environment: this.surroundings.environmentOf(fn) };
  }
}

/** The version or alias that an ARN names. */
export function qualifierOf(arn: string): string | undefined {
  const [, qualifier] = /^(?:[^:]*:){7}(.+)$/.exec(arn) ?? [];
  return qualifier === '$LATEST' ? undefined : qualifier;
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

/** What a running environment depends on. */
function fingerprint({ code, layers, environment, handler, runtime, timeoutSeconds, memoryMB, role }: FunctionModel): string {
  return JSON.stringify([code, layers, environment, handler, runtime, timeoutSeconds, memoryMB, role?.arn]);
}
