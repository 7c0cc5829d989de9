import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiSource, Route, StageSource, WebSocketApi } from '../../../src';
import { Watch } from '../../../src/cli/watching/watch';
import { RealClock } from '../../../src/local/clock';
import { Gateway } from '../../../src/local/gateway';
import { describeWithTool } from '../../handlers/compiled/tool-chain';
import { appFolder } from '../../local/app-folder';
import { Client } from '../../local/client';
import { until } from '../../local/local-function';

// What a machine has in Go's own settings is not the users'.
beforeAll(() => { process.env.GOENV = 'off'; });

/** Asks the Runtime API over a socket: Go's HTTP client takes long to compile where nothing has before. */
const ASK = `package main

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

var api = os.Getenv("AWS_LAMBDA_RUNTIME_API")
var port, _ = strconv.Atoi(api[strings.Index(api, ":")+1:])
var socket, _ = syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
var _ = syscall.Connect(socket, &syscall.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}})

func header(head, name string) string {
	_, value, _ := strings.Cut(strings.ToLower(head)+"\\r\\n", "\\r\\n"+name+": ")
	value, _, _ = strings.Cut(value, "\\r\\n")
	return value
}

func ask(method, path, body string) string {
	head := method + " /2018-06-01/runtime/invocation/" + path + " HTTP/1.1\\r\\nHost: " + api + "\\r\\n"
	syscall.Write(socket, []byte(head + "Content-Length: " + strconv.Itoa(len(body)) + "\\r\\n\\r\\n" + body))
	answer, part := "", make([]byte, 65536)
	for {
		read, err := syscall.Read(socket, part)
		if err == syscall.EINTR {
			continue
		}
		if read <= 0 {
			os.Exit(1)
		}
		answer += string(part[:read])
		head, body, hasHead := strings.Cut(answer, "\\r\\n\\r\\n")
		if length, _ := strconv.Atoi(header(head, "content-length")); hasHead && len(body) >= length {
			return head
		}
	}
}
`;
const MAIN = `package main

import "example.com/chat/words"

func main() {
	for {
		id := header(ask("GET", "next", ""), "lambda-runtime-aws-request-id")
		ask("POST", id+"/response", "{\\"statusCode\\":200,\\"body\\":\\""+words.Word+"\\"}")
	}
}
`;
const words = (value: string) => `package words\n\nconst Word = ${value}\n`;

let gateway: Gateway;
let watch: Watch;
afterEach(async () => {
  await watch.close();
  await gateway.close();
});

describeWithTool('go', 'with `--watch`, a handler in Go', () => {
  test('answers with its new code once it is saved, and with its last code while it does not compile; its connection stays', async () => {
    const folder = appFolder({ 'go.mod': 'module example.com/chat\n\ngo 1.21\n', 'cmd/say/main.go': MAIN, 'cmd/say/ask.go': ASK, 'words/words.go': words('"first"') }, (stack) => (
      new WebSocketApi(stack, 'Api', {
        routes: { say: Route.toHandler('cmd/say', { returnResponse: true }) },
        api: ApiSource.fromProps({ apiName: 'chat' }),
        stage: StageSource.fromOptions({ stageName: 'dev' }),
      })));
    gateway = await Gateway.start({ assembly: join(folder, 'cdk.out'), port: 0, env: {}, clock: new RealClock(), appFolder: folder });
    watch = await Watch.start(gateway, join(folder, 'cdk.out'), folder);
    const client = await Client.connect(gateway.apis[0].url);
    const count = (type: string) => gateway.events().filter((event) => event.type === type).length;
    const save = (value: string) => writeFileSync(join(folder, 'words/words.go'), words(value));
    const answers = [await client.ask({ action: 'say' })];
    save('missing');
    await until(() => count('warning') === 1);
    answers.push(await client.ask({ action: 'say' }));
    save('"second"');
    await until(() => count('reload') === 1);
    answers.push(await client.ask({ action: 'say' }));

    expect(answers).toEqual(['first', 'first', 'second']);
    expect(gateway.events()).toContainEqual(expect.objectContaining({ type: 'warning', text: expect.stringMatching(/keeps its last working code:\ngo said\n\n[^]*words\/words\.go:3:14: undefined: missing/) }));
  });
});
