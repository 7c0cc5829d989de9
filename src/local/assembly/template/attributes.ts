import { Evaluator, Missing } from './evaluator';
import { hashOf, stackId, uuidOf } from './made-ids';
import { partitionOf } from './partition';
import { resourceKind } from './resource-kinds';
import { asFlag, asRecord, asText } from '../../definition/json-value';
import { StackTemplate } from '../assembly';

/** What resources say of each other. */
interface RefLookup {
  ref(stack: StackTemplate, name: string, missing: Missing): unknown;
}

/** What `Ref` and `Fn::GetAtt` say of resources. */
export class Attributes {
  constructor(private readonly evaluator: Evaluator, private readonly references: RefLookup) {}

  /** Undefined if it cannot be known. Without an attribute: what `Ref` says. */
  public valueOf(stack: StackTemplate, logicalId: string, attribute: string | undefined, missing: Missing): unknown {
    const resource = stack.resources.get(logicalId);
    if (!resource || !this.evaluator.exists(stack, logicalId, missing)) { return undefined; }
    const type = asText(resource.Type) ?? '';
    if (type === 'AWS::CloudFormation::Stack') { return this.ofNestedStack(stack, logicalId, attribute, missing); }
    if (type === 'Custom::CrossRegionExportReader') { return this.crossRegionExport(stack, attribute ?? '', missing); }
    if (isCustom(type)) { return undefined; }
    const kind = resourceKind(type);
    const known = new Map(Object.entries({ ...kind.attributes, '': kind.ref ?? '{name}' }));
    const template = known.get(attribute ?? '');
    return template === undefined ? undefined : this.fill(template, stack, logicalId, missing);
  }

  /** Undefined if a property that it needs is missing. */
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
    const property = (key: string) => (
      asText(this.evaluator.evaluate(stack, asRecord(stack.resources.get(logicalId)?.Properties)[key], missing))
    );
    const hash = (length: number) => hashOf(length, stack.account, stack.region, stack.name, logicalId);
    switch (name) {
      case 'partition': return partition;
      case 'suffix': return urlSuffix;
      case 'region': return stack.region;
      case 'account': return stack.account;
      case 'name': return this.physicalName(stack, logicalId, missing);
      case 'ref': return asText(this.references.ref(stack, logicalId, missing));
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
    const { nameProperty, maxNameLength = Infinity, lowerCaseName } = resourceKind(asText(Type) ?? '');
    const { [nameProperty ?? '']: name, FifoQueue, FifoTopic } = asRecord(Properties);
    const given = asText(this.evaluator.evaluate(stack, name, missing));
    if (given !== undefined) { return given; }
    const made = `${stack.name}-${logicalId}`;
    const short = made.length <= maxNameLength ? made : `${made.slice(0, maxNameLength - 11)}-${hashOf(10, made)}`;
    return `${lowerCaseName ? short.toLowerCase() : short}${asFlag(FifoQueue) || asFlag(FifoTopic) ? '.fifo' : ''}`;
  }

  private ofNestedStack(stack: StackTemplate, logicalId: string, attribute: string | undefined, missing: Missing): unknown {
    const nested = stack.nested.get(logicalId);
    if (!nested) { return undefined; }
    if (attribute === undefined) { return stackId(nested); }
    const output = nested.outputs.get(attribute.replace(/^Outputs\./, ''));
    return output && this.evaluator.evaluate(nested, output.Value, missing);
  }

  /** The CDK brings values to other Regions with custom resources: one writes them, one reads them. */
  private crossRegionExport(from: StackTemplate, key: string, missing: Missing): unknown {
    for (const stack of this.evaluator.stacks.filter(({ account }) => account === from.account)) {
      for (const { Type, Properties } of stack.resources.values()) {
        const { region, exports } = asRecord(asRecord(Properties).WriterProps);
        const written = asRecord(exports);
        if (Type === 'Custom::CrossRegionExportWriter' && region === from.region && Object.hasOwn(written, key)) {
          return this.evaluator.evaluate(stack, written[key], missing);
        }
      }
    }
    return undefined;
  }
}

/** Made by code that does not run here. */
function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}
