import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { AwsSolutionsChecks } from 'cdk-nag';
import { validate } from './cloudformation-validator';
import { collectNagFindings } from './nag-findings';
import { readmeExamples } from './readme-examples';
import * as scenarios from './scenarios';
import { testApp } from './test-stack';

jest.setTimeout(60_000);

/** What a checker does not like. */
interface Finding {
  readonly id: string;
  /** What it is about, below the name of the scenario: `fiveLines/Stack/Api/Stage/Resource`. */
  readonly path: string;
  readonly message: string;
}

/** A finding that stands. */
interface Acknowledgement {
  readonly id: string | RegExp;
  readonly path: RegExp;
  readonly reason: string;
}

/** Rules of CloudFormation's validator. CDK switches the same ones off for everything that it writes. */
const OF_VALIDATOR: Acknowledgement[] = [
  {
    id: 'W3005',
    path: /\/(?!\w*(Stage|ApiMapping)\w{8}\/)\w+\/DependsOn$/,
    reason: 'it is not what this library has wait for something, but CDK: it has functions wait for their role, and usage plans for their stage, beside referring to them; the references alone would do, and no harm is done',
  },
  {
    id: 'W9002',
    path: /^(apiThatExists|apiAndStageThatExist|readmeAPIAndStage\d)\/Stack\/ApiRoute\w+TargetPermission\w+\/Properties\.SourceArn$/,
    reason: 'an API that was imported by its id is named by it: there is nothing in the template to refer to',
  },
  {
    id: 'W9013',
    path: /^routesToFunctionsThatExist\/Stack\/ApiFunctionImported(Integration|Permission)\w+\/$/,
    reason: 'a function that was imported by its ARN is named by it: there is nothing in the template to refer to',
  },
];

/** Where the scenarios give `Permissions.fullAccess()` to a function: in the policy of its role, or of one that is in another stack. */
const WITH_PERMISSION_RESOURCE = /^(permissionsOnResources|permissionsOnImportedResources|permissionsAttachedLater|everything|readmeRoutes\d|readmePermissions\d)\/.+\/(ServiceRole\/DefaultPolicy|Role\/Policy\w*)\/Resource$/;

/** Rules of cdk-nag's AwsSolutions pack. */
const OF_NAG: Acknowledgement[] = [
  {
    id: 'AwsSolutions-APIG4',
    path: /\/Route (?!\$connect\/)[^/]+\/Resource$/,
    reason: 'API Gateway authorizes a WebSocket when it connects, and takes an authorizer on `$connect` alone',
  },
  {
    id: 'AwsSolutions-APIG4',
    path: /^(functionsOfAnotherStack\/Api|(?!authorizationBy|grantsToOthers|readmeAuthorization)\w+\/Stack)\/Api\/Route \$connect\/Resource$/,
    reason: 'the scenario asks for no authorization, and none is what there is by default, as with CDK\'s own API',
  },
  {
    id: 'AwsSolutions-APIG1',
    path: /^(accessLogDisabled|executionLogAlone)\/Stack\/Api\/Stage\/Resource$/,
    reason: 'the scenario switches the access log off',
  },
  {
    id: 'AwsSolutions-L1',
    path: /\/Route count\/Function\/Resource$/,
    reason: 'which Python a function gets does not depend on the version of CDK, so a newer one may be there',
  },
  {
    id: 'AwsSolutions-L1',
    path: /^(defaultsOfFunctions|readmeHandlers\d)\/Stack\/Api\/Route \$default\/Function\/Resource$/,
    reason: 'the scenario asks for another runtime than the newest of its language',
  },
  {
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
    path: /\/ServiceRole\/Resource$/,
    reason: 'it is what CDK gives every function whose role it makes: writing its own logs',
  },
  {
    id: /^AwsSolutions-IAM4\[Policy::arn:<AWS::Partition>:iam::aws:policy\/(CloudWatchLambdaInsightsExecutionRolePolicy|service-role\/AWSLambdaVPCAccessExecutionRole)]$/,
    path: /^(propsOfFunctions\/Stack\/Api\/Route \$default|everything\/Everything\/Api\/Route everyProp)\/Function\/ServiceRole\/Resource$/,
    reason: 'the scenario puts the function into a VPC and has Lambda Insights look at it, for which CDK attaches these policies',
  },
  {
    id: 'AwsSolutions-IAM5[Resource::*]',
    path: /\/(Route [^/]+\/(Authorizer)?Function|Broadcaster|Connections\/Function)\/ServiceRole\/Resource$/,
    reason: 'the two actions of X-Ray take no resource',
  },
  {
    id: /^AwsSolutions-IAM5\[Resource::arn:(aws|<AWS::Partition>):execute-api:[^/]+\/(dev|live|prod|v1)\/\*\/@connections\/\*]$/,
    path: /\/(ServiceRole|ServiceRole\/DefaultPolicy|Role\/DefaultPolicy|Role\/Policy\w*)\/Resource$/,
    reason: 'a function of a route may get, post to and close the connections of its stage; their ids are made when clients connect',
  },
  {
    id: 'AwsSolutions-IAM5[Resource::*]',
    path: /\/Given\/(Role|Resources\/StateMachine\/Role|Services\/(Standard|Express)\/Role)\/DefaultPolicy\/Resource$/,
    reason: 'the two actions of X-Ray take no resource, and neither do those by which a state machine has its log delivered',
  },
  {
    id: /^AwsSolutions-IAM5\[(Action|Resource)::\*]$/,
    path: /^permissionsByName\/Stack\/Api\/Route (all|service|everywhere)\/Function\/ServiceRole\/DefaultPolicy\/Resource$/,
    reason: 'the scenario permits this: `Permissions.all()`, `Permissions.service()`, and `Permissions.action()` without a resource',
  },
  {
    id: 'AwsSolutions-IAM5[Action::s3:*]',
    path: /^permissionsByName\/Stack\/Api\/Route service\/Function\/ServiceRole\/DefaultPolicy\/Resource$/,
    reason: 'the scenario permits this: `Permissions.service()`',
  },
  {
    id: 'AwsSolutions-IAM5[Resource::*]',
    path: /^(defaultsOfFunctions\/Stack\/Api\/Route (\$default|own)\/Function|readmePermissions\d\/Stack\/Given\/Function)\/ServiceRole\/DefaultPolicy\/Resource$/,
    reason: 'the scenario permits this: `Permissions.action()` without a resource',
  },
  ...['cognito-idp', 'dynamodb', 'events', 'firehose', 'kinesis', 'kms', 'lambda', 'rds-data', 's3', 'secretsmanager', 'sns', 'sqs', 'ssm', 'states'].map((service) => ({
    id: `AwsSolutions-IAM5[Action::${service}:*]`,
    path: WITH_PERMISSION_RESOURCE,
    reason: 'the scenario permits this: `Permissions.fullAccess()` is every action on one resource',
  })),
  {
    id: /^AwsSolutions-IAM5\[Action::kms:(GenerateDataKey|ReEncrypt)\*]$/,
    path: /^((permissionsOnResources|everything)\/\w+\/Api\/Route (bucket|queue|topic)\/Function|connectionsWithGroups\/Stack\/Api\/(Broadcaster|Connections\/Function))\/ServiceRole\/DefaultPolicy\/Resource$/,
    reason: 'CDK grants the use of a key by these, on the key that the resource is encrypted with',
  },
  {
    id: /^AwsSolutions-IAM5\[Resource::(?!.*@connections).+[/:]\*]$/,
    path: WITH_PERMISSION_RESOURCE,
    reason: 'what is below one resource: the indexes of a table, the objects of a bucket, the versions of a function, the executions of a state machine',
  },
  {
    id: /^AwsSolutions-IAM5\[Action::s3:(GetBucket|GetObject|List)\*]$/,
    path: /^readmeRoutes\d\/Stack\/Api\/Route \$default\/Function\/ServiceRole\/DefaultPolicy\/Resource$/,
    reason: 'the scenario permits this: it is what CDK\'s `grantRead` of a bucket grants',
  },
  {
    id: 'AwsSolutions-SQS4',
    path: /^(propsOfFunctions\/Stack\/Api\/Route \$default|everything\/Everything\/Api\/Route everyProp)\/Function\/DeadLetterQueue\/Resource$/,
    reason: 'the scenario has CDK make the dead letter queue, with `deadLetterQueueEnabled`',
  },
  ...['COG1', 'COG2', 'COG3', 'KDS3', 'RDS10', 'S1', 'SF1', 'SMG4', 'SQS3'].map((rule) => ({
    id: `AwsSolutions-${rule}`,
    path: /\/Given\/[^/]+\/(\w+\/)*Resource$/,
    reason: 'it is the app\'s own, and in the scenario only to be pointed at',
  })),
  ...[/\[Action::s3:(Abort|DeleteObject|GetBucket|GetObject|List)\*]$/, /\[Resource::<GivenResourcesDeliveries\w+\.Arn>\/\*]$/].map((id) => ({
    id,
    path: /\/Given\/Resources\/DeliveryStream\/S3 Destination Role\/DefaultPolicy\/Resource$/,
    reason: 'it is the app\'s own, and in the scenario only to be pointed at',
  })),
];

/** What CDK warns of when it synthesizes. */
const OF_CDK: Acknowledgement[] = [
  {
    id: 'warning',
    path: /^routesToFunctionsThatExist\/Stack\/Api\/Function Imported$/,
    reason: 'nothing can be added to the role of a function that is known by its ARN alone; the warning says what to add to it',
  },
];

/** CDK changes what it does by feature flags: an app that was made long ago has none of them, a new one has all. */
const FLAGS: { [kind: string]: object } = { 'an old app': {}, 'a new app': recommendedFlags };

const BUILDERS: { [name: string]: (app: App) => void } = { ...scenarios, ...readmeExamples };

const ALL = Object.keys(FLAGS).flatMap((flags) => Object.keys(BUILDERS).map((name) => ({ flags, name })));

describe.each(ALL)('scenario $name in $flags', ({ flags, name }) => {
  test('has no finding of CloudFormation\'s validator in strict mode', () => {
    expect(unacknowledged(review(name, flags).validator, OF_VALIDATOR)).toEqual([]);
  });

  test('has no finding of AwsSolutions that is not acknowledged', () => {
    expect(unacknowledged(review(name, flags).nag, OF_NAG)).toEqual([]);
  });

  test('is synthesized without a warning', () => {
    expect(unacknowledged(review(name, flags).cdk, OF_CDK)).toEqual([]);
  });
});

describe('what is acknowledged is still found', () => {
  const everywhere = (kind: keyof Review) => ALL.flatMap(({ name, flags }) => review(name, flags)[kind]);

  test.each(OF_VALIDATOR)('by the validator: $id at $path', (acknowledgement) => {
    expect(everywhere('validator').some((finding) => covers(acknowledgement, finding))).toBe(true);
  });

  test.each(OF_NAG)('by AwsSolutions: $id at $path', (acknowledgement) => {
    expect(everywhere('nag').some((finding) => covers(acknowledgement, finding))).toBe(true);
  });

  test.each(OF_CDK)('by CDK: $id at $path', (acknowledgement) => {
    expect(everywhere('cdk').some((finding) => covers(acknowledgement, finding))).toBe(true);
  });
});

describe('the checkers', () => {
  test('find an unknown property, a value of a wrong type and a missing one', () => {
    const template = {
      Resources: {
        Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'WEBSOCKET', Protocol: 'wss' } },
        Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: { Ref: 'Api' }, AutoDeploy: 'perhaps' } },
      },
    };

    expect(validate(template).map(({ severity, entity, propertyPath }) => `${severity} ${entity?.logicalId}.${propertyPath}`)).toEqual([
      'FATAL Api.Properties.Protocol',
      'FATAL Stage.Properties',
      'FATAL Stage.Properties.AutoDeploy',
    ]);
  });

  test('take a warning for an error', () => {
    const template = {
      Parameters: { Unused: { Type: 'String' } },
      Resources: { Topic: { Type: 'AWS::SNS::Topic' } },
    };

    expect(validate(template).map(({ ruleId, severity }) => ({ ruleId, severity }))).toEqual([{ ruleId: 'W2001', severity: 'ERROR' }]);
  });

  test('find what AwsSolutions does not like', () => {
    const app = testApp();
    const findings = collectNagFindings(app, new AwsSolutionsChecks({ reports: false }));
    new Bucket(new Stack(app, 'Stack'), 'Bucket');
    app.synth();

    expect(findings.map(({ id, path }) => `${id} ${path}`)).toEqual([
      'AwsSolutions-S1 Stack/Bucket/Resource',
      'AwsSolutions-S10 Stack/Bucket/Resource',
    ]);
  });
});

function unacknowledged(findings: Finding[], acknowledgements: Acknowledgement[]): Finding[] {
  return findings.filter((finding) => !acknowledgements.some((one) => covers(one, finding)));
}

function covers({ id, path }: Acknowledgement, finding: Finding): boolean {
  return (typeof id === 'string' ? id === finding.id : id.test(finding.id)) && path.test(finding.path);
}

interface Review {
  readonly validator: Finding[];
  readonly nag: Finding[];
  readonly cdk: Finding[];
}

const reviews = new Map<string, Review>();

/** What the checkers find in a scenario, which is synthesized once for all of them. */
function review(name: string, flags: string): Review {
  const key = `${name} in ${flags}`;
  const known = reviews.get(key);
  if (known) { return known; }

  // The newest CDK warns of a default, how stacks refer to each other, where it is not written out.
  const app = testApp({ '@aws-cdk/core:defaultCrossStackReferences': 'strong', ...FLAGS[flags] });
  const nag = collectNagFindings(app, new AwsSolutionsChecks({ reports: false }));
  BUILDERS[name](app);
  const stacks = app.synth().stacksRecursively;
  const validator = stacks.flatMap(({ stackName, template, environment }) =>
    validate(template, /^\d+$/.test(environment.account) ? environment : {}).map(({ ruleId, message, entity, propertyPath }) => ({
      id: ruleId, path: [name, stackName, entity?.logicalId, propertyPath].join('/'), message,
    })));
  const cdk = stacks.flatMap(({ messages }) => messages)
    .filter(({ level }) => level !== 'info')
    .map(({ level, id, entry }) => ({ id: level, path: `${name}${id}`, message: String(entry.data) }));
  const found = { validator, nag: nag.map((finding) => ({ ...finding, path: `${name}/${finding.path}` })), cdk };
  reviews.set(key, found);
  return found;
}
