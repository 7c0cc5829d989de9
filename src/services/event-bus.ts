import { Token } from 'aws-cdk-lib';
import { IWebSocketApi, IWebSocketRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import { IEventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { jsonEscaped } from './event-template';
import { ERROR_FRAME, ServiceCall, ServiceIntegration } from './service-integration';
import { checkServiceOptions, ServiceRouteOptions, SERVICE_ROUTE_OPTIONS } from './service-options';
import { roleFor, serviceUri } from './service-role';
import { velocityJsonText } from './velocity-text';
import { TEXT } from '../given/kind';
import { OptionsOf } from '../given/options';

/**
 * Options of a route to an event bus.
 */
export interface EventBusRouteOptions extends ServiceRouteOptions {
  /**
   * The source of the events, by which rules select them: at most 256 characters, and not `aws.` at the start. An error otherwise.
   *
   * @default - the name of the API; the ID of an imported one
   */
  readonly source?: string;

  /**
   * The detail type of the events, by which rules select them: at most 128 characters. An error otherwise.
   *
   * @default - the route key
   */
  readonly detailType?: string;
}

export const EVENT_BUS_ROUTE_OPTIONS = {
  ...SERVICE_ROUTE_OPTIONS,
  source: TEXT,
  detailType: TEXT,
} satisfies OptionsOf<EventBusRouteOptions>;

const OWNER = '`Route.toEventBus()`';

export class EventBusIntegration extends ServiceIntegration {
  constructor(private readonly eventBus: IEventBus, protected readonly options: EventBusRouteOptions) {
    super(options);
    checkServiceOptions(OWNER, options);
    checkText('source', options.source, 256);
    checkText('detailType', options.detailType, 128);
    checkSource('`source`', options.source);
  }

  protected call(route: IWebSocketRoute, home: Construct): ServiceCall {
    const { eventBus, options: { detailType = route.routeKey } } = this;
    const source = this.options.source ?? nameOf(route.webSocketApi);
    const role = roleFor(home, eventBus);
    eventBus.grantPutEventsTo(role);
    const entry = [
      ['EventBusName', eventBus.eventBusArn],
      ['Source', velocityJsonText(source)],
      ['DetailType', velocityJsonText(detailType)],
      ['Detail', jsonEscaped('$event')],
    ].map(([name, text]) => `"${name}":"${text}"`).join(',');
    return {
      uri: serviceUri(home, eventBus.env.region, 'events:action/PutEvents'),
      method: 'POST',
      role,
      parameters: {
        'integration.request.header.X-Amz-Target': "'AWSEvents.PutEvents'",
        'integration.request.header.Content-Type': "'application/x-amz-json-1.1'",
      },
      template: this.template(route, `{"Entries":[{${entry}}]}`),
    };
  }

  /** EventBridge answers 200 for an event that it did not take. */
  protected answer(): string {
    return `#if($input.path('$.FailedEntryCount').toString() == "0")$input.json('$')#else${ERROR_FRAME}#end`;
  }
}

function nameOf(api: IWebSocketApi): string {
  const name = (api as { webSocketApiName?: string }).webSocketApiName ?? api.apiId;
  checkSource('the name of the API is the source of the events, and it', name);
  return name;
}

function checkSource(what: string, source: string | undefined): void {
  if (source !== undefined && !Token.isUnresolved(source) && /^aws\./i.test(source)) {
    throw new Error(`${what} is \`${JSON.stringify(source)}\`: EventBridge keeps sources that start with \`aws.\` for AWS; give ${OWNER} another \`source\``);
  }
}

function checkText(name: string, text: string | undefined, limit: number): void {
  if (text === undefined || Token.isUnresolved(text)) { return; }
  if (text === '' || text.length > limit) {
    throw new Error(`\`${name}\` of ${OWNER} has ${text.length} characters: EventBridge takes 1 to ${limit}`);
  }
}
