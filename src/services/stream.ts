import { IWebSocketRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import { IStream } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import { ServiceCall, ServiceIntegration } from './service-integration';
import { checkServiceOptions, ServiceRouteOptions } from './service-options';
import { roleFor, serviceUri } from './service-role';

/**
 * Options of a route to a data stream.
 */
export interface StreamRouteOptions extends ServiceRouteOptions {
}

export class StreamIntegration extends ServiceIntegration {
  constructor(private readonly stream: IStream, options: StreamRouteOptions) {
    super(options);
    checkServiceOptions('`Route.toStream()`', options);
  }

  protected call(route: IWebSocketRoute, home: Construct): ServiceCall {
    const { stream } = this;
    const role = roleFor(home, stream);
    stream.grant(role, 'kinesis:PutRecord');
    stream.encryptionKey?.grant(role, 'kms:GenerateDataKey');
    return {
      uri: serviceUri(home, stream.env.region, 'kinesis:action/PutRecord'),
      method: 'POST',
      role,
      parameters: { 'integration.request.header.Content-Type': "'application/x-amz-json-1.1'" },
      template: this.template(route, `{"StreamARN":"${stream.streamArn}","PartitionKey":"$context.connectionId","Data":"$util.base64Encode($event)"}`),
    };
  }
}
