import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnApiKey, CfnUsagePlan, CfnUsagePlanKey } from 'aws-cdk-lib/aws-apigateway';
import { WebSocketApiKeySelectionExpression } from 'aws-cdk-lib/aws-apigatewayv2';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Apis } from './apis';
import { KEY, KEY_OF_AUTHORIZER } from './keys';
import { AccessLog, AccountLogRole, Authorization, HandshakeValue, WebSocketApi } from 'cdk-websocket-api';

const FORMAT = '$context.requestId $context.eventType $context.routeKey $context.status $context.identity.sourceIp $context.error.message $context.authorizer.principalId $context.httpMethod $context.connectionId "$context.identity.userAgent"';

/** The role of the account stays what it is, and the log goes with the app. */
const ON_AWS = { accountRole: AccountLogRole.existing(), removalPolicy: RemovalPolicy.DESTROY };

/** APIs that do not let everybody in. */
export function defineGuardedApis(stack: Stack, apis: Apis, accessLog: boolean) {
  const { connect, disconnect, echo, authorizer } = apis;
  const custom = apis.add('custom', { $connect: connect(), $disconnect: disconnect(), $default: echo() }, {
    authorization: Authorization.fromFunction(authorizer),
    accessLog: accessLog ? AccessLog.format(FORMAT, ON_AWS) : undefined,
  });
  if (custom.accessLogGroup) { new CfnOutput(stack, 'AccessLogGroup', { value: custom.accessLogGroup.logGroupName }); }
  apis.add('query', { $connect: connect(), $default: echo() }, {
    authorization: Authorization.fromFunction(authorizer, { identitySource: [HandshakeValue.queryString('token'), HandshakeValue.header('X-Tenant')] }),
  });
  apis.add('sources', { $default: echo(), $connect: connect() }, {
    authorization: Authorization.fromFunction(authorizer, {
      identitySource: [HandshakeValue.stageVariable('colour'), HandshakeValue.context('identity.userAgent')],
    }),
    stage: { stageVariables: { colour: 'blue' } },
  });

  const iam = apis.add('iam', { $connect: connect(), $default: echo() }, { authorization: Authorization.iam() });
  iam.grantConnect(roleOf(stack, 'Allowed'));
  roleOf(stack, 'Other');

  const keys = apis.add('keys', { $connect: connect({ apiKeyRequired: true }), $default: echo() });
  const keyOfAuthorizer = apis.add('key-of-authorizer', { $connect: connect({ apiKeyRequired: true }) }, {
    authorization: Authorization.fromFunction(authorizer),
    api: { apiKeySelectionExpression: WebSocketApiKeySelectionExpression.AUTHORIZER_USAGE_IDENTIFIER_KEY },
  });
  openWith(keys, 'keys', KEY);
  openWith(keyOfAuthorizer, 'key-of-authorizer', KEY_OF_AUTHORIZER);
}

/** A role that whoever runs the contract can take. */
function roleOf(stack: Stack, id: string): Role {
  const role = new Role(stack, id, { assumedBy: new AccountPrincipal(stack.account) });
  new CfnOutput(stack, `Role${id}`, { value: role.roleArn });
  return role;
}

function openWith(api: WebSocketApi, stage: string, value: string) {
  const key = new CfnApiKey(api, 'Key', { enabled: true, value });
  const plan = new CfnUsagePlan(api, 'Plan', { apiStages: [{ apiId: api.api.apiId, stage }] });
  plan.node.addDependency(api.stage);
  new CfnUsagePlanKey(api, 'PlanKey', { keyId: key.ref, keyType: 'API_KEY', usagePlanId: plan.ref });
}
