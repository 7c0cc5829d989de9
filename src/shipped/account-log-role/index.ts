import { Account, awsAccount } from './account';
import { isTransient, refused } from './faults';
import { LogRole, logRole, LogRoleProperties } from './log-role';

/** The parts of CloudFormation's event that matter here. */
export interface AccountLogRoleEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResourceProperties: LogRoleProperties;
}

/** An account has one setting in a Region, so the resource stays the same whatever the role: CloudFormation never replaces it. */
const PHYSICAL_RESOURCE_ID = 'apigateway-account-log-role';

/** API Gateway may assume a new role only after some seconds. The function has five minutes. */
const ATTEMPTS = 20;
const WAIT = 10_000;

/** A role that IAM does not know may just be too new, so ask three times before you call it gone. */
const LOOKS = 3;

/**
 * Sets the account's log role if none is set, or if the one that is set is gone. Never unsets it: other APIs may have come to use it.
 */
export async function handler(event: AccountLogRoleEvent, _context?: unknown, account: Account = awsAccount()) {
  if (event.RequestType !== 'Delete') {
    await ensure(logRole(event.ResourceProperties), account);
  }
  return { PhysicalResourceId: PHYSICAL_RESOURCE_ID };
}

async function ensure(role: LogRole, account: Account): Promise<void> {
  const gone = new Set<string>();
  for (let attempt = 1; ; attempt++) {
    try {
      // Each attempt reads the setting again: another stack may have set it meanwhile.
      return await ensureOnce(role, account, gone);
    } catch (error) {
      if (attempt === ATTEMPTS || !isTransient(error as Error, attempt)) { throw refused(role, error as Error); }
      console.log(`Attempt ${attempt} of ${ATTEMPTS}: ${error}`);
      await account.wait(WAIT);
    }
  }
}

/** @param gone the roles that are known to be gone, so that nobody waits for them twice */
async function ensureOnce(role: LogRole, account: Account, gone: Set<string>): Promise<void> {
  for (;;) {
    const current = await account.getLogRole();
    if (current && !gone.has(current) && await exists(current, account)) {
      console.log(`The account's log role is ${current}`);
      return;
    }
    if (current) {
      gone.add(current);
      console.log(`The account's log role ${current} is gone`);
    }
    // Two stacks may both come here. The role has one name, and each of these calls may be made twice.
    await account.createRole(role);
    await account.attachPolicy(role);
    if (await account.getLogRole() === current) { break; }
  }
  await account.setLogRole(role.arn);
  console.log(`Set the account's log role: ${role.arn}`);
}

async function exists(roleArn: string, account: Account): Promise<boolean> {
  for (let look = 1; ; look++) {
    if (await account.roleExists(roleArn)) { return true; }
    if (look === LOOKS) { return false; }
    await account.wait(WAIT);
  }
}
