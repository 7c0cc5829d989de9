/**
 * What CloudFormation returns when a template refers to a resource. In braces: `{Property}` is a property, as the template has it. Names in
 * lower case belong to the place (`{partition}`, `{region}`, `{account}`, `{suffix}`), or are made for the resource and stay the same at
 * every start: `{name}` (by default `Stack-LogicalId`), `{ref}` (the value of `Ref`), `{path}` (of IAM), `{function}` (the ARN of the
 * function that it belongs to), `{scheme}` (of an API), `{id}` (ten characters), `{longId}` (26), `{shortId}` (six), `{ID}` (ten capitals),
 * `{uuid}`.
 */
export interface ResourceKind {
  /** The property with the name, where one can be given. */
  readonly nameProperty?: string;
  /** Without the `.fifo` that the names of some end with. */
  readonly maxNameLength?: number;
  readonly lowerCaseName?: boolean;
  /** @default '{name}' */
  readonly ref?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

const FUNCTION_ARN = 'arn:{partition}:lambda:{region}:{account}:function:{name}';
const SECRET_ARN = 'arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-{shortId}';
const TOPIC_ARN = 'arn:{partition}:sns:{region}:{account}:{name}';
const QUEUE_URL = 'https://sqs.{region}.{suffix}/{account}/{name}';
const STATE_MACHINE_ARN = 'arn:{partition}:states:{region}:{account}:stateMachine:{name}';
const TABLE_ARN = 'arn:{partition}:dynamodb:{region}:{account}:table/{name}';
const LAYER_ARN = 'arn:{partition}:lambda:{region}:{account}:layer:{name}:1';
const USER_POOL = 'cognito-idp.{region}.{suffix}/{ref}';
const GRAPHQL_ARN = 'arn:{partition}:appsync:{region}:{account}:apis/{longId}';
const TABLE: ResourceKind = {
  nameProperty: 'TableName',
  attributes: { Arn: TABLE_ARN, StreamArn: `${TABLE_ARN}/stream/2024-01-01T00:00:00.000`, TableId: '{uuid}' },
};

const KINDS: ReadonlyMap<string, ResourceKind> = new Map(Object.entries<ResourceKind>({
  'AWS::ApiGateway::ApiKey': { nameProperty: 'Name', ref: '{id}', attributes: { APIKeyId: '{id}' } },
  'AWS::ApiGateway::RestApi': { nameProperty: 'Name', ref: '{id}', attributes: { RestApiId: '{id}', RootResourceId: '{id}' } },
  'AWS::ApiGateway::UsagePlan': { nameProperty: 'UsagePlanName', ref: '{id}', attributes: { Id: '{id}' } },

  'AWS::ApiGatewayV2::Api': { nameProperty: 'Name', ref: '{id}', attributes: { ApiId: '{id}', ApiEndpoint: '{scheme}://{id}.execute-api.{region}.{suffix}' } },
  'AWS::ApiGatewayV2::ApiMapping': { ref: '{id}', attributes: { ApiMappingId: '{id}' } },
  'AWS::ApiGatewayV2::Authorizer': { nameProperty: 'Name', ref: '{id}', attributes: { AuthorizerId: '{id}' } },
  'AWS::ApiGatewayV2::Deployment': { ref: '{id}', attributes: { DeploymentId: '{id}' } },
  'AWS::ApiGatewayV2::DomainName': {
    nameProperty: 'DomainName',
    attributes: {
      DomainName: '{name}',
      DomainNameArn: 'arn:{partition}:apigateway:{region}::/domainnames/{name}',
      RegionalDomainName: 'd-{id}.execute-api.{region}.{suffix}',
      RegionalHostedZoneId: 'Z{ID}',
    },
  },
  'AWS::ApiGatewayV2::Integration': { ref: '{id}', attributes: { IntegrationId: '{id}' } },
  'AWS::ApiGatewayV2::IntegrationResponse': { ref: '{id}', attributes: { IntegrationResponseId: '{id}' } },
  'AWS::ApiGatewayV2::Model': { nameProperty: 'Name', ref: '{id}', attributes: { ModelId: '{id}' } },
  'AWS::ApiGatewayV2::Route': { ref: '{id}', attributes: { RouteId: '{id}' } },
  'AWS::ApiGatewayV2::RouteResponse': { ref: '{id}', attributes: { RouteResponseId: '{id}' } },
  'AWS::ApiGatewayV2::Stage': { nameProperty: 'StageName' },

  'AWS::AppSync::GraphQLApi': {
    nameProperty: 'Name',
    ref: GRAPHQL_ARN,
    attributes: { ApiId: '{longId}', Arn: GRAPHQL_ARN, GraphQLUrl: 'https://{longId}.appsync-api.{region}.{suffix}/graphql' },
  },

  'AWS::CertificateManager::Certificate': { ref: 'arn:{partition}:acm:{region}:{account}:certificate/{uuid}' },

  'AWS::Cognito::IdentityPool': { nameProperty: 'IdentityPoolName', ref: '{region}:{uuid}' },
  'AWS::Cognito::UserPool': {
    nameProperty: 'UserPoolName',
    ref: '{region}_{id}',
    attributes: {
      Arn: 'arn:{partition}:cognito-idp:{region}:{account}:userpool/{ref}',
      ProviderName: USER_POOL,
      ProviderURL: `https://${USER_POOL}`,
      UserPoolId: '{ref}',
    },
  },
  'AWS::Cognito::UserPoolClient': { nameProperty: 'ClientName', ref: '{longId}', attributes: { ClientId: '{longId}', Name: '{name}' } },
  'AWS::Cognito::UserPoolDomain': { nameProperty: 'Domain' },

  'AWS::DynamoDB::GlobalTable': TABLE,
  'AWS::DynamoDB::Table': TABLE,

  'AWS::Events::EventBus': {
    nameProperty: 'Name',
    attributes: { Arn: 'arn:{partition}:events:{region}:{account}:event-bus/{name}', Name: '{name}' },
  },
  'AWS::Events::Rule': { nameProperty: 'Name', attributes: { Arn: 'arn:{partition}:events:{region}:{account}:rule/{name}' } },

  'AWS::IAM::Group': { nameProperty: 'GroupName', maxNameLength: 128, attributes: { Arn: 'arn:{partition}:iam::{account}:group{path}{name}' } },
  'AWS::IAM::ManagedPolicy': {
    nameProperty: 'ManagedPolicyName',
    maxNameLength: 128,
    ref: 'arn:{partition}:iam::{account}:policy{path}{name}',
    attributes: { PolicyArn: 'arn:{partition}:iam::{account}:policy{path}{name}' },
  },
  'AWS::IAM::Policy': { nameProperty: 'PolicyName' },
  'AWS::IAM::Role': {
    nameProperty: 'RoleName',
    maxNameLength: 64,
    attributes: { Arn: 'arn:{partition}:iam::{account}:role{path}{name}', RoleId: 'AROA{ID}' },
  },
  'AWS::IAM::User': { nameProperty: 'UserName', maxNameLength: 64, attributes: { Arn: 'arn:{partition}:iam::{account}:user{path}{name}' } },

  'AWS::Kinesis::Stream': { nameProperty: 'Name', maxNameLength: 128, attributes: { Arn: 'arn:{partition}:kinesis:{region}:{account}:stream/{name}' } },
  'AWS::KinesisFirehose::DeliveryStream': {
    nameProperty: 'DeliveryStreamName',
    maxNameLength: 64,
    attributes: { Arn: 'arn:{partition}:firehose:{region}:{account}:deliverystream/{name}' },
  },

  'AWS::KMS::Alias': { nameProperty: 'AliasName' },
  'AWS::KMS::Key': { ref: '{uuid}', attributes: { Arn: 'arn:{partition}:kms:{region}:{account}:key/{uuid}', KeyId: '{uuid}' } },

  'AWS::Lambda::Alias': { ref: '{function}:{Name}', attributes: { AliasArn: '{function}:{Name}' } },
  'AWS::Lambda::Function': { nameProperty: 'FunctionName', maxNameLength: 64, attributes: { Arn: FUNCTION_ARN } },
  'AWS::Lambda::LayerVersion': { nameProperty: 'LayerName', maxNameLength: 64, ref: LAYER_ARN, attributes: { LayerVersionArn: LAYER_ARN } },
  'AWS::Lambda::Version': { ref: '{function}:1', attributes: { FunctionArn: '{function}:1', Version: '1' } },

  'AWS::Logs::LogGroup': { nameProperty: 'LogGroupName', attributes: { Arn: 'arn:{partition}:logs:{region}:{account}:log-group:{name}:*' } },

  'AWS::Route53::HostedZone': { nameProperty: 'Name', ref: 'Z{ID}', attributes: { Id: 'Z{ID}' } },

  'AWS::S3::Bucket': {
    nameProperty: 'BucketName',
    lowerCaseName: true,
    maxNameLength: 63,
    attributes: {
      Arn: 'arn:{partition}:s3:::{name}',
      DomainName: '{name}.s3.{suffix}',
      DualStackDomainName: '{name}.s3.dualstack.{region}.{suffix}',
      RegionalDomainName: '{name}.s3.{region}.{suffix}',
      WebsiteURL: 'http://{name}.s3-website-{region}.{suffix}',
    },
  },

  'AWS::SecretsManager::Secret': { nameProperty: 'Name', ref: SECRET_ARN, attributes: { Id: SECRET_ARN } },
  'AWS::SecretsManager::SecretTargetAttachment': { ref: '{SecretId}' },

  'AWS::SNS::Topic': {
    nameProperty: 'TopicName',
    maxNameLength: 251,
    ref: TOPIC_ARN,
    attributes: { TopicArn: TOPIC_ARN, TopicName: '{name}' },
  },
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    maxNameLength: 75,
    ref: QUEUE_URL,
    attributes: { Arn: 'arn:{partition}:sqs:{region}:{account}:{name}', QueueName: '{name}', QueueUrl: QUEUE_URL },
  },

  'AWS::SSM::Parameter': { nameProperty: 'Name', attributes: { Type: '{Type}', Value: '{Value}' } },

  'AWS::StepFunctions::StateMachine': {
    nameProperty: 'StateMachineName',
    maxNameLength: 80,
    ref: STATE_MACHINE_ARN,
    attributes: { Arn: STATE_MACHINE_ARN, Name: '{name}' },
  },
}));

/** Of a type that is not listed, the name alone is known. */
export function resourceKind(type: string): ResourceKind {
  return KINDS.get(type) ?? {};
}
