import { createRequire } from 'node:module';

/** What CloudFormation's own validator has to say. */
export interface ValidatorFinding {
  readonly ruleId: string;
  readonly severity: string;
  readonly message: string;
  /** What it is about: a resource, a parameter, an output. */
  readonly entity?: { readonly logicalId: string };
  readonly propertyPath?: string;
}

interface Validator {
  readonly CompositeEngine: new () => { validateTemplate(template: object, config: object): { diagnostics: ValidatorFinding[] } };
  readonly TemplateContent: new (content: string, name: string) => object;
}

/** Compiling the rules takes seconds, so it is done once. */
let engine: InstanceType<Validator['CompositeEngine']> | undefined;

/**
 * Validates a template as `cdk synth` does in strict mode, where a warning is an error. The newest CDK brings the validator along; on
 * the floor, there is none.
 *
 * @param env where the stack is deployed to, as far as it is known
 */
export function validate(template: object, env: { account?: string; region?: string } = {}): ValidatorFinding[] {
  const validator: Validator = createRequire(require.resolve('cdk-newest/package.json'))('@aws/cloudformation-validate');
  engine ??= new validator.CompositeEngine();
  return engine.validateTemplate(new validator.TemplateContent(JSON.stringify(template), 'template.json'), {
    strict: true,
    severityLevel: 'WARN',
    pseudoParameterOverrides: { accountId: env.account, region: env.region },
  }).diagnostics;
}
