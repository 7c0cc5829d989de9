import { neededPermission, serviceId, serviceRequest, serviceTarget } from '../../../src/local/integrations/aws-service';

const NOTHING = { headers: {}, query: [] as Array<[string, string]>, path: {} };
const QUEUE = 'arn:aws:sqs:eu-west-1:123456789012:jobs';

function uri(rest: string) {
  return `arn:aws:apigateway:eu-west-1:${rest}`;
}

describe('URIs', () => {
  test.each([
    ['sqs:path/123456789012/jobs', { service: 'sqs', path: '/123456789012/jobs', action: undefined, subdomain: undefined }],
    ['dynamodb:action/PutItem', { service: 'dynamodb', path: '/', action: 'PutItem', subdomain: undefined }],
    ['bucket.s3:path//a/b', { service: 's3', path: '/a/b', action: undefined, subdomain: 'bucket' }],
  ])('`%s`', (rest, expected) => {
    expect(serviceTarget(uri(rest))).toEqual({ partition: 'aws', region: 'eu-west-1', ...expected });
  });

  test('another URI is refused', () => {
    expect(() => serviceTarget('https://example.com')).toThrow('the URI `https://example.com` does not name an AWS service: write `arn:aws:apigateway:region:service:action/Name`');
  });

  test.each([['states', 'sfn'], ['events', 'eventbridge'], ['sqs', 'sqs'], ['iotdata', 'iotdata']])('tools know `%s` as `%s`', (service, id) => {
    expect(serviceId(serviceTarget(uri(`${service}:action/X`)))).toBe(id);
  });
});

describe('requests', () => {
  test.each([
    ['dynamodb', 'DynamoDB_20120810.PutItem', 'application/x-amz-json-1.0'],
    ['states', 'AWSStepFunctions.PutItem', 'application/x-amz-json-1.0'],
    ['events', 'AWSEvents.PutItem', 'application/x-amz-json-1.1'],
    ['kinesis', 'Kinesis_20131202.PutItem', 'application/x-amz-json-1.1'],
    ['firehose', 'Firehose_20150804.PutItem', 'application/x-amz-json-1.1'],
  ])('%s takes the action as a header', (service, target, contentType) => {
    expect(serviceRequest(serviceTarget(uri(`${service}:action/PutItem`)), 'POST', NOTHING, '{}')).toEqual({
      method: 'POST', path: '/', query: [], headers: { 'content-type': contentType, 'x-amz-target': target }, body: '{}',
    });
  });

  test.each([['sqs', '2012-11-05'], ['sns', '2010-03-31']])('%s takes the action in the query', (service, version) => {
    expect(serviceRequest(serviceTarget(uri(`${service}:action/Send`)), 'POST', { ...NOTHING, query: [['a', 'b']] }, undefined).query)
      .toEqual([['Action', 'Send'], ['Version', version], ['a', 'b']]);
  });

  test('a service that is not known takes the action in the query', () => {
    expect(serviceRequest(serviceTarget(uri('other:action/Do')), 'POST', NOTHING, undefined).query).toEqual([['Action', 'Do']]);
  });

  test('headers of the integration win', () => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'X-Amz-Target': 'x' };
    expect(serviceRequest(serviceTarget(uri('dynamodb:action/PutItem')), 'POST', { ...NOTHING, headers }, '').headers)
      .toEqual({ 'content-type': 'application/x-www-form-urlencoded', 'x-amz-target': 'x' });
  });

  test('a path may have a query', () => {
    const { path, query } = serviceRequest(serviceTarget(uri('sqs:path/1/q?Action=SendMessage&a=b%20c')), 'GET', { ...NOTHING, query: [['d', 'e']] }, 'x');
    expect({ path, query }).toEqual({ path: '/1/q', query: [['Action', 'SendMessage'], ['a', 'b c'], ['d', 'e']] });
  });

  test('what is read is asked for without a body', () => {
    expect(serviceRequest(serviceTarget(uri('s3:path/a')), 'GET', NOTHING, 'x').body).toBeUndefined();
  });

  test('a bucket is part of the path', () => {
    expect(serviceRequest(serviceTarget(uri('bucket.s3:path/a')), 'PUT', NOTHING, 'x').path).toBe('/bucket/a');
  });
});

describe('permissions', () => {
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

  function needed(rest: string, { body, headers = {}, query = [], method = 'POST' }: { body?: unknown; headers?: Record<string, string>; query?: Array<[string, string]>; method?: string } = {}) {
    const target = serviceTarget(uri(rest));
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    return neededPermission(target, serviceRequest(target, method, { headers, query, path: {} }, text), '123456789012');
  }

  test.each<[string, Parameters<typeof needed>[1], string, string[]]>([
    ['sqs:path/123456789012/jobs', { headers: form, body: 'Action=SendMessage&MessageBody=x' }, 'sqs:SendMessage', [QUEUE]],
    ['sqs:path/123456789012/jobs?Action=SendMessage', {}, 'sqs:SendMessage', [QUEUE]],
    ['sqs:action/SendMessage', { query: [['QueueUrl', 'https://sqs.eu-west-1.amazonaws.com/123456789012/jobs']] }, 'sqs:SendMessage', [QUEUE]],
    ['sqs:path/', { headers: { 'X-Amz-Target': 'AmazonSQS.SendMessage' }, body: { QueueUrl: 'http://x/123456789012/jobs' } }, 'sqs:SendMessage', [QUEUE]],
    ['dynamodb:action/PutItem', { body: { TableName: 't' } }, 'dynamodb:PutItem', ['arn:aws:dynamodb:eu-west-1:123456789012:table/t']],
    ['states:action/StartExecution', { body: { stateMachineArn: 'arn:aws:states:x' } }, 'states:StartExecution', ['arn:aws:states:x']],
    ['states:action/StopExecution', { body: { executionArn: 'arn:aws:states:y' } }, 'states:StopExecution', ['arn:aws:states:y']],
    ['sns:action/Publish', { query: [['TopicArn', 'arn:aws:sns:x']] }, 'sns:Publish', ['arn:aws:sns:x']],
    ['kinesis:action/PutRecord', { body: { StreamName: 's' } }, 'kinesis:PutRecord', ['arn:aws:kinesis:eu-west-1:123456789012:stream/s']],
    ['kinesis:action/PutRecord', { body: { StreamARN: 'arn:x' } }, 'kinesis:PutRecord', ['arn:x']],
    ['firehose:action/PutRecord', { body: { DeliveryStreamName: 's' } }, 'firehose:PutRecord', ['arn:aws:firehose:eu-west-1:123456789012:deliverystream/s']],
    [
      'events:action/PutEvents', { body: { Entries: [{}, { EventBusName: 'own' }, { EventBusName: 'own' }, { EventBusName: 'arn:aws:events:x' }] } }, 'events:PutEvents',
      ['arn:aws:events:eu-west-1:123456789012:event-bus/default', 'arn:aws:events:eu-west-1:123456789012:event-bus/own', 'arn:aws:events:x'],
    ],
    ['s3:path/bucket/a%20b', { method: 'PUT', body: 'x' }, 's3:PutObject', ['arn:aws:s3:::bucket/a b']],
    ['s3:path/bucket/a', { method: 'GET' }, 's3:GetObject', ['arn:aws:s3:::bucket/a']],
    ['s3:path/bucket/a', { method: 'DELETE' }, 's3:DeleteObject', ['arn:aws:s3:::bucket/a']],
  ])('`%s` with %j needs `%s`', (rest, request, action, resources) => {
    expect(needed(rest, request)).toEqual({ action, resources });
  });

  test.each<[string, Parameters<typeof needed>[1]]>([
    ['other:action/Do', {}],
    ['dynamodb:action/ListTables', { body: {} }],
    ['dynamodb:action/PutItem', { body: 'no JSON' }],
    ['events:action/PutEvents', { body: { Entries: 'none' } }],
    ['sqs:action/ListQueues', {}],
    ['dynamodb:path/', { body: { TableName: 't' } }],
  ])('`%s` with %j: nobody knows', (rest, request) => {
    expect(needed(rest, request)).toBeUndefined();
  });
});
