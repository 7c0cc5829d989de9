import { IWebSocketRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { FORM, IN_GROUPS } from './message-request';
import { ServiceCall, ServiceIntegration } from './service-integration';
import { checkServiceOptions, ServiceRouteOptions } from './service-options';
import { roleFor, serviceUri } from './service-role';

/**
 * Options of a route to a topic.
 */
export interface TopicRouteOptions extends ServiceRouteOptions {
}

export class TopicIntegration extends ServiceIntegration {
  constructor(private readonly topic: ITopic, options: TopicRouteOptions) {
    super(options);
    checkServiceOptions('`Route.toTopic()`', options);
  }

  protected call(route: IWebSocketRoute, home: Construct): ServiceCall {
    const { topic } = this;
    const role = roleFor(home, topic);
    Grant.addToPrincipalOrResource({ grantee: role, actions: ['sns:Publish'], resourceArns: [topic.topicArn], resource: topic });
    topic.masterKey?.grant(role, 'kms:GenerateDataKey', 'kms:Decrypt');
    return {
      uri: serviceUri(home, topic.env.region, 'sns:path//'),
      method: 'POST',
      role,
      parameters: FORM,
      template: this.template(route, `Action=Publish&Version=2010-03-31&TopicArn=$util.urlEncode('${topic.topicArn}')&Message=$util.urlEncode($event)`
        + (topic.fifo ? IN_GROUPS : '')),
    };
  }
}
