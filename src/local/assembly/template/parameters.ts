import { Evaluator, Missing } from './evaluator';
import { anyText, asRecord, asText, JsonRecord } from '../../definition/json-value';
import { StackTemplate } from '../assembly';

/** What resources say of each other. */
interface ResourceLookup {
  ref(stack: StackTemplate, name: string, missing: Missing): unknown;
  getAtt(stack: StackTemplate, path: readonly string[], missing: Missing): unknown;
}

/** The values of template parameters, and of parameters in the Parameter Store that the app itself makes. */
export class Parameters {
  constructor(private readonly evaluator: Evaluator, private readonly references: ResourceLookup) {}

  public valueOf(stack: StackTemplate, name: string, missing: Missing): unknown {
    const { Type, Default } = stack.parameters.get(name)!;
    const type = asText(Type) ?? 'String';
    const fromEnvironment = this.evaluator.given.get(`${stack.name}.${name}`);
    const given = fromEnvironment ?? this.passed(stack, name, missing) ?? own(stack.givenParameters, name) ?? Default;
    const value = type.startsWith('AWS::SSM::Parameter::Value') && fromEnvironment === undefined
      ? this.ofParameterStore(stack, asText(given) ?? '', missing)
      : given;
    return /^List<|CommaDelimitedList|Value<List</.test(type) && typeof value === 'string' ? value.split(',').map((item) => item.trim())
      : Array.isArray(value) ? value : asText(value);
  }

  public ofParameterStore(from: StackTemplate, name: string, missing: Missing): unknown {
    for (const stack of this.evaluator.stacks.filter(({ account, region }) => account === from.account && region === from.region)) {
      for (const [logicalId, { Type }] of stack.resources) {
        if (Type === 'AWS::SSM::Parameter' && this.references.ref(stack, logicalId, new Set()) === name) {
          return this.references.getAtt(stack, [logicalId, 'Value'], missing);
        }
      }
    }
    return undefined;
  }

  /** What the stack around a nested one gives it. */
  private passed({ parent }: StackTemplate, name: string, missing: Missing): unknown {
    if (!parent) { return undefined; }
    const given = own(asRecord(asRecord(parent.stack.resources.get(parent.logicalId)?.Properties).Parameters), name);
    const value = this.evaluator.evaluate(parent.stack, given, missing);
    return Array.isArray(value) ? anyText(value) : value;
  }
}

/** Parameters may have the name of something that every object has. */
function own(values: JsonRecord, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
