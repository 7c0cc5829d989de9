import { Duration } from 'aws-cdk-lib';
import { IWebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Function, IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { createShippedFunction } from '../handlers/shipped-function';
import { Permissions } from '../permissions';
import { FrontFunction } from '../routes/front';
import { FunctionTarget } from '../routes/function-target';

export interface ConnectionsFunctionProps {
  readonly webSocketApi: IWebSocketApi;
  /** The ARN of all routes of the API, as Lambda sees it when API Gateway invokes a function. */
  readonly invokeArn: string;
}

const ID = 'Connections';

/** The variables that say which function of the app is behind a route. */
const BEHIND: { readonly [routeKey: string]: string } = { $connect: 'CONNECT_HANDLER', $disconnect: 'DISCONNECT_HANDLER' };

/** The shipped function `connections`: stands before `$connect` and `$disconnect`. */
export class ConnectionsFunction extends Construct implements FrontFunction {
  /** The one of a place where routes are created. */
  public static in(home: Construct, props: ConnectionsFunctionProps): ConnectionsFunction {
    return home.node.tryFindChild(ID) as ConnectionsFunction | undefined ?? new ConnectionsFunction(home, props);
  }

  private readonly target: FunctionTarget;

  private constructor(home: Construct, { webSocketApi, invokeArn }: ConnectionsFunctionProps) {
    super(home, ID);
    const made = createShippedFunction(this, 'Function', 'connections', {
      description: 'Stands before $connect and $disconnect',
      // API Gateway waits no longer, and the function behind may take its time.
      timeout: Duration.seconds(29),
    });
    this.target = new FunctionTarget(this, 'Target', { webSocketApi, ...made, sourceArn: invokeArn });
  }

  public get integrationId(): string {
    return this.target.integrationId;
  }

  public lead(routeKey: string, behind: IFunction): void {
    (this.target.fn as Function).addEnvironment(BEHIND[routeKey], behind.functionArn);
    this.target.permit([Permissions.action('lambda:InvokeFunction', behind.functionArn)]);
  }
}
