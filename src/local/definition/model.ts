// What the gateway serves, read from a cloud assembly with every value resolved. Only data, and only types are imported here.

import type { IntegrationTarget } from './integration-target';
import type { HandlerSource } from '../../handlers/source-metadata';

/** All that an assembly holds of WebSocket APIs, and of what they need. */
export interface Model {
  readonly apis: readonly ApiModel[];
  /** Every Lambda function of the assembly whose code is in it, by its ARN without a qualifier. */
  readonly functions: ReadonlyMap<string, FunctionModel>;
  /** Roles and users of the assembly. */
  readonly principals: readonly PrincipalModel[];
  /** API keys and their usage plans, by the value of the key. */
  readonly apiKeys: ReadonlyMap<string, ApiKeyModel>;
  readonly tables: readonly TableModel[];
  /** User pools whose ids are made up, so that nobody else answers for them. */
  readonly userPools?: readonly UserPoolModel[];
  /** Whether something that is served may use a table. */
  readonly usesTables?: boolean;
  /** Functions that no route or authorizer calls, and that the roles of those let them invoke. */
  readonly workers?: readonly FunctionModel[];
  /** Values that could not be resolved, and that something served here uses. */
  readonly unresolved: readonly UnresolvedValue[];
  /** What a user should know before the first message, one line each. */
  readonly warnings: readonly string[];
}

export interface UnresolvedValue {
  /** What it is called in an env file: `Stack.LogicalId`, `Stack.LogicalId.Attribute`, `Stack.Parameter`, an export's name. */
  readonly name: string;
  /** Where it is used: a construct path and a property, `Chat/Api/Route $connect/Function: Environment.Variables.KEY`. */
  readonly usedBy: readonly string[];
  /** The placeholder that replaces it. */
  readonly placeholder: string;
}

export interface ApiModel {
  /** Ten characters, like AWS's, and the same at every start. */
  readonly id: string;
  /** With the path of the construct if several have the same. */
  readonly name: string;
  /** The construct path if the assembly names it, else `Stack/LogicalId`. */
  readonly path: string;
  readonly region: string;
  readonly account: string;
  /** `amazonaws.com`, or what the partition of the region has. */
  readonly urlSuffix: string;
  readonly partition: string;
  readonly routeSelectionExpression: string;
  readonly apiKeySelectionExpression: string;
  readonly disableExecuteApiEndpoint: boolean;
  readonly routes: ReadonlyMap<string, RouteModel>;
  readonly stages: readonly StageModel[];
  readonly mappings: readonly MappingModel[];
  /** JSON schemas by name: those of `RouteModel.requestModels` may refer to others by it. */
  readonly models?: ReadonlyMap<string, unknown>;
}

/** An API at one of its stages: where a connection, and each of its events, belongs. */
export interface ServedStage {
  readonly api: ApiModel;
  readonly stage: StageModel;
}

export interface StageModel {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly accessLog?: { readonly format: string; readonly destinationArn: string };
  readonly defaultThrottle: ThrottleModel;
  readonly routeThrottles: ReadonlyMap<string, ThrottleModel>;
}

/** Nothing given: the account's limit, which is not enforced here. */
export interface ThrottleModel {
  readonly ratePerSecond?: number;
  readonly burst?: number;
}

export interface MappingModel {
  readonly domainName: string;
  /** Empty for the whole domain, else without slashes around it. */
  readonly path: string;
  readonly stageName: string;
}

export interface RouteModel {
  readonly key: string;
  readonly authorization: AuthorizationModel;
  readonly apiKeyRequired: boolean;
  readonly integration?: IntegrationModel;
  /** Which of the request models applies: `$default` of them if there is no expression. */
  readonly modelSelectionExpression?: string;
  /** JSON schemas by the key that the expression selects. */
  readonly requestModels: ReadonlyMap<string, unknown>;
  /** Whether there is one with the key `$default`, so that the route answers. */
  readonly response: boolean;
  /** JSON schemas of what it answers. */
  readonly responseModels?: ReadonlyMap<string, unknown>;
  /** Its name in documentation. */
  readonly operationName?: string;
}

export type AuthorizationModel =
  | { readonly type: 'NONE' }
  | { readonly type: 'AWS_IAM' }
  | {
    readonly type: 'CUSTOM';
    readonly id: string;
    readonly name: string;
    /** May hold `${stageVariables.name}`. */
    readonly functionArn: string;
    /** The ARN of the role that API Gateway calls the function with. */
    readonly credentials?: string;
    readonly identitySource: readonly string[];
  };

export interface IntegrationModel {
  readonly type: 'AWS_PROXY' | 'AWS' | 'HTTP_PROXY' | 'HTTP' | 'MOCK';
  /** Construct path or `Stack/LogicalId`, for messages. */
  readonly path: string;
  readonly target: IntegrationTarget;
  readonly method: string;
  /** The ARN of the role that API Gateway calls a function or an AWS service with. May hold `${stageVariables.name}`. */
  readonly credentials?: string;
  readonly requestTemplates: Readonly<Record<string, string>>;
  readonly templateSelectionExpression?: string;
  readonly requestParameters: Readonly<Record<string, string>>;
  readonly passthroughBehavior: 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES' | 'NEVER';
  readonly timeoutMillis: number;
  readonly responses: readonly IntegrationResponseModel[];
}

export interface IntegrationResponseModel {
  /** `$default`, or a regular expression between slashes. */
  readonly key: string;
  readonly templateSelectionExpression?: string;
  readonly templates: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface FunctionModel {
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly region: string;
  readonly account: string;
  /** As Lambda spells it: `nodejs24.x`, `python3.13`, `provided.al2023`, `java21`. */
  readonly runtime: string;
  readonly handler: string;
  readonly architecture: 'x86_64' | 'arm64';
  /** What `openAsset` takes: a folder, a zip file or jar, or a `data:` URL that holds a file written in the template. */
  readonly code: string;
  /** Folders or zip files, in the order in which they are laid over each other at `/opt`. */
  readonly layers: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMB: number;
  readonly reservedConcurrency?: number;
  /** How it is invoked asynchronously, where that is not as usual. */
  readonly asynchronous?: readonly AsynchronousModel[];
  /** Where Lambda sends the results of asynchronous invocations, in words: `on failure to …`. */
  readonly destinations?: readonly string[];
  /** The routes and authorizers that API Gateway may call it for. */
  readonly invokers: readonly InvokerModel[];
  /** Undefined if the role is imported. */
  readonly role?: PrincipalModel;
  /** What the construct recorded of the handler's source, for `--watch`. */
  readonly source?: HandlerSource;
}

/** What is set for the asynchronous invocations of a function. */
export interface AsynchronousModel {
  /** The version or alias that it is for; undefined for the function itself. */
  readonly qualifier?: string;
  readonly maxRetries?: number;
  readonly maxAgeSeconds?: number;
}

/** What a resource policy lets API Gateway call a function for. */
export interface InvokerModel {
  /** The ARN of a route or an authorizer, with wildcards. */
  readonly sourceArn: string;
  /** The version or alias whose policy it is in, `*` for any; else that of the function itself, which counts for no version or alias. */
  readonly qualifier?: string;
}

export interface PrincipalModel {
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  /** Undefined if they cannot be known, as for an imported role. It may then do everything, and a warning says so. */
  readonly statements?: readonly PolicyStatementModel[];
}

/** As in a policy document, but always with lists: IAM also takes a single string. */
export interface PolicyStatementModel {
  readonly effect: 'Allow' | 'Deny';
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly resources?: readonly string[];
  readonly notResources?: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface ApiKeyModel {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  /** The stages that a usage plan opens with it; a WebSocket API needs one. */
  readonly stages: ReadonlyArray<{ readonly apiId: string; readonly stageName: string; readonly throttle: ThrottleModel }>;
}

/** A DynamoDB table, as `CreateTable` takes it. */
export interface TableModel {
  readonly path: string;
  readonly region: string;
  readonly input: Readonly<Record<string, unknown>> & { readonly TableName: string };
}

/** A Cognito user pool. */
export interface UserPoolModel {
  readonly path: string;
  readonly id: string;
  /** `cognito-idp.eu-west-1.amazonaws.com`. */
  readonly host: string;
  readonly clients: ReadonlyArray<{ readonly path: string; readonly id: string }>;
}
