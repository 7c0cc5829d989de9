import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Client } from './client';
import { ServedApp, serveApp } from './served-app';
import { ModuleFormat, Bundling, Route, WebSocketApi } from '../../src';
import { describeWhere, testWhere } from '../where';

// How handlers find their API: see `docs/addresses.md`. Each asks by the addresses that the event tells, and answers with what came back.

const NODEJS = `
  import { ApiGatewayManagementApiClient, GetConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
  import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
  import https from 'node:https';
  import http2 from 'node:http2';

  async function described(endpoint, ConnectionId) {
    const { Identity } = await new ApiGatewayManagementApiClient({ endpoint }).send(new GetConnectionCommand({ ConnectionId }));
    return Identity.SourceIp;
  }

  const status = (host, path) => new Promise((resolve, reject) => {
    https.request({ host, path, method: 'GET' }, (response) => response.resume().on('end', () => resolve(response.statusCode))).on('error', reject).end();
  });

  const fault = (work) => work.then(() => 'sent', (error) => error.cause?.message ?? error.message);
  const { AWS_ACCESS_KEY_ID: key, AWS_REGION: region } = process.env;

  export async function main(event) {
    const { apiId, stage, domainName, connectionId } = event.requestContext;
    const path = \`/\${stage}/@connections/\${encodeURIComponent(connectionId)}\`;
    const how = {
      context: () => [domainName, region, domainName.endsWith('.amazonaws.com'), domainName.includes('execute-api')],
      apiId: () => described(\`https://\${apiId}.execute-api.\${region}.amazonaws.com/\${stage}\`, connectionId),
      domainName: () => described(\`https://\${domainName}/\${stage}\`, connectionId),
      variable: () => described(process.env.WEBSOCKET_CALLBACK_URL, connectionId),
      request: () => status(domainName, path),
      fetch: async () => (await fetch(\`https://\${domainName}\${path}\`)).status,
      dynamodb: () => fault(new DynamoDBClient({ maxAttempts: 1 }).send(new ListTablesCommand({}))),
      signedFetch: () => fault(fetch('https://sqs.eu-west-1.amazonaws.com/', { headers: { authorization: \`AWS4-HMAC-SHA256 Credential=\${key}/x\` } })),
      signedArray: () => fault(new Promise((resolve, reject) => {
        https.request('https://sns.eu-west-1.amazonaws.com/', { headers: ['Authorization', \`Credential=\${key}/x\`] }, resolve).on('error', reject).end();
      })),
      signedHttp2: () => fault((async () => {
        const session = http2.connect('https://kinesis.eu-west-1.amazonaws.com');
        session.on('error', () => undefined);
        try { session.request({ ':path': '/', 'authorization': \`Credential=\${key}/x\` }); } finally { session.destroy(); }
      })()),
      presigned: () => fault(fetch(\`https://bucket.s3.eu-west-1.amazonaws.com/key?X-Amz-Credential=\${key}%2Fx\`)),
    };
    return { statusCode: 200, body: JSON.stringify(await how[JSON.parse(event.body).how]()) };
  }
`;

const PYTHON = `
import http.client, json, os, ssl, urllib.error, urllib.request

def status_by_connection(host, path):
    connection = http.client.HTTPSConnection(host)
    connection.request("GET", path)
    return connection.getresponse().status

def status_by_urllib(url):
    try:
        return urllib.request.urlopen(url).status
    except urllib.error.HTTPError as error:
        return error.code

def fault(work):
    try:
        work()
        return "sent"
    except Exception as error:
        return str(error)

def main(event, context):
    request = event["requestContext"]
    region = os.environ["AWS_REGION"]
    host = f"{request['apiId']}.execute-api.{region}.amazonaws.com"
    path = f"/{request['stage']}/@connections/x"
    def described(endpoint):
        import boto3
        client = boto3.client("apigatewaymanagementapi", endpoint_url=endpoint)
        return client.get_connection(ConnectionId=request["connectionId"])["Identity"]["SourceIp"]
    def dynamodb():
        import boto3
        boto3.client("dynamodb").list_tables()
    how = {
        "connection": lambda: status_by_connection(request["domainName"], path),
        "urllib": lambda: status_by_urllib(f"https://{host}{path}"),
        "boto3": lambda: described(f"https://{host}/{request['stage']}"),
        "boto3 by name": lambda: described(f"https://{request['domainName']}/{request['stage']}"),
        "dynamodb": lambda: fault(dynamodb),
    }
    return {"statusCode": 200, "body": json.dumps(how[json.loads(event["body"])["how"]]())}
`;

const testWithBoto3 = testWhere(spawnSync('python3', ['-c', 'import boto3']).status === 0, 'there is no boto3');
const hasGo = spawnSync('go', ['version']).status === 0;
const hasJava = spawnSync('javac', ['-version']).status === 0;

async function asked(served: ServedApp, how: string): Promise<unknown> {
  const client = await Client.connect(served.gateway.url);
  const answer = await client.ask({ how });
  client.socket.close();
  return JSON.parse(answer);
}

describe('a handler in Node.js', () => {
  let served: ServedApp;
  beforeAll(async () => {
    served = await serveApp({ 'src/say.mjs': NODEJS }, (stack) => {
      new WebSocketApi(stack, 'Api', { routes: { $default: Route.toHandler('src/say.main', { returnResponse: true, memorySize: 512 }) } });
      new WebSocketApi(stack, 'Modules', {
        routes: { $default: Route.toHandler('src/say.main', { returnResponse: true, bundling: Bundling.esbuild({ format: ModuleFormat.ESM }) }) },
      });
    });
  });
  afterAll(() => served?.close());

  const ask = async (how: string, api = 0) => {
    const client = await Client.connect(served.gateway.apis[api].url);
    return JSON.parse(await client.ask({ how }));
  };

  test('is told a domain name like AWS\'s', async () => {
    expect(await ask('context')).toEqual([`${served.gateway.apis[0].id}.execute-api.eu-west-1.amazonaws.com`, 'eu-west-1', true, true]);
  });

  test.each(['apiId', 'domainName', 'variable'])('reaches its API with the SDK, by %s', async (how) => {
    expect(await ask(how)).toMatch(/^(127\.0\.0\.1|::1)$/);
  });

  test.each(['request', 'fetch'])('reaches its API with `%s`', async (how) => {
    expect(await ask(how)).toBe(403);
    expect(served.gateway.events()).toContainEqual(expect.objectContaining({ type: 'connections-api', status: 403 }));
  });

  test.each([
    ['dynamodb', 'dynamodb.eu-west-1.amazonaws.com', 'DYNAMODB'],
    ['signedFetch', 'sqs.eu-west-1.amazonaws.com', 'SQS'],
    ['signedArray', 'sns.eu-west-1.amazonaws.com', 'SNS'],
    ['signedHttp2', 'kinesis.eu-west-1.amazonaws.com', 'KINESIS'],
  ])('sends nothing that is signed with the gateway\'s credentials to AWS (%s)', async (how, host, service) => {
    for (const api of [0, 1]) {
      expect(await ask(how, api)).toBe(`the request to ${host} is signed with the credentials of the local gateway, which are good for nothing on AWS, and was not sent: `
        + `set \`AWS_ENDPOINT_URL_${service}\` in the env file to what stands in for it here, or sign with credentials of your own`);
    }
  });

  test('sends no URL that is signed with them either', async () => {
    expect(await ask('presigned')).toMatch(/is signed with the credentials of the local gateway/);
  });
});

describe('a handler in Python', () => {
  let served: ServedApp;
  beforeAll(async () => {
    served = await serveApp({ 'python/say.py': PYTHON }, (stack) => {
      new WebSocketApi(stack, 'Api', { routes: { $default: Route.toHandler('say.main', { srcPath: 'python', returnResponse: true }) } });
    });
  });
  afterAll(() => served?.close());

  test.each([['connection', 403], ['urllib', 403]])('reaches its API by `%s`', async (how, status) => {
    expect(await asked(served, how)).toBe(status);
    expect(served.gateway.events()).toContainEqual(expect.objectContaining({ type: 'connections-api', status: 403 }));
  });

  testWithBoto3.each(['boto3', 'boto3 by name'])('reaches its API with %s', async (how) => {
    expect(await asked(served, how)).toMatch(/^(127\.0\.0\.1|::1)$/);
  });

  testWithBoto3('sends nothing that is signed with the gateway\'s credentials to AWS', async () => {
    expect(await asked(served, 'dynamodb')).toMatch(/^the request to dynamodb\.eu-west-1\.amazonaws\.com is signed with the credentials of the local gateway.* set `AWS_ENDPOINT_URL_DYNAMODB`/);
  });
});

const GO = `
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
)

func status(u string) string {
	response, err := http.Get(u)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(response.StatusCode)
}

func main() {
	api := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
	// The Runtime API is on loopback, and needs no proxy.
	for {
		next, err := http.Get(api + "next")
		if err != nil {
			panic(err)
		}
		var event struct {
			Body           string
			RequestContext struct{ DomainName, Stage, ApiId string }
		}
		body, _ := io.ReadAll(next.Body)
		json.Unmarshal(body, &event)
		var message struct{ How string }
		json.Unmarshal([]byte(event.Body), &message)
		context := event.RequestContext
		target := url.URL{Scheme: "https", Host: context.DomainName, Path: "/" + context.Stage + "/@connections/x"}
		answer := map[string]func() string{
			"host":  func() string { return status(target.String()) },
			"apiId": func() string { return status("https://" + context.ApiId + ".execute-api." + os.Getenv("AWS_REGION") + ".amazonaws.com/dev/@connections/x") },
			"aws":   func() string { return status("https://dynamodb.eu-west-1.amazonaws.com/") },
			"unled": func() string {
				client := http.Client{Transport: &http.Transport{}}
				if _, err := client.Get(target.String()); err != nil {
					fmt.Println(err)
				} else {
					fmt.Println("403 Forbidden from " + target.Host)
				}
				return "told"
			},
		}[message.How]()
		text, _ := json.Marshal(answer)
		result, _ := json.Marshal(map[string]any{"statusCode": 200, "body": string(text)})
		response, err := http.Post(api+next.Header.Get("Lambda-Runtime-Aws-Request-Id")+"/response", "application/json", bytes.NewReader(result))
		if err != nil {
			panic(err)
		}
		io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
}
`;

describeWhere(hasGo, 'there is no Go')('a handler in Go', () => {
  let served: ServedApp;
  beforeAll(async () => {
    served = await serveApp({ 'go/main.go': GO, 'go/go.mod': 'module say\n\ngo 1.21\n' }, (stack, _, folder) => {
      mkdirSync(join(folder, 'out'));
      execFileSync('go', ['build', '-o', '../out/bootstrap', '.'], { cwd: join(folder, 'go'), env: { ...process.env, CGO_ENABLED: '0' } });
      const fn = new lambda.Function(stack, 'Fn', { runtime: Runtime.PROVIDED_AL2023, handler: 'bootstrap', code: lambda.Code.fromAsset('out') });
      new WebSocketApi(stack, 'Api', { routes: { $default: Route.toFunction(fn, { returnResponse: true }) } });
    });
  }, 180_000);
  afterAll(() => served?.close());

  test.each(['host', 'apiId'])('reaches its API by %s', async (how) => {
    expect(await asked(served, how)).toBe('403');
    expect(served.gateway.events()).toContainEqual(expect.objectContaining({ type: 'connections-api', status: 403 }));
  });

  test('sends nothing to AWS, and the trace says why, once', async () => {
    expect(await asked(served, 'aws')).toMatch(/Forbidden$/);
    await asked(served, 'aws');

    expect(warnings(served, /dynamodb/)).toEqual([
      'a function called `dynamodb.eu-west-1.amazonaws.com`, which was refused, because the request would leave this machine with the gateway\'s credentials: '
      + 'set `AWS_ENDPOINT_URL_DYNAMODB` in the env file to what stands in for it here, '
      + 'or, if it signs with credentials of your own, `NO_PROXY=dynamodb.eu-west-1.amazonaws.com` '
      + '(Java ignores that: there, make the HTTP client in code, without a proxy)',
    ]);
  });

  test('that goes around the proxy is told what to write, once', async () => {
    await asked(served, 'unled');
    await asked(served, 'unled');

    expect(warnings(served, /cannot be led/)).toEqual([
      expect.stringMatching(/^`Stack\/Fn` could not reach `\w+\.execute-api\.eu-west-1\.amazonaws\.com`, for which only this gateway answers: .* Use `WEBSOCKET_CALLBACK_URL`/),
    ]);
  });
});

const JAVA = `
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.*;
import java.util.Map;

public class Say {
  public Map<String, Object> handle(Map<String, Object> event) throws Exception {
    Map<String, Object> context = (Map<String, Object>) event.get("requestContext");
    String body = (String) event.get("body");
    URI url = URI.create("https://" + context.get("domainName") + "/dev/@connections/x");
    int status;
    if (body.contains("AWS")) {
      var client = HttpClient.newBuilder();
      if (body.contains("without a proxy")) { client.proxy(HttpClient.Builder.NO_PROXY); }
      try {
        client.build().send(HttpRequest.newBuilder(URI.create("https://nothing.invalid.amazonaws.com/")).build(), HttpResponse.BodyHandlers.discarding());
      } catch (java.io.IOException error) {
        // What counts is who was asked.
      }
      status = 0;
    } else if (body.contains("HttpClient")) {
      status = HttpClient.newHttpClient().send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString()).statusCode();
    } else {
      status = ((HttpURLConnection) url.toURL().openConnection()).getResponseCode();
    }
    return Map.of("statusCode", 200, "body", String.valueOf(status));
  }
}
`;

describeWhere(hasJava, 'there is no javac')('a handler in Java', () => {
  let served: ServedApp;
  beforeAll(async () => {
    served = await serveApp({ 'java/Say.java': JAVA }, (stack, _, folder) => {
      execFileSync('javac', ['-Xlint:none', '-d', join(folder, 'out'), join(folder, 'java/Say.java')], { stdio: 'ignore' });
      const fn = new lambda.Function(stack, 'Fn', { runtime: Runtime.JAVA_21, handler: 'Say::handle', code: lambda.Code.fromAsset('out'), memorySize: 512 });
      new WebSocketApi(stack, 'Api', { routes: { $default: Route.toFunction(fn, { returnResponse: true }) } });
    }, { env: { NO_PROXY: 'nothing.invalid.amazonaws.com' } });
  }, 180_000);
  afterAll(() => served?.close());

  test.each(['HttpClient', 'HttpURLConnection'])('reaches its API with `%s`', async (how) => {
    expect(await asked(served, how)).toBe(403);
    expect(served.gateway.events()).toContainEqual(expect.objectContaining({ type: 'connections-api', status: 403 }));
  });

  test('goes around the proxy only with a client made without one: `NO_PROXY` does not count', async () => {
    await asked(served, 'AWS without a proxy');
    expect(warnings(served, /nothing\.invalid/)).toEqual([]);

    await asked(served, 'AWS');
    expect(warnings(served, /nothing\.invalid/)).toEqual([expect.stringMatching(/^a function called `nothing\.invalid\.amazonaws\.com`.*\(Java ignores that/)]);
  });
});

describe('the proxy', () => {
  let served: ServedApp;
  beforeAll(async () => {
    served = await serveApp({ 'src/say.mjs': 'export const main = async () => ({ statusCode: 200, body: "here" });' }, (stack) => {
      new WebSocketApi(stack, 'Api', { routes: { $default: Route.toHandler('src/say.main', { returnResponse: true }) } });
    });
  });
  afterAll(() => served?.close());

  function tunnel(target: string): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(served.gateway.port, '127.0.0.1', () => socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`));
      socket.once('data', (data) => {
        socket.destroy();
        resolve(data.toString().split('\r\n')[0]);
      });
    });
  }

  test('passes on to other hosts', async () => {
    expect(await tunnel(`127.0.0.1:${served.gateway.port}`)).toBe('HTTP/1.1 200 Connection Established');
  });

  test.each([
    ['s3.amazonaws.com:443', '403 Forbidden'],
    ['other12345.execute-api.eu-west-1.amazonaws.com:443', '403 Forbidden'],
    ['nowhere.invalid:443', '502 Bad Gateway'],
    ['no port', '400 Bad Request'],
    ['127.0.0.1:99999', '502 Bad Gateway'],
  ])('does not connect to %s', async (target, status) => {
    expect(await tunnel(target)).toBe(`HTTP/1.1 ${status}`);
  });
});

function warnings(served: ServedApp, pattern: RegExp): string[] {
  return served.gateway.events().flatMap((event) => (event.type === 'warning' && pattern.test(event.text) ? [event.text] : []));
}

