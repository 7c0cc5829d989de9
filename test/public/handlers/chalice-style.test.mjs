import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { needs, PYTHON } from '../programs.mjs';
import { Client, Route, serve, WebSocketApi } from '../served.mjs';

// Frameworks such as Chalice make the endpoint from the event, with the domain name and the stage, and know nothing of environment variables.
const HANDLER = `
import boto3


class Api:
    def __init__(self):
        self.client = None
        self.handlers = {}

    def on(self, event_type):
        return lambda handler: self.handlers.setdefault(event_type, handler)

    def send(self, connection_id, text):
        self.client.post_to_connection(ConnectionId=connection_id, Data=text.encode())

    def __call__(self, event, context):
        about = event["requestContext"]
        if self.client is None:
            self.client = boto3.client("apigatewaymanagementapi", endpoint_url=f"https://{about['domainName']}/{about['stage']}")
        self.handlers[about["eventType"]](about["connectionId"], event.get("body"))
        return {"statusCode": 200}


app = Api()


@app.on("CONNECT")
def connect(connection_id, body):
    pass


@app.on("DISCONNECT")
def disconnect(connection_id, body):
    pass


@app.on("MESSAGE")
def message(connection_id, body):
    app.send(connection_id, "sent by the framework: " + body)
`;

test('a handler in the style of Chalice posts to the domain name of its event', { skip: needs('python') }, async (t) => {
  const virtualEnvironment = process.env.VIRTUAL_ENV;
  process.env.VIRTUAL_ENV = dirname(dirname(PYTHON));
  t.after(() => { if (virtualEnvironment === undefined) { delete process.env.VIRTUAL_ENV; } else { process.env.VIRTUAL_ENV = virtualEnvironment; } });
  const { url } = await serve(t, { 'src/chat.py': HANDLER }, (stack) => {
    const route = () => Route.toHandler('chat.app', { srcPath: 'src' });
    new WebSocketApi(stack, 'Api', { routes: { $connect: route(), $default: route(), $disconnect: route() } });
  });
  const client = await Client.connect(t, url);

  assert.equal(await client.ask('hello'), 'sent by the framework: hello');
});
