import { existsSync } from 'node:fs';
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { KEY_OF_AUTHORIZER } from './keys';

// The handlers of the contract: messages and query parameters tell them what to do.

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export const connect = async (event: any) => {
  const { status, throws, protocol, nothing, extra, post, text, sleep: millis } = event.queryStringParameters ?? {};
  console.log(`EVENT ${JSON.stringify(event)}`);
  if (millis) { await sleep(Number(millis)); }
  if (throws) { throw new Error(throws); }
  if (nothing) { return undefined; }
  if (extra) { return { statusCode: 200, connectionId: event.requestContext.connectionId }; }
  if (post) {
    const { domainName, stage, connectionId } = event.requestContext;
    const client = new ApiGatewayManagementApiClient({ endpoint: `https://${domainName}/${stage}` });
    const result = await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: 'early' })).catch((error) => error);
    console.log(`POSTED ${connectionId} ${result.name} ${result.$metadata.httpStatusCode}`);
  }
  return { statusCode: status === undefined ? 200 : Number(status), body: text, headers: protocol ? { 'Sec-WebSocket-Protocol': protocol } : {} };
};

export const disconnect = async (event: any) => {
  console.log(`EVENT ${JSON.stringify(event)}`);
  return { statusCode: 200 };
};

export const echo = async (event: any) => {
  const body = (() => { try { return JSON.parse(event.body); } catch { return {}; } })();
  console.log(`EVENT ${JSON.stringify(event)}`);
  if (body.throws) { throw new Error(body.throws); }
  if (body.sleep) { await sleep(body.sleep); }
  while (body.gate && !existsSync(body.gate)) { await sleep(5); }
  if (body.nothing) { return undefined; }
  if (body.returns !== undefined) { return body.returns; }
  if (body.bytes) { return { statusCode: 200, body: 'x'.repeat(body.bytes) }; }
  return { statusCode: body.status ?? 200, body: body.answer ?? JSON.stringify(event) };
};

export const post = async (event: any) => {
  const { to, data, from } = JSON.parse(event.body);
  const endpoint = from === 'context' ? 'https://' + event.requestContext.domainName + '/' + event.requestContext.stage : process.env.WEBSOCKET_CALLBACK_URL;
  const client = new ApiGatewayManagementApiClient({ endpoint });
  const command = new PostToConnectionCommand({ ConnectionId: to ?? event.requestContext.connectionId, Data: data });
  const result = await client.send(command).catch((error) => error);
  return { statusCode: 200, body: (result.name ?? 'posted') + ' ' + result.$metadata.httpStatusCode + ' ' + (result.message ?? '') };
};

/** Holds for a client `tests` that comes from a page of example.com. */
const CONDITION = {
  StringEquals: { 'aws:UserAgent': 'tests' },
  StringLike: { 'aws:Referer': 'https://example.com/*' },
  NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' },
  DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' },
  Bool: { 'aws:SecureTransport': 'true' },
};

export const authorize = async (event: any) => {
  console.log(`EVENT ${JSON.stringify(event)}`);
  const token = event.headers.Authorization ?? event.queryStringParameters?.token;
  if (token === 'unauthorized') { throw new Error('Unauthorized'); }
  if (token === 'broken') { throw new Error('broken'); }
  if (token === 'nonsense') { return { principalId: 'me' }; }
  if (token === 'nested') { return { principalId: 'me', policyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }, context: { list: [1] } }; }
  if (token === 'large') { return { principalId: 'me', policyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }, context: { text: 'x'.repeat(9000) } }; }
  const statement = { Action: 'execute-api:Invoke', Effect: token === 'deny' ? 'Deny' : 'Allow', Resource: event.methodArn };
  return {
    principalId: 'user-1',
    policyDocument: { Version: '2012-10-17', Statement: [token === 'conditional' ? { ...statement, Condition: CONDITION } : statement] },
    context: { name: 'Ann', age: 42, admin: true, team: null },
    usageIdentifierKey: token === 'key' ? KEY_OF_AUTHORIZER : undefined,
  };
};
