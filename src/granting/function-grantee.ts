import { Annotations, Names, Stack } from 'aws-cdk-lib';
import { IGrantable, IRole, Policy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { Invocation } from './invocation';
import { Permissions } from '../permissions';

/**
 * Attaches permissions to the role of a function.
 *
 * If the role belongs to another stack, the policies are created in `scope` and name the role, so references go from `scope` to the
 * role and never back. Nothing is attached to a role that CDK must not change: a warning says what it has to allow.
 */
export class FunctionGrantee {
  private readonly grantee: IGrantable;

  constructor(private readonly scope: Construct, private readonly fn: IFunction) {
    this.grantee = fn.role && isElsewhere(scope, fn.role) && !isImmutable(fn.role)
      // Other stacks may attach to the same role: a policy replaces another one of its name.
      ? Role.fromRoleName(scope, 'Role', fn.role.roleName, { defaultPolicyName: `Policy${Names.uniqueResourceName(scope, { maxLength: 122 })}` })
      : fn;
  }

  /** @param statements what the API permits of itself */
  public permit(permissions: Permissions[], statements: PolicyStatement[] = []): void {
    const isApart = (statement: PolicyStatement) => this.hasSharedRole && statement instanceof Invocation;
    statements.filter(isApart).forEach((statement) => this.policyBesideRole.addStatements(statement));
    const others = statements.filter((statement) => !isApart(statement));
    this.attach([...others.map((statement) => Permissions.statement(statement)), ...permissions]);
  }

  /** @param called the function, or an alias of it, which may be a new version with each deployment */
  public permitItself(called: IFunction): void {
    const { fn } = this;
    const statement = new Invocation(fn.functionArn, ...fn === called ? [] : [`${fn.functionArn}:*`]);
    if (isOwn(fn) && isInTemplate(fn.role!)) {
      // Not in the policy of the role, which the function waits for.
      new Policy(fn, 'Itself', { roles: [fn.role!], statements: [statement] });
    } else {
      this.permit([], [statement]);
    }
  }

  /**
   * Whether several functions may have the role. They wait for its policy, which must not name one of them.
   */
  private get hasSharedRole(): boolean {
    const { scope, fn } = this;
    return fn.role !== undefined && !isOwn(fn) && !isElsewhere(scope, fn.role) && !isImmutable(fn.role) && isInTemplate(fn.role);
  }

  /** For what the role's own policy cannot hold: one for all functions of the stack. */
  private get policyBesideRole(): Policy {
    const { scope, fn } = this;
    const stack = Stack.of(scope);
    const id = `Invocations ${fn.role!.node.addr}`;
    return stack.node.tryFindChild(id) as Policy | undefined ?? new Policy(stack, id, { roles: [fn.role!] });
  }

  private attach(permissions: Permissions[]): void {
    if (permissions.length === 0) { return; }
    const { fn, scope } = this;
    if (!fn.role) {
      Annotations.of(scope).addWarningV2('cdk-websocket-api:unknownRole',
        `the role of function \`${fn.node.path}\` is not known, so it is not permitted to post to connections, nor anything else: ` +
        'permit `execute-api:ManageConnections` where the function is created, or import it with its role, by `Function.fromFunctionAttributes()`');
      return;
    }
    if (isImmutable(fn.role)) {
      Annotations.of(scope).addWarningV2('cdk-websocket-api:immutableRole',
        `role \`${fn.role.node.path}\` of function \`${fn.node.path}\` must not be changed, so nothing is attached to it: ` +
        `make sure that it allows ${permissions.map((permission) => permission._allows).join('; ')}`);
    }
    const dropped = permissions.filter((permission) => !permission._attach(this.grantee));
    if (dropped.length > 0) {
      Annotations.of(scope).addWarningV2('cdk-websocket-api:nothingGranted',
        `function \`${fn.node.path}\` is not permitted ${dropped.map(({ _allows }) => _allows).join('; ')}: CDK drops it, or a part of it, without an error, ` +
        'because what it names is imported; import it by its ARN, or write what the function may do with `Permissions.statement(…)`');
    }
  }
}

function isElsewhere(scope: Construct, role: IRole): boolean {
  return Stack.of(role) !== Stack.of(scope);
}

/** Whether CDK has made the role for the function alone. */
function isOwn(fn: IFunction): boolean {
  return fn.role?.node.scope === fn;
}

/** Whether policies can be attached to the role. `Role.customizeRoles()` leaves roles out, and reports what they have to allow. */
function isInTemplate(role: IRole): boolean {
  return !Role.isRole(role) || role.node.defaultChild !== undefined;
}

/** What `mutable: false` and `withoutPolicyUpdates()` make, and an imported role of another account. CDK keeps the class to itself. */
function isImmutable(role: IRole): boolean {
  return (role.constructor as { PROPERTY_INJECTION_ID?: string }).PROPERTY_INJECTION_ID === 'aws-cdk-lib.aws-iam.ImmutableRole';
}
