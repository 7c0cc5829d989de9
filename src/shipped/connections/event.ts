/** What API Gateway sends a Lambda proxy, as far as it matters here. */
export interface WebSocketEvent {
  readonly requestContext: {
    readonly eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT';
    readonly routeKey: string;
    readonly connectionId: string;
    readonly requestId: string;
    readonly connectedAt: number;
    readonly identity?: { readonly sourceIp?: string };
    readonly authorizer?: { readonly [key: string]: unknown };
  };
  readonly headers?: { readonly [name: string]: string };
  readonly multiValueHeaders?: { readonly [name: string]: readonly string[] };
  readonly queryStringParameters?: { readonly [name: string]: string };
  readonly multiValueQueryStringParameters?: { readonly [name: string]: readonly string[] };
  readonly stageVariables?: { readonly [name: string]: string };
  readonly body?: string;
}

/** What API Gateway takes from a Lambda proxy. */
export interface ProxyAnswer {
  readonly statusCode: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
}
