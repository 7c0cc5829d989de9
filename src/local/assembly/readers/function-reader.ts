import { existsSync } from 'node:fs';
import { asText, asTextRecord } from '../../definition/json-value';
import { FunctionModel } from '../../definition/model';
import { IncompleteAssemblyError } from '../assembly';
import { inlineAsset, isInlineAsset } from '../asset';
import { Findings } from '../findings';
import { GivenValues } from '../given-values';
import { Asynchronous } from './asynchronous';
import { Invokers } from './invokers';
import { Layers } from './layers';
import { Principals } from './policy-reader';
import { Resource, Resources } from '../template/resource';

/** Lambda's defaults. */
const DEFAULT_TIMEOUT_SECONDS = 3;
const DEFAULT_MEMORY_MB = 128;

/** What has to be known to run a function. */
const NEEDED = ['Architectures', 'Environment', 'FunctionName', 'Handler', 'Layers', 'MemorySize', 'Role', 'Runtime', 'Timeout'];

/** The Lambda functions of an app. */
export class FunctionReader {
  /** Those whose code is in the assembly, by their ARNs without a qualifier. */
  public readonly functions: ReadonlyMap<string, FunctionModel>;
  private readonly resourcesByArn: ReadonlyMap<string, Resource>;
  private readonly layers: Layers;
  private readonly usedArns = new Set<string>();

  constructor(resources: Resources, private readonly principals: Principals, private readonly findings: Findings, given: GivenValues) {
    const parts: FunctionParts = {
      layers: new Layers(resources, given), invokers: new Invokers(resources), asynchronous: new Asynchronous(resources), principals,
    };
    this.resourcesByArn = new Map(resources.ofType('AWS::Lambda::Function').map((fn) => [fn.attribute('Arn'), fn]));
    this.functions = new Map([...this.resourcesByArn].flatMap(([arn, fn]) => {
      const code = codeOf(fn);
      return code === undefined ? [] : [[arn, readFunction(arn, code, fn, parts)] as const];
    }));
    this.layers = parts.layers;
  }

  /** Those that are called by something that is served. */
  public get used(): FunctionModel[] {
    return [...this.usedArns].flatMap((arn) => this.functions.get(arn) ?? []);
  }

  /** Notes that something served calls this function, and warns if it is unknown or cannot run. */
  public use(arn: string, usedBy: string) {
    const unqualified = arn.split(':').slice(0, 7).join(':');
    const resource = this.resourcesByArn.get(unqualified);
    const model = this.functions.get(unqualified);
    if (!resource || !model) {
      this.findings.warn(`${usedBy} calls \`${resource?.path ?? arn}\`, which ${resource ? whyNot(resource) : 'is not in the app'}: it fails here`);
      return;
    }
    this.usedArns.add(unqualified);
    const lost = [model.code, ...model.layers].find((asset) => !isInlineAsset(asset) && !existsSync(asset));
    if (lost !== undefined) {
      throw new IncompleteAssemblyError(`\`${lost}\`, which \`${model.path}\` runs, is missing, although the assembly lists it: run \`cdk synth\``);
    }
    this.findings.use(resource, ...NEEDED, ...isInlineAsset(model.code) ? ['Code'] : []);
    for (const layer of this.layers.of(resource).filter(({ path }) => path === undefined)) {
      this.findings.warn(`\`${model.path}\` has the layer \`${layer.arn}\`, whose files are not in the assembly: it runs without them here, `
        + `unless you name a folder or zip file with them in the env file, as \`${layer.arn}=…\``);
    }
    if (model.role) { this.principals.use(model.role.arn, model.path); }
  }
}

interface FunctionParts {
  readonly layers: Layers;
  readonly invokers: Invokers;
  readonly asynchronous: Asynchronous;
  readonly principals: Principals;
}

function readFunction(arn: string, code: string, fn: Resource, parts: FunctionParts): FunctionModel {
  const { layers, invokers, asynchronous, principals } = parts;
  const reservedConcurrency = fn.number('ReservedConcurrentExecutions');
  const role = fn.text('Role');
  const { source } = fn;
  return {
    arn,
    name: fn.ref,
    path: fn.path,
    region: fn.stack.region,
    account: fn.stack.account,
    runtime: fn.text('Runtime') ?? '',
    handler: fn.text('Handler') ?? '',
    architecture: fn.texts('Architectures')[0] === 'arm64' ? 'arm64' : 'x86_64',
    code,
    layers: layers.of(fn).flatMap(({ path }) => path ?? []),
    environment: asTextRecord(fn.record('Environment').Variables),
    timeoutSeconds: fn.number('Timeout') ?? DEFAULT_TIMEOUT_SECONDS,
    memoryMB: fn.number('MemorySize') ?? DEFAULT_MEMORY_MB,
    invokers: invokers.of(arn, fn.ref),
    ...asynchronous.of(arn, fn),
    ...reservedConcurrency === undefined ? {} : { reservedConcurrency },
    ...role === undefined || fn.missing(['Role']).length > 0 ? {} : { role: principals.find(role) },
    ...source ? { source } : {},
  };
}

/** Undefined if it is not in the assembly. */
function codeOf(fn: Resource): string | undefined {
  if (isImage(fn)) { return undefined; }
  const inline = asText(fn.record('Code').ZipFile);
  return inline === undefined ? fn.asset('Code', 'S3Key') : inlineAsset(`index.${fn.text('Runtime')?.startsWith('python') ? 'py' : 'js'}`, inline);
}

function whyNot(fn: Resource): string {
  return isImage(fn) ? 'is a container image, which needs Docker' : 'has no code in the assembly';
}

function isImage(fn: Resource): boolean {
  return fn.text('PackageType') === 'Image' || fn.record('Code').ImageUri !== undefined;
}
