import { Token } from 'aws-cdk-lib';
import { HttpMethod, IWebSocketRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import { ServiceCall, ServiceIntegration, ServiceResponse } from './service-integration';
import { checkServiceOptions, ServiceRouteOptions, SERVICE_ROUTE_OPTIONS } from './service-options';
import { FLAG, mapOf, TEXT } from '../given/kind';
import { OptionsOf } from '../given/options';

import { CONNECT, routeName } from '../routes/route-key';

/**
 * Options of a route to an HTTP endpoint.
 */
export interface HttpRouteOptions extends ServiceRouteOptions {
  /**
   * The method of the requests. With `GET` and `HEAD` no message is sent: take what you need of it into `requestParameters`.
   *
   * @default HttpMethod.POST
   */
  readonly method?: HttpMethod;

  /**
   * Headers, query parameters and path parameters of the requests: `integration.request.header.<name>`,
   * `integration.request.querystring.<name>` or `integration.request.path.<name>`, the last for `{name}` in the URL. Each comes from
   * `route.request.body.<path>`, `context.<name>`, `stageVariables.<name>`, a text in single quotes, or, on `$connect` alone,
   * `route.request.header.<name>` and `route.request.querystring.<name>`. Others are an error.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-data-mapping.html
   */
  readonly requestParameters?: { [destination: string]: string };

  /**
   * Pass the bare message to the endpoint and, with `returnResponse`, its answer to the client, whatever its status is. An error together
   * with `requestTemplate` or `authorizerKeys`, which have nothing to go into then.
   *
   * @default false
   */
  readonly proxy?: boolean;
}

export const HTTP_ROUTE_OPTIONS = {
  ...SERVICE_ROUTE_OPTIONS,
  method: TEXT,
  requestParameters: mapOf(TEXT),
  proxy: FLAG,
} satisfies OptionsOf<HttpRouteOptions>;

const OWNER = '`Route.toHttp()`';

const DESTINATION = /^integration\.request\.(header|querystring|path)\.([\w!#$%&'*+.^`|~-]+)$/;
const SOURCE = /^(?:'.*'|(?:route\.request\.(?:header|querystring|multivalueheader|multivaluequerystring|body)|context|stageVariables)[.[].+|route\.request\.body)$/s;
const OF_HANDSHAKE = /^route\.request\.(?:multivalue)?(?:header|querystring)\./;

export class HttpIntegration extends ServiceIntegration {
  constructor(private readonly url: string, protected readonly options: HttpRouteOptions) {
    super(options);
    checkServiceOptions(OWNER, options);
    checkUrl(url);
    checkParameters(url, options.requestParameters ?? {});
    const [useless] = options.proxy ? (['requestTemplate', 'authorizerKeys'] as const).filter((name) => options[name] !== undefined) : [];
    if (useless !== undefined) {
      throw new Error(`${OWNER} has both \`proxy\` and \`${useless}\`: a proxy passes the bare message; leave out one of them`);
    }
  }

  protected call(route: IWebSocketRoute): ServiceCall {
    const { proxy, method = HttpMethod.POST, requestParameters } = this.options;
    checkHandshakeSources(route.routeKey, requestParameters ?? {});
    return {
      type: proxy ? 'HTTP_PROXY' : 'HTTP',
      uri: this.url,
      method,
      parameters: requestParameters,
      template: proxy ? undefined : this.template(route, '$event'),
    };
  }

  protected responses(): ServiceResponse[] {
    return this.options.proxy ? [] : super.responses();
  }
}

function checkUrl(url: string): void {
  if (Token.isUnresolved(url)) { return; }
  if (!/^https?:\/\/[^/?#]/i.test(url) || !URL.canParse(url)) {
    throw new Error(`\`url\` of ${OWNER} is \`${JSON.stringify(url)}\`: write the whole URL, such as \`"https://api.domain.com/messages"\``);
  }
  if (url.includes('#')) {
    throw new Error(`\`url\` of ${OWNER} is \`${JSON.stringify(url)}\`: what follows \`#\` is not sent; leave it out`);
  }
}

function checkParameters(url: string, parameters: { readonly [destination: string]: string }): void {
  const known = new Set<string>();
  for (const [destination, source] of Object.entries(parameters)) {
    const [, kind, name] = DESTINATION.exec(destination) ?? [];
    if (name === undefined) {
      throw new Error(`\`requestParameters\` of ${OWNER} has \`${JSON.stringify(destination)}\`: write \`integration.request.header.<name>\`, ` +
        '`integration.request.querystring.<name>` or `integration.request.path.<name>`');
    }
    if (!Token.isUnresolved(source) && !SOURCE.test(source)) {
      throw new Error(`\`${JSON.stringify(destination)}\` in \`requestParameters\` of ${OWNER} is \`${JSON.stringify(source)}\`: write \`route.request.body.<path>\`, ` +
        '`context.<name>`, `stageVariables.<name>`, or a text in single quotes: `\'text\'`');
    }
    if (kind === 'path') { known.add(name); }
  }
  if (Token.isUnresolved(url)) { return; }
  const inUrl = [...url.matchAll(/(?<!\$)\{([^{}]+)\}/g)].map(([, name]) => name);
  const missing = inUrl.find((name) => !known.has(name));
  if (missing !== undefined) {
    throw new Error(`\`url\` of ${OWNER} has \`{${missing}}\`, and nothing says what it is: add \`"integration.request.path.${missing}"\` to \`requestParameters\``);
  }
  const unused = [...known].find((name) => !inUrl.includes(name));
  if (unused !== undefined) {
    throw new Error(`\`requestParameters\` of ${OWNER} has \`"integration.request.path.${unused}"\`, but \`url\` has no \`{${unused}}\`: write it where the value belongs`);
  }
}

/** Messages have no headers and no query. */
function checkHandshakeSources(routeKey: string, parameters: { readonly [destination: string]: string }): void {
  const [source] = routeKey === CONNECT ? [] : Object.values(parameters).filter((one) => OF_HANDSHAKE.test(one));
  if (source !== undefined) {
    throw new Error(`${routeName(routeKey)} takes \`${source}\`, and only a handshake has headers and a query: use \`context.authorizer.<key>\` ` +
      'for what an authorizer has read there, or `route.request.body.<path>`');
  }
}
