/** The part of AWS's IAM client that the function uses. Lambda's Node.js runtimes carry the client. */
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
