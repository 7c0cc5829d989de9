import { Annotations, Names, Stack } from 'aws-cdk-lib';
import { IGrantable, IRole, Role } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
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

  public permit(permissions: Permissions[]): void {
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

/** What `mutable: false` and `withoutPolicyUpdates()` make, and an imported role of another account. CDK keeps the class to itself. */
function isImmutable(role: IRole): boolean {
  return (role.constructor as { PROPERTY_INJECTION_ID?: string }).PROPERTY_INJECTION_ID === 'aws-cdk-lib.aws-iam.ImmutableRole';
}
