import { setTimeout } from 'node:timers/promises';
import { APIGatewayClient, GetAccountCommand, UpdateAccountCommand } from '@aws-sdk/client-api-gateway';

/** What CloudFormation sends, as far as it matters here. */
export interface AccountLogRoleEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResourceProperties: { readonly RoleArn: string };
}

/** The two calls, and the clock. */
export interface Account {
  getLogRole(): Promise<string | undefined>;
  setLogRole(roleArn: string): Promise<void>;
  wait(milliseconds: number): Promise<unknown>;
}

/** There is one setting in an account and region, so the resource is the same thing whatever the role: it is never replaced. */
const PHYSICAL_RESOURCE_ID = 'apigateway-account-log-role';

/** IAM takes some seconds until API Gateway may assume a new role; the function has five minutes. */
const ATTEMPTS = 20;
const WAIT = 10_000;

/** Sets the account's role if none is set. Never unsets it: other APIs may have come to use it. */
export async function handler(event: AccountLogRoleEvent, _context?: unknown, account: Account = apiGatewayAccount()) {
  if (event.RequestType !== 'Delete') {
    await setIfUnset(event.ResourceProperties.RoleArn, account);
  }
  return { PhysicalResourceId: PHYSICAL_RESOURCE_ID };
}

async function setIfUnset(roleArn: string, account: Account) {
  for (let attempt = 1; ; attempt++) {
    try {
      // Read again each time: another stack may have been faster, and then there is nothing left to do.
      const current = await account.getLogRole();
      if (current) {
        console.log(`The account has a log role already: ${current}`);
        return;
      }
      await account.setLogRole(roleArn);
      console.log(`Set the account's log role: ${roleArn}`);
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || !isTransient(error as Error)) { throw error; }
      console.log(`Attempt ${attempt} of ${ATTEMPTS}: ${error}`);
      await account.wait(WAIT);
    }
  }
}

function isTransient({ name, message }: Error): boolean {
  return ['TooManyRequestsException', 'ThrottlingException', 'ConflictException', 'ServiceUnavailableException', 'InternalFailure'].includes(name)
    // IAM has not told API Gateway of the new role yet.
    || (name === 'BadRequestException' && /role/i.test(message));
}

function apiGatewayAccount(): Account {
  const client = new APIGatewayClient();
  return {
    getLogRole: async () => (await client.send(new GetAccountCommand())).cloudwatchRoleArn,
    setLogRole: async (roleArn) => {
      await client.send(new UpdateAccountCommand({
        patchOperations: [{ op: 'replace', path: '/cloudwatchRoleArn', value: roleArn }],
      }));
    },
    wait: setTimeout,
  };
}
