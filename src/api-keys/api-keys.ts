import { CfnUsagePlanKey } from 'aws-cdk-lib/aws-apigateway';
import {
  ApiKey, CfnApi, IUsagePlan, IWebSocketApi, IWebSocketStage, QuotaSettings, ThrottleSettings, UsagePlan,
  WebSocketApiKeySelectionExpression,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { checkNames, checkQuota, QUOTA_SETTINGS, warnOfEmptyQuota } from './key-limits';
import { asked } from '../given/asked';
import { KEY_SELECTION, USAGE_PLAN } from '../given/cdk-kinds';
import { checkArgument, listOf, made, TEXT } from '../given/kind';
import { checkOptions, optionsIn, OptionsOf } from '../given/options';
import { jsiiName } from '../given/value';
import { escapeId } from '../routes/construct-id';
import { checkThrottle, THROTTLE_SETTINGS, warnOfNothingAllowed } from '../routes/throttle';

/**
 * API keys, without which nobody connects, and what each may do with the API.
 *
 * API Gateway asks for the key when a client connects, in the header `x-api-key` unless you say otherwise. Browsers cannot send headers
 * with a WebSocket: for them, have an authorizer return the key (`source`). A key tells clients apart and limits what they use; it does not
 * authenticate them.
 *
 * @example
 * new WebSocketApi(this, 'Api', {
 *   routes: { '$connect': Route.toHandler('src/connect.main') },
 *   apiKeys: ApiKeys.create({ names: ['partner'], throttle: { rateLimit: 10, burstLimit: 20 } }),
 * });
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
 */
export class ApiKeys {
  /**
   * Creates keys, and a usage plan that opens the stage to them.
   *
   * The values of the keys are in API Gateway: `aws apigateway get-api-keys --include-values`.
   *
   * @param options an error if a limit is below 0; 0 is a warning, since API Gateway refuses every client then
   */
  public static create(options: ApiKeysOptions = {}): ApiKeys {
    checkOptions(OWNER, API_KEYS_OPTIONS, options);
    checkNames(OWNER, options.names ?? []);
    checkThrottle(OWNER, options.throttle ?? {});
    checkQuota(OWNER, options.quota);
    return new ApiKeys(options.source, (scope, stage) => createPlan(scope, stage, options));
  }

  /**
   * Opens the stage to the keys of a usage plan of this app, which may open other stages too. The plan waits for the stage.
   *
   * @param plan a `UsagePlan` of `aws-cdk-lib/aws-apigatewayv2`. An imported one is an error: CloudFormation adds no stage to it
   */
  public static fromUsagePlan(plan: IUsagePlan): ApiKeys {
    checkArgument('`plan` of `ApiKeys.fromUsagePlan()`', USAGE_PLAN, plan);
    if (jsiiName(plan)?.startsWith('aws-cdk-lib.aws_apigateway.')) {
      throw new Error(`\`plan\` of \`ApiKeys.fromUsagePlan()\` is \`${plan.node.path}\`, a usage plan for REST APIs: create it with \`UsagePlan\` of \`aws-cdk-lib/aws-apigatewayv2\``);
    }
    if (!('addApiStage' in plan)) {
      throw new Error(`\`plan\` of \`ApiKeys.fromUsagePlan()\`, \`${plan.node.path}\`, is imported, and CloudFormation adds no stage to a plan of somebody else: ` +
        'have its owner add the stage, and set `apiKeyRequired: true` on route `"$connect"`');
    }
    return new ApiKeys(undefined, (_, stage) => openStage(plan as UsagePlan, stage));
  }

  private constructor(
    /**
     * Where API Gateway finds the key.
     *
     * @internal
     */
    public readonly _source: WebSocketApiKeySelectionExpression | undefined,
    private readonly plan: (scope: Construct, stage: IWebSocketStage) => UsagePlan,
  ) {
  }

  /**
   * @param stage the stage that the keys open
   *
   * @internal
   */
  public _bind(scope: Construct, api: IWebSocketApi, stage: IWebSocketStage): UsagePlan {
    if (this._source) { (api.node.defaultChild as CfnApi).apiKeySelectionExpression = this._source.customApiKeySelector; }
    return this.plan(scope, stage);
  }
}

/**
 * Options of API keys.
 */
export interface ApiKeysOptions {
  /**
   * The names of the keys: one key each. Two of a name are an error. With an empty list there is a plan alone, to which you add keys
   * (`api.usagePlan!.addApiKey(key)`).
   *
   * @default - one key, whose name CloudFormation makes
   */
  readonly names?: string[];

  /**
   * How many requests a second, and at once, each key may make. AWS does not say whether messages count as handshakes do; on the local
   * gateway, handshakes do.
   *
   * @default - the limits of the stage
   */
  readonly throttle?: ThrottleSettings;

  /**
   * How many requests each key may make in a day, a week or a month. `limit` and `period` go together: an error otherwise. API Gateway
   * subtracts `offset` from the limit in the first period: at most 6 for a week and 27 for a month, and none for a day: an error otherwise.
   * The local gateway does not enforce the quota, and says so at start.
   *
   * @default - any number
   */
  readonly quota?: QuotaSettings;

  /**
   * Where API Gateway finds the key: in the header `x-api-key`, or in what the authorizer returns as `usageIdentifierKey`. The latter
   * without a Lambda authorizer is an error, and so is any with an API that exists, where it is set already.
   *
   * @default WebSocketApiKeySelectionExpression.HEADER_X_API_KEY
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-selection-expressions.html
   */
  readonly source?: WebSocketApiKeySelectionExpression;
}

const OWNER = '`ApiKeys.create()`';

const API_KEYS_OPTIONS = {
  names: listOf(TEXT),
  throttle: optionsIn(() => THROTTLE_SETTINGS),
  quota: optionsIn(() => QUOTA_SETTINGS),
  source: KEY_SELECTION,
} satisfies OptionsOf<ApiKeysOptions>;

/** The kind of API keys, for those who take them. */
export const API_KEYS = made(ApiKeys, (value) => USAGE_PLAN.accepts(value) ? 'ApiKeys.fromUsagePlan(plan)' : undefined);

function createPlan(scope: Construct, stage: IWebSocketStage, { names, throttle, quota }: ApiKeysOptions): UsagePlan {
  warnOfNothingAllowed(scope, OWNER, throttle ?? {});
  warnOfEmptyQuota(scope, OWNER, quota);
  // With the plan's own constructor CDK has the plan wait for the stage.
  const plan = new UsagePlan(scope, 'UsagePlan', asked({ apiStages: [{ api: stage.api as IWebSocketApi, stage }], throttle, quota }));
  const keys = names?.map((name) => new ApiKey(scope, `ApiKey ${escapeId(name)}`, { apiKeyName: name })) ?? [new ApiKey(scope, 'ApiKey')];
  // CDK's `addApiKey` names what it makes after the order of the keys, or the id of the stack. CloudFormation would then create it anew
  // while the old one is there, which API Gateway refuses: a key is in a plan only once.
  keys.forEach((key) => new CfnUsagePlanKey(key, 'PlanKey', { keyId: key.keyId, keyType: 'API_KEY', usagePlanId: plan.usagePlanId }));
  return plan;
}

/** CDK's `addApiStage` has the plan wait for nothing. */
function openStage(plan: UsagePlan, stage: IWebSocketStage): UsagePlan {
  plan.addApiStage({ api: stage.api as IWebSocketApi, stage });
  plan.node.addDependency(stage);
  return plan;
}
