import { Stack } from 'aws-cdk-lib';
import { IWebSocketApi, IWebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { joinedText } from './joined-text';

/** The domain of a stage that has no other address. */
export interface SoleDomain {
  readonly name: string;
  readonly path?: string;
}

/**
 * The URLs and ARNs of one stage of an API. They are the same for created and imported APIs and stages, and depend on the API alone,
 * never on the stage's resource: what names them makes no cycle.
 */
export class StageEndpoint {
  private readonly ofTemplate: { callbackUrl?: string; arn?: string } = {};

  constructor(
    private readonly scope: Construct,
    private readonly api: IWebSocketApi,
    private readonly stage: IWebSocketStage,
    private readonly soleDomain?: SoleDomain,
  ) {
  }

  /** The URL for clients. */
  public get url(): string {
    // With a path, API Gateway answers "Not Found" unless the URL ends with a slash.
    return `wss://${this.address}${this.soleDomain?.path === undefined ? '' : '/'}`;
  }

  /** The address of the stage, without the protocol and a slash at its end. */
  public get address(): string {
    if (this.soleDomain) {
      const { name, path } = this.soleDomain;
      return path === undefined ? name : `${name}/${path}`;
    }
    const { region, urlSuffix } = Stack.of(this.scope);
    return `${this.api.apiId}.execute-api.${region}.${urlSuffix}/${this.stage.stageName}`;
  }

  /** The URL that functions post to connections at, for templates alone: see `joinedText()`. */
  public get joinedCallbackUrl(): string {
    return this.ofTemplate.callbackUrl ??= joinedText(this.scope, `https://${this.address}`);
  }

  /** The ARN of a route of the stage, for templates alone. */
  public joinedArn(route: string): string {
    this.ofTemplate.arn ??= joinedText(this.scope, this.arn(''));
    return `${this.ofTemplate.arn}${route}`;
  }

  /** The ARN of all connections of the stage, with every method. */
  public get connectionsArn(): string {
    return this.arn('*/@connections/*');
  }

  /** The ARN of a route of the stage, as IAM and Lambda know it. `*` stands for all routes. */
  public arn(route: string): string {
    return this.format(`${this.stage.stageName}/${route}`);
  }

  public arnInAnyStage(route: string): string {
    return this.format(`*/${route}`);
  }

  private format(resourceName: string): string {
    return Stack.of(this.scope).formatArn({ service: 'execute-api', resource: this.api.apiId, resourceName });
  }
}
