import { Token } from 'aws-cdk-lib';
import { IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { CONSTRUCT, POLICY_STATEMENT } from './given/cdk-kinds';
import { checkArgument, checkRest, made, TEXT } from './given/kind';
import { className } from './given/value';
import { fullAccess, KNOWN_RESOURCES } from './granting/full-access';
import { grantMethods, isGranted } from './granting/grant-methods';

/**
 * What a function may do.
 *
 * Start with `Permissions.grant`, which gives exactly what the construct's own grant method gives. `fullAccess`, `service` and `all` give
 * far more than a function needs.
 *
 * @example
 * api.attachPermissions(Permissions.grant(table, 'grantReadWriteData'));
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export class Permissions {
  /**
   * Every action on every resource: the function may do anything in the account. Meant for experiments only.
   */
  public static all(): Permissions {
    return Permissions.statement(new PolicyStatement({ actions: ['*'], resources: ['*'] }));
  }

  /**
   * Every action of a service, on every resource.
   *
   * @param service the service's prefix in IAM, such as `s3`. An error if it is empty or has other characters than `a-z`, `0-9` and `-`
   */
  public static service(service: string): Permissions {
    checkArgument('`service` of `Permissions.service()`', TEXT, service);
    if (!Token.isUnresolved(service) && !/^[a-z0-9-]+$/.test(service)) {
      throw new Error(`\`Permissions.service(${JSON.stringify(service)})\` is no IAM service prefix: write it as in an action, such as \`"s3"\` for \`s3:GetObject\``);
    }
    return Permissions.statement(new PolicyStatement({ actions: [`${service}:*`], resources: ['*'] }));
  }

  /**
   * One action.
   *
   * @param action the action, such as `dynamodb:GetItem`; `*` stands for any text. An error if it has another shape
   * @param resourceArns the ARNs of the resources, or `*`: an error otherwise. None means every resource
   */
  public static action(action: string, ...resourceArns: string[]): Permissions {
    checkArgument('`action` of `Permissions.action()`', TEXT, action);
    checkRest('`resourceArns` of `Permissions.action()`', TEXT, resourceArns, 'Permissions.action(action, ...resourceArns)');
    if (!Token.isUnresolved(action) && !/^[a-z0-9-]+:[A-Za-z0-9*?]+$/.test(action)) {
      throw new Error(`\`Permissions.action(${JSON.stringify(action)})\` is no IAM action: write \`"service:Action"\`, such as \`"dynamodb:GetItem"\``);
    }
    const wrong = resourceArns.find((arn) => !Token.isUnresolved(arn) && arn !== '*' && !arn.startsWith('arn:'));
    if (wrong !== undefined) {
      throw new Error(`\`${JSON.stringify(wrong)}\` in \`resourceArns\` of \`Permissions.action()\` is no ARN: write the whole ARN, such as \`bucket.arnForObjects("*")\`, or \`"*"\``);
    }
    return Permissions.statement(new PolicyStatement({ actions: [action], resources: resourceArns.length > 0 ? resourceArns : ['*'] }));
  }

  /**
   * Every action of the service on one resource. That includes deleting it and changing who may use it: on a Lambda function it is
   * replacing the code, and with it whatever the function's role may do; on a KMS key it is rewriting the key's policy. Prefer
   * `Permissions.grant`.
   *
   * The resource is created or imported: a DynamoDB table, S3 bucket, SNS topic, SQS queue, Kinesis stream, EventBridge bus, Step
   * Functions state machine (and its executions), Lambda function, secret, KMS key, Firehose delivery stream, SSM parameter, Cognito user
   * pool, an Aurora cluster's Data API (and its secret), or another `WebSocketApi` (to connect, and to post to its connections). If the
   * resource is encrypted with a KMS key of its own, the function may use that key too.
   *
   * @param construct the resource. An error if it is of another kind, whatever its properties are called: use `grant()` or `statement()`
   */
  public static fullAccess(construct: IConstruct): Permissions {
    checkArgument('`construct` of `Permissions.fullAccess()`', CONSTRUCT, construct);
    const grant = fullAccess(construct);
    if (!grant) {
      throw new Error(`\`Permissions.fullAccess()\` does not know what \`${construct.node.path}\` (${className(construct)}) is: ` +
        `it knows ${KNOWN_RESOURCES}; use \`Permissions.grant(construct, "grant…")\` or \`Permissions.statement(…)\``);
    }
    return new Permissions(grant, `every action on \`${construct.node.path}\``);
  }

  /**
   * What one of the construct's own grant methods grants. Start with this one.
   *
   * @param construct the construct
   * @param method the name of the method, such as `grantRead`, also as other languages write it: `grant_read`, `GrantRead`. It is called
   * with the function alone. An error that lists the construct's grant methods if it is none of them, or needs more than the function
   */
  public static grant(construct: IConstruct, method: string): Permissions {
    checkArgument('`construct` of `Permissions.grant()`', CONSTRUCT, construct);
    checkArgument('`method` of `Permissions.grant()`', TEXT, method);
    const methods = grantMethods(construct);
    const name = method.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase()).replace(/^G/, 'g');
    if (!methods.includes(name)) {
      throw new Error(`\`${construct.node.path}\` (${className(construct)}) has no grant method \`${JSON.stringify(method)}\`: ` +
        (methods.length > 0 ? `it has ${methods.map((one) => `\`${one}\``).join(', ')}` : 'it has none; use `Permissions.statement(…)`'));
    }
    return new Permissions(
      (grantee) => isGranted((construct as unknown as Record<string, (to: IGrantable) => unknown>)[name](grantee)),
      `what \`${name}\` of \`${construct.node.path}\` grants`,
    );
  }

  /**
   * What a policy statement says.
   */
  public static statement(statement: PolicyStatement): Permissions {
    checkArgument('`statement` of `Permissions.statement()`', POLICY_STATEMENT, statement);
    return new Permissions((grantee) => grantee.grantPrincipal.addToPrincipalPolicy(statement).statementAdded, inWords(statement));
  }

  private constructor(
    private readonly grant: (grantee: IGrantable) => boolean,
    /**
     * What is permitted, in the words of a warning.
     *
     * @internal
     */
    public readonly _allows: string,
  ) {
  }

  /**
   * @returns false if CDK dropped something of it without a word
   * @internal
   */
  public _attach(grantee: IGrantable): boolean {
    return this.grant(grantee);
  }
}

/** The kind of permissions, for those who take them. */
export const PERMISSION = made(Permissions, (value) => {
  if (POLICY_STATEMENT.accepts(value)) { return 'Permissions.statement(statement)'; }
  return CONSTRUCT.accepts(value) ? 'Permissions.grant(construct, "grant…")' : undefined;
});

/** Tokens say nothing to a reader, so resources are named only if all of them are known. */
function inWords({ actions, resources }: PolicyStatement): string {
  const named = Token.isUnresolved(resources) || resources.some((resource) => Token.isUnresolved(resource)) ? [] : resources;
  const quote = (texts: string[]) => texts.map((text) => `\`${text}\``).join(', ');
  return `${quote(actions)}${named.length > 0 ? ` on ${quote(named)}` : ''}`;
}
