import { setTimeout } from 'node:timers/promises';
import { APIGatewayClient, GetAccountCommand, UpdateAccountCommand } from '@aws-sdk/client-api-gateway';
import { AttachRolePolicyCommand, CreateRoleCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { codeOf } from './faults';
import { LogRole, trustPolicy } from './log-role';

/** The calls to AWS, and the clock. */
export interface Account {
  getLogRole(): Promise<string | undefined>;
  setLogRole(roleArn: string): Promise<void>;
  /** False only if IAM says that there is no such role. */
  roleExists(roleArn: string): Promise<boolean>;
  /** Does nothing if the role is there. */
  createRole(role: LogRole): Promise<void>;
  attachPolicy(role: LogRole): Promise<void>;
  wait(milliseconds: number): Promise<unknown>;
}

/** The account of the function. Lambda's Node.js runtimes carry the SDK. */
export function awsAccount(): Account {
  const apiGateway = new APIGatewayClient();
  const iam = new IAMClient();
  return {
    getLogRole: async () => (await apiGateway.send(new GetAccountCommand())).cloudwatchRoleArn,
    setLogRole: async (roleArn) => {
      await apiGateway.send(new UpdateAccountCommand({
        patchOperations: [{ op: 'replace', path: '/cloudwatchRoleArn', value: roleArn }],
      }));
    },
    roleExists: (roleArn) => unless({ NoSuchEntity: false, AccessDenied: true }, async () => {
      await iam.send(new GetRoleCommand({ RoleName: roleArn.split('/').at(-1)! }));
      return true;
    }),
    createRole: ({ account, path, name, permissionsBoundary }) => unless({ EntityAlreadyExists: undefined }, async () => {
      await iam.send(new CreateRoleCommand({
        RoleName: name,
        Path: path,
        Description: 'API Gateway writes the logs of this account and Region with this role',
        AssumeRolePolicyDocument: trustPolicy(account),
        PermissionsBoundary: permissionsBoundary,
      }));
    }),
    attachPolicy: async ({ name, policyArn }) => {
      await iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn: policyArn }));
    },
    wait: setTimeout,
  };
}

/** Returns what some faults mean, and throws others. */
async function unless<T>(meanings: { readonly [code: string]: T }, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const code = codeOf(error as Error);
    if (code in meanings) { return meanings[code]; }
    throw error;
  }
}
