import { like } from './kind';

/*
 * What options and arguments take of CDK. A value is known by members that every implementation has, imported ones and those of
 * other languages included.
 */

export const API = like('a WebSocket API: an `aws_apigatewayv2.WebSocketApi`, created or imported', 'apiId', 'node');
export const ARCHITECTURE = like('an `aws_lambda.Architecture`', 'dockerPlatform');
export const AUTHORIZER = like('an authorizer of `aws-cdk-lib/aws-apigatewayv2-authorizers`, or one of your own', 'bind');
export const CERTIFICATE = like('a certificate: an `aws_certificatemanager.Certificate`, created or imported', 'certificateArn');
export const CODE = like('an `aws_lambda.Code`, such as `Code.fromAsset()` makes', 'bind');
export const CONSTRUCT = like('a construct', 'node');
export const DOMAIN_NAME = like('a domain of API Gateway: an `aws_apigatewayv2.DomainName`, created or imported', 'regionalDomainName', 'name');
export const DURATION = like('a duration, such as `Duration.seconds(10)`', 'toSeconds');
export const EVENT_BUS = like('an event bus: an `aws_events.EventBus`, created or imported', 'eventBusArn', 'eventBusName');
export const FUNCTION = like('a Lambda function, or an alias or version of one, created or imported, such as `Function.fromFunctionArn()` makes', 'functionArn', 'addPermission');
export const GRANTEE = like('a grantee: a role, a user, a function, or another `aws_iam.IGrantable`', 'grantPrincipal');
export const HOSTED_ZONE = like('a hosted zone: an `aws_route53.HostedZone`, created or imported', 'hostedZoneId');
export const INTEGRATION = like('an integration of `aws-cdk-lib/aws-apigatewayv2-integrations`, or one of your own', 'bind');
export const KEY = like('a key: an `aws_kms.Key`, created or imported', 'keyArn');
export const KEY_SELECTION = like('a `WebSocketApiKeySelectionExpression`, such as `WebSocketApiKeySelectionExpression.HEADER_X_API_KEY`', 'customApiKeySelector');
export const LAYER = like('a layer: an `aws_lambda.LayerVersion`, created or imported', 'layerVersionArn');
export const LOG_GROUP = like('a log group: an `aws_logs.LogGroup`, created or imported', 'logGroupName');
export const POLICY_STATEMENT = like('an `aws_iam.PolicyStatement`', 'toStatementJson');
export const QUEUE = like('a queue: an `aws_sqs.Queue`, created or imported', 'queueArn', 'queueName');
export const ROLE = like('a role: an `aws_iam.Role`, created or imported', 'roleArn', 'grantPrincipal');
export const RUNTIME = like('an `aws_lambda.Runtime`, such as `Runtime.NODEJS_24_X`', 'name', 'supportsInlineCode');
export const VPC = like('a VPC: an `aws_ec2.Vpc`, created or imported, such as `Vpc.fromLookup()` makes', 'vpcId', 'selectSubnets');
/** This library's own construct, where one of CDK's inside it is wanted. */
export const OWN_API = like('a `WebSocketApi` of this library', 'callbackUrl', 'api', 'stage');
export const USER_POOL = like('a user pool: an `aws_cognito.UserPool`, created or imported', 'userPoolId', 'userPoolArn');
export const USER_POOL_CLIENT = like('a client of a user pool: an `aws_cognito.UserPoolClient`, created or imported', 'userPoolClientId');
export const STAGE = like('a stage of a WebSocket API: an `aws_apigatewayv2.WebSocketStage`, created or imported', 'stageName', 'node');
export const STATE_MACHINE = like('a state machine: an `aws_stepfunctions.StateMachine`, created or imported', 'stateMachineArn');
export const STREAM = like('a data stream: an `aws_kinesis.Stream`, created or imported', 'streamArn', 'streamName');
export const TOPIC = like('a topic: an `aws_sns.Topic`, created or imported', 'topicArn', 'topicName');
export const USAGE_PLAN = like('a usage plan: a `UsagePlan` of `aws-cdk-lib/aws-apigatewayv2`', 'usagePlanId', 'addApiKey');
