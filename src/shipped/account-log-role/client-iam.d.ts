/** The four calls that are made of AWS's IAM client, which Lambda's Node.js runtimes carry. */
declare module '@aws-sdk/client-iam' {
  export class IAMClient {
    public send(command: GetRoleCommand | CreateRoleCommand | AttachRolePolicyCommand): Promise<unknown>;
  }
  export class GetRoleCommand {
    constructor(input: { readonly RoleName: string });
  }
  export class CreateRoleCommand {
    constructor(input: {
      readonly RoleName: string;
      readonly Path: string;
      readonly Description: string;
      readonly AssumeRolePolicyDocument: string;
      readonly PermissionsBoundary?: string;
    });
  }
  export class AttachRolePolicyCommand {
    constructor(input: { readonly RoleName: string; readonly PolicyArn: string });
  }
}
