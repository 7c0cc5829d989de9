import { MappedParameters } from './parameter-mapping';

/** What `arn:aws:apigateway:region:service:action/Name` or `…:path/rest` stands for. */
export interface ServiceTarget {
  readonly partition: string;
  readonly region: string;
  readonly service: string;
  /** What is before the service: a bucket, for S3. */
  readonly subdomain?: string;
  readonly action?: string;
  readonly path: string;
}

/** What is sent to a service, but for the endpoint and the signature. */
export interface ServiceRequest {
  readonly method: string;
  readonly path: string;
  readonly query: ReadonlyArray<readonly [string, string]>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What the role of an integration has to be allowed. */
export interface NeededPermission {
  readonly action: string;
  readonly resources: readonly string[];
}

interface Service {
  /** The name that AWS's tools use, if it is another one: `AWS_ENDPOINT_URL_SFN`. */
  readonly id?: string;
  /** Of those that take JSON, and the name of the action in a header. */
  readonly target?: string;
  readonly contentType?: string;
  /** Of those that take the name of the action in the query. */
  readonly version?: string;
}

const JSON_1_0 = 'application/x-amz-json-1.0';
const JSON_1_1 = 'application/x-amz-json-1.1';

const SERVICES: ReadonlyMap<string, Service> = new Map<string, Service>([
  ['dynamodb', { target: 'DynamoDB_20120810', contentType: JSON_1_0 }],
  ['events', { id: 'eventbridge', target: 'AWSEvents', contentType: JSON_1_1 }],
  ['firehose', { target: 'Firehose_20150804', contentType: JSON_1_1 }],
  ['kinesis', { target: 'Kinesis_20131202', contentType: JSON_1_1 }],
  ['states', { id: 'sfn', target: 'AWSStepFunctions', contentType: JSON_1_0 }],
  ['sns', { version: '2010-03-31' }],
  ['sqs', { version: '2012-11-05' }],
]);

export function serviceTarget(uri: string): ServiceTarget {
  const [, partition, region, subdomain, service, kind, rest] = (
    /^arn:([\w-]+):apigateway:([\w-]*):(?:([\w.-]+)\.)?([\w-]+):(path|action)\/(.*)$/s.exec(uri) ?? []
  );
  if (partition === undefined) {
    throw new Error(`the URI \`${uri.replace(/[?#].*$/s, '')}\` does not name an AWS service: write \`arn:aws:apigateway:region:service:action/Name\` or \`…:path/rest\``);
  }
  return { partition, region, service, subdomain, ...kind === 'action' ? { action: rest, path: '/' } : { path: `/${rest.replace(/^\//, '')}` } };
}

/** The name that the variable of the endpoint has at its end: `AWS_ENDPOINT_URL_<this, in capitals>`. */
export function serviceId({ service }: ServiceTarget): string {
  return SERVICES.get(service)?.id ?? service;
}

/** The request that API Gateway sends to the service: the template's text, and the action's name wherever the service looks for it. */
export function serviceRequest(
  target: ServiceTarget,
  method: string,
  parameters: MappedParameters,
  body: string | undefined,
): ServiceRequest {
  const { target: prefix, contentType, version } = SERVICES.get(target.service) ?? {};
  const given = Object.fromEntries(Object.entries(parameters.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const [path, inPath] = target.path.split('?');
  const byHeader = target.action !== undefined && prefix !== undefined;
  const byQuery: Array<[string, string]> = target.action === undefined || byHeader ? []
    : [['Action', target.action], ...version === undefined ? [] : [['Version', version] as [string, string]]];
  return {
    method,
    path: target.service === 's3' && target.subdomain !== undefined ? `/${target.subdomain}${path}` : path,
    query: [...byQuery, ...new URLSearchParams(inPath), ...parameters.query],
    headers: {
      'content-type': (target.action === undefined ? undefined : contentType) ?? 'application/json',
      ...byHeader ? { 'x-amz-target': `${prefix}.${target.action}` } : {},
      ...given,
    },
    body: ['GET', 'HEAD'].includes(method) ? undefined : body,
  };
}

/** Undefined if the request does not say which resource it is about. */
export function neededPermission(target: ServiceTarget, request: ServiceRequest, account: string): NeededPermission | undefined {
  const value = parametersOf(request);
  const text = (name: string): string | undefined => {
    const found = value(name);
    return typeof found === 'string' ? found : undefined;
  };
  const { partition, region, service } = target;
  const arn = (name: string | undefined, kind = '') => (
    name === undefined ? [] : [name.startsWith('arn:') ? name : `arn:${partition}:${service}:${region}:${account}:${kind}${name}`]
  );
  const operation = target.action ?? request.headers['x-amz-target']?.split('.').pop() ?? text('Action');
  const needed = (resources: readonly string[]) => (
    operation === undefined || resources.length === 0 ? undefined : { action: `${service}:${operation}`, resources }
  );

  switch (service) {
    case 'dynamodb': return needed(arn(text('TableName'), 'table/'));
    case 'events': return needed([...new Set(list(value('Entries')).flatMap(({ EventBusName }) => arn(String(EventBusName ?? 'default'), 'event-bus/')))]);
    case 'firehose': return needed(arn(text('DeliveryStreamName'), 'deliverystream/'));
    case 'kinesis': return needed(arn(text('StreamARN') ?? text('StreamName'), 'stream/'));
    case 'sns': return needed(arn(text('TopicArn')));
    case 'states': return needed(arn(text('stateMachineArn') ?? text('executionArn')));
    case 'sqs': {
      const [, owner, queue] = /\/(\d{12})\/([^/?]+)\/?$/.exec(text('QueueUrl') ?? request.path) ?? [];
      return needed(queue === undefined ? [] : [`arn:${partition}:sqs:${region}:${owner}:${queue}`]);
    }
    case 's3': {
      const action = { GET: 'GetObject', HEAD: 'GetObject', DELETE: 'DeleteObject' }[request.method] ?? 'PutObject';
      return { action: `s3:${action}`, resources: [`arn:${partition}:s3:::${decodeURIComponent(request.path.slice(1))}`] };
    }
    default: return undefined;
  }
}

/** What the request says, in its query, as a form or as JSON. */
function parametersOf({ query, headers, body = '' }: ServiceRequest): (name: string) => unknown {
  const form = headers['content-type'].startsWith('application/x-www-form-urlencoded');
  const inBody: Record<string, unknown> = form ? Object.fromEntries(new URLSearchParams(body)) : parseObject(body);
  return (name) => query.find(([key]) => key === name)?.[1] ?? (Object.hasOwn(inBody, name) ? inBody[name] : undefined);
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

function list(value: unknown): Array<Record<string, unknown>> {
  return Array.isArray(value) ? value.map((item) => Object(item)) : [];
}
