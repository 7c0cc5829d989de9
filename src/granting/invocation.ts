import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** Permits invoking functions of the app. */
export class Invocation extends PolicyStatement {
  constructor(...functionArns: string[]) {
    super({ actions: ['lambda:InvokeFunction'], resources: functionArns });
  }
}
