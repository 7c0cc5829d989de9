import { IWebSocketRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { jsonEscaped } from './event-template';
import { ERROR_FRAME, ServiceCall, ServiceIntegration } from './service-integration';
import { checkServiceOptions, ServiceRouteOptions } from './service-options';
import { roleFor, serviceUri } from './service-role';

/**
 * Options of a route to a state machine.
 */
export interface StateMachineRouteOptions extends ServiceRouteOptions {
}

const OWNER = '`Route.toStateMachine()`';

export class StateMachineIntegration extends ServiceIntegration {
  constructor(private readonly stateMachine: IStateMachine, options: StateMachineRouteOptions) {
    super(options);
    checkServiceOptions(OWNER, options);
    if (options.returnResponse === true && (stateMachine as { stateMachineType?: string }).stateMachineType === 'STANDARD') {
      throw new Error(`${OWNER} has \`returnResponse\`, but \`${stateMachine.node.path}\` is a standard state machine, and nobody waits for the output of one: ` +
        'give it `stateMachineType: StateMachineType.EXPRESS`, or post its output to the connection');
    }
  }

  protected call(route: IWebSocketRoute, home: Construct): ServiceCall {
    const { stateMachine, options: { returnResponse } } = this;
    const action = returnResponse ? 'StartSyncExecution' : 'StartExecution';
    const role = roleFor(home, stateMachine);
    stateMachine.grant(role, `states:${action}`);
    return {
      uri: serviceUri(home, stateMachine.env.region, `states:action/${action}`),
      method: 'POST',
      role,
      parameters: { 'integration.request.header.Content-Type': "'application/x-amz-json-1.0'" },
      template: this.template(route, `{"stateMachineArn":"${stateMachine.stateMachineArn}","input":"${jsonEscaped('$event')}"}`),
    };
  }

  /** Step Functions answers 200 for an execution that failed. */
  protected answer(): string {
    return `#if($input.path('$.status') == "SUCCEEDED")$input.path('$.output')#else${ERROR_FRAME}#end`;
  }
}
