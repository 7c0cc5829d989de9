import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { MessageModel, Permissions, Route, WebSocketApi } from 'cdk-websocket-api';
import { Construct } from 'constructs';

export class ChatStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const connections = new Table(this, 'Connections', {
      partitionKey: { name: 'connectionId', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    });

    const api = new WebSocketApi(this, 'Api', {
      routes: {
        '$connect': Route.toHandler('src/connect.main', { permissions: [Permissions.grant(connections, 'grantWriteData')] }),
        '$disconnect': Route.toHandler('src/disconnect.main', { permissions: [Permissions.grant(connections, 'grantWriteData')] }),
        'sendMessage': Route.toHandler('src/sendMessage.main', {
          permissions: [Permissions.grant(connections, 'grantReadWriteData')],
          model: MessageModel.fromFile('schemas/sendMessage.json'),
        }),
        // In Python, in a folder of its own: the folder is the asset.
        '$default': Route.toHandler('help.main', { srcPath: 'python', returnResponse: true }),
      },
      defaultFunctionProps: { environment: { CONNECTIONS_TABLE: connections.tableName } },
    });

    new CfnOutput(this, 'Url', { value: api.url });
  }
}
