import { ServiceCall, ServiceIntegration, ServiceResponse } from './service-integration';
import { velocityText } from './velocity-text';
import { TEXT } from '../given/kind';
import { OptionsOf } from '../given/options';
import { ROUTE_OPTIONS, RouteOptions } from '../routes/route-options';

/**
 * Options of a route that API Gateway answers by itself.
 */
export interface MockRouteOptions extends RouteOptions {
  /**
   * What the client gets, to the letter.
   *
   * @default '{"type":"pong"}'
   */
  readonly response?: string;

  /**
   * What the client gets, as a mapping template in Velocity: `{"connectionId":"$context.connectionId"}`. An error together with
   * `response`.
   *
   * @default - `response` is sent
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
   */
  readonly responseTemplate?: string;
}

export const MOCK_ROUTE_OPTIONS = { ...ROUTE_OPTIONS, response: TEXT, responseTemplate: TEXT } satisfies OptionsOf<MockRouteOptions>;

export class MockIntegration extends ServiceIntegration {
  private readonly response: string;

  constructor({ response, responseTemplate, ...options }: MockRouteOptions) {
    super(options);
    if (response !== undefined && responseTemplate !== undefined) {
      throw new Error('`Route.toMock()` has both `response` and `responseTemplate`: give one of them');
    }
    this.response = responseTemplate ?? velocityText(response ?? '{"type":"pong"}');
  }

  protected call(): ServiceCall {
    return { type: 'MOCK', uri: '', template: '{"statusCode":200}' };
  }

  protected responses(): ServiceResponse[] {
    return [{ id: 'Answer', key: '$default', template: this.response }];
  }
}
