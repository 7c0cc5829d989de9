import { InvokerModel } from '../../definition/model';
import { Resource, Resources } from '../template/resource';

const ACTIONS = ['lambda:InvokeFunction', 'lambda:*'];
const PRINCIPALS = ['apigateway.amazonaws.com', '*'];

/** The statements for API Gateway in the resource policies of functions. */
export class Invokers {
  private readonly permissions: readonly Resource[];

  constructor(resources: Resources) {
    this.permissions = resources.ofType('AWS::Lambda::Permission').filter((permission) => (
      ACTIONS.includes(permission.text('Action') ?? '') && PRINCIPALS.includes(permission.text('Principal') ?? '')
    ));
  }

  public of(arn: string, name: string): InvokerModel[] {
    return this.permissions.flatMap((permission) => {
      const sourceArn = permission.missing(['SourceArn']).length > 0 ? '*' : permission.text('SourceArn') ?? '*';
      // If its function is not known, it may be this one.
      if (permission.missing(['FunctionName']).length > 0) { return [{ sourceArn, qualifier: '*' }]; }
      const named = permission.text('FunctionName') ?? '';
      const [target, qualifier] = named.startsWith('arn:') ? [named.split(':').slice(0, 7).join(':'), named.split(':')[7]] : named.split(':');
      if (target !== arn && target !== name) { return []; }
      return [{ sourceArn, ...qualifier === undefined || qualifier === '$LATEST' ? {} : { qualifier } }];
    });
  }
}
