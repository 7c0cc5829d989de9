import { Attributes } from './attributes';
import { Evaluator, Missing } from './evaluator';
import { stackId } from './made-ids';
import { Parameters } from './parameters';
import { partitionOf } from './partition';
import { asRecord, asText, JsonRecord } from '../../definition/json-value';
import { StackTemplate } from '../assembly';

const PSEUDO_PARAMETERS: ReadonlyMap<string, (stack: StackTemplate) => unknown> = new Map(Object.entries({
  'AWS::AccountId': ({ account }: StackTemplate) => account,
  'AWS::NotificationARNs': () => [],
  'AWS::Partition': ({ region }: StackTemplate) => partitionOf(region).name,
  'AWS::Region': ({ region }: StackTemplate) => region,
  'AWS::StackId': stackId,
  'AWS::StackName': ({ name }: StackTemplate) => name,
  'AWS::URLSuffix': ({ region }: StackTemplate) => partitionOf(region).urlSuffix,
}));

/** An output with a name that other stacks import. */
interface Exported {
  readonly stack: StackTemplate;
  readonly value: unknown;
}

/** What a template refers to: parameters and resources of its stack, outputs of other stacks. */
export class References {
  private readonly attributes: Attributes;
  private readonly parameters: Parameters;
  private exports: ReadonlyMap<string, Exported> = new Map();
  /** While the names of exports are evaluated, they find no exports: a name that is imported itself is not known. */
  private exportsAre: 'unread' | 'being read' | 'read' = 'unread';

  constructor(private readonly evaluator: Evaluator) {
    this.attributes = new Attributes(evaluator, this);
    this.parameters = new Parameters(evaluator, this);
  }

  public ref(stack: StackTemplate, name: string, missing: Missing): unknown {
    if (name === 'AWS::NoValue') { return undefined; }
    return PSEUDO_PARAMETERS.get(name)?.(stack) ?? this.named(stack, name, missing, (within) => (
      stack.parameters.has(name) ? this.parameters.valueOf(stack, name, within) : this.attribute(stack, name, undefined, within)
    ));
  }

  public getAtt(stack: StackTemplate, [logicalId = '', ...rest]: readonly string[], missing: Missing): unknown {
    const attribute = rest.join('.');
    return this.named(stack, `${logicalId}.${attribute}`, missing, (within) => this.attribute(stack, logicalId, attribute, within));
  }

  /** What the user gives by its name, else what AWS might say. */
  private attribute(stack: StackTemplate, logicalId: string, attribute: string | undefined, missing: Missing): unknown {
    return this.evaluator.given.get([stack.name, logicalId, ...attribute === undefined ? [] : [attribute]].join('.'))
      ?? this.attributes.valueOf(stack, logicalId, attribute, missing);
  }

  public importValue(from: StackTemplate, name: string, missing: Missing): unknown {
    const key = exportKey(from, name);
    return this.evaluator.once(`export ${key}`, name, missing, (within) => {
      const found = this.allExports().get(key);
      return found && this.evaluator.evaluate(found.stack, found.value, within);
    });
  }

  /** An output of a stack that need not export it, also in another account or Region. */
  public stackOutput(from: StackTemplate, { StackName, OutputName, Region, RoleArn }: JsonRecord, missing: Missing): unknown {
    const name = asText(StackName) ?? '';
    const output = asText(OutputName) ?? '';
    const account = asText(RoleArn)?.split(':')[4] ?? from.account;
    const region = asText(Region) ?? from.region;
    return this.evaluator.once(`output ${account}/${region}/${name} ${output}`, `${name}.${output}`, missing, (within) => {
      const isNamed = (one: StackTemplate) => !one.parent && one.name === name && one.account === account && one.region === region;
      const stack = this.evaluator.stacks.find(isNamed);
      const found = stack?.outputs.get(output);
      return stack && found && this.evaluator.evaluate(stack, found.Value, within);
    });
  }

  /** `{{resolve:…}}` in a text. */
  public dynamic(stack: StackTemplate, reference: string, missing: Missing): unknown {
    const [, , parameter] = /^resolve:(ssm|ssm-secure):([^:]+)/.exec(reference) ?? [];
    return this.evaluator.once(`${stack.id} ${reference}`, reference, missing, (within) => (
      parameter === undefined ? undefined : this.parameters.ofParameterStore(stack, parameter, within)
    ));
  }

  private named(stack: StackTemplate, name: string, missing: Missing, make: (missing: Missing) => unknown): unknown {
    return this.evaluator.once(`${stack.id} ${name}`, `${stack.name}.${name}`, missing, make);
  }

  private allExports(): ReadonlyMap<string, Exported> {
    if (this.exportsAre === 'unread') {
      this.exportsAre = 'being read';
      this.exports = this.readExports();
      this.exportsAre = 'read';
    }
    return this.exports;
  }

  private readExports(): Map<string, Exported> {
    return new Map(this.evaluator.stacks.flatMap((stack) => [...stack.outputs.values()].flatMap(({ Export, Value, Condition }) => {
      const exported = asRecord(Export).Name;
      if (exported === undefined || (typeof Condition === 'string' && !this.evaluator.condition(stack, Condition, new Set()))) { return []; }
      const name = asText(this.evaluator.evaluate(stack, exported, new Set())) ?? '';
      return [[exportKey(stack, name), { stack, value: Value }] as const];
    })));
  }
}

function exportKey({ account, region }: StackTemplate, name: string): string {
  return `${account}/${region}/${name}`;
}
