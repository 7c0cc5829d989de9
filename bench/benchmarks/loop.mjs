// The loop of those who write handlers in a compiled language, or in Python: build, build again, save and see.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atMost, median, run, spread, times } from '../measure.mjs';
import { SERVERS } from '../servers.mjs';

const { WebSocket } = createRequire(new URL('../../package.json', import.meta.url))('ws');
const app = fileURLToPath(new URL('../apps/loop.mjs', import.meta.url));
const ROUTES = 10;
const TIMEOUT_MILLIS = 60_000;

export const title = 'Handlers in every language';

export const text = `One project of handlers, and an app of one route. The tool chain's own command runs alone, with an empty output folder and all dependencies \
downloaded. The first synth has an empty folder of assets. What is left of the second synth without the handlers is the time of Node.js, CDK and this library with \
code that is built already; the rest is what handlers add. ${ROUTES} routes are ${ROUTES} functions of the same project: compared is what building adds. "Saved" is from writing a source file to its new answer \
over a connection of the local gateway with \`--watch\`.`;

export async function measure({ quick }) {
  if (quick) { return { skipped: 'needs the tool chains of all languages, so only the full run has it' }; }
  const rows = [];
  const goals = [];
  for (const language of LANGUAGES) {
    const absent = language.needs.find((command) => spawnSync('which', [command]).status !== 0);
    rows.push(absent ? [language.name, `not measured: there is no \`${absent}\``, '', '', '', '', ''] : await measureLanguage(language, goals));
  }
  return { head: ['', 'tool chain alone', 'first synth', 'second synth, nothing changed', 'what handlers add to it, of the tool chain', `${ROUTES} routes, of one`, 'saved'], rows, goals };
}

async function measureLanguage({ name, files, source, edit, build, built, runs = 3 }, goals) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bench-loop-')));
  try {
    write(folder, { ...files, 'cdk.json': '{}' });
    const synth = (routes, ...args) => run(process.execPath, [app, name, String(routes), ...args], { cwd: folder, env: { CDK_OUTDIR: join(folder, 'cdk.out') } }).time;
    const clean = () => rmSync(join(folder, 'cdk.out'), { recursive: true, force: true });
    // What it downloads and caches is not measured.
    build(folder);
    synth(1);

    const values = { alone: [], first: [], second: [], floor: [], many: [], manyFloor: [] };
    for (let round = 0; round < runs; round++) {
      values.alone.push(build(folder));
      clean();
      values.first.push(synth(1));
      values.second.push(synth(1));
      values.floor.push(synth(1, join(folder, built)));
      clean();
      values.many.push(synth(ROUTES));
      values.manyFloor.push(synth(ROUTES, join(folder, built)));
    }
    clean();
    synth(1);
    const saved = await reload(folder, source, edit, runs);

    // Pairs that ran one after the other: the machine may be slower in another round.
    const added = median(values.second.map((second, round) => second - values.floor[round])) / median(values.alone);
    const many = (median(values.many) - median(values.manyFloor)) / (median(values.first) - median(values.floor));
    // Python has no command that builds: what it would install is nothing here.
    if (name === 'Python') { return [name, spread(values.alone), spread(values.first), spread(values.second), '', '', spread(saved)]; }
    goals.push(atMost(`${name}: what handlers add to a second synth, compared with the tool chain alone`, Math.max(0, added), 0.1, times));
    goals.push(atMost(`${name}: ${ROUTES} routes of one project, compared with one`, many, 1.1, times));
    return [name, spread(values.alone), spread(values.first), spread(values.second), times(Math.max(0, added)), times(many), spread(saved)];
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function reload(folder, source, edit, runs) {
  const server = await SERVERS.gateway(folder, { reload: true });
  const client = new WebSocket(server.url);
  try {
    await new Promise((done, failed) => client.once('open', done).once('error', failed));
    const ask = () => new Promise((done) => {
      client.once('message', (data) => done(String(data)));
      client.send('hello');
    });
    await ask();
    const original = readFileSync(join(folder, source), 'utf8');
    const saved = [];
    // The first starts what later ones reuse.
    for (let round = 0; round <= runs; round++) {
      const started = performance.now();
      writeFileSync(join(folder, source), edit(original, `edit ${round}`));
      while (!(await ask()).includes(`edit ${round}`)) {
        if (performance.now() - started > TIMEOUT_MILLIS) { throw new Error(`the gateway did not reload:\n${server.log().slice(-2000)}`); }
        await new Promise((done) => setTimeout(done, 5));
      }
      if (round > 0) { saved.push(performance.now() - started); }
    }
    return saved;
  } finally {
    client.terminate();
    await server.stop();
  }
}

function write(folder, files) {
  for (const [path, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), contents);
  }
}

const replaced = (text, answer) => text.replace('said', answer);

const LANGUAGES = [
  {
    name: 'Python',
    needs: ['python3'],
    runs: 9,
    files: { 'handlers/say.py': 'def main(event, context):\n    return {"statusCode": 200, "body": "said"}\n', 'handlers/requirements.txt': '' },
    source: 'handlers/say.py',
    edit: replaced,
    build(folder) {
      rmSync(join(folder, 'alone'), { recursive: true, force: true });
      return run('python3', ['-m', 'pip', 'install', '--quiet', '--no-deps', '--disable-pip-version-check', '--requirement', 'handlers/requirements.txt', '--target', 'alone'], { cwd: folder }).time;
    },
    built: 'handlers',
  },
  {
    name: 'Go',
    needs: ['go'],
    // A third of a second each: fewer would show the noise of Node.js rather than what Go adds.
    runs: 15,
    files: {
      'handlers/go.mod': 'module handlers\n\ngo 1.21\n\nrequire github.com/aws/aws-lambda-go v1.50.0\n',
      'handlers/go.sum': `github.com/aws/aws-lambda-go v1.50.0 h1:0GzY18vT4EsCvIyk3kn3ZH5Jg30NRlgYaai1w0aGPMU=
github.com/aws/aws-lambda-go v1.50.0/go.mod h1:dpMpZgvWx5vuQJfBt0zqBha60q7Dd7RfgJv23DymV8A=
`,
      'handlers/cmd/say/main.go': `package main

import (
	"context"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

func main() {
	lambda.Start(func(context.Context, events.APIGatewayWebsocketProxyRequest) (events.APIGatewayProxyResponse, error) {
		return events.APIGatewayProxyResponse{StatusCode: 200, Body: "said"}, nil
	})
}
`,
    },
    source: 'handlers/cmd/say/main.go',
    edit: replaced,
    build(folder) {
      rmSync(join(folder, 'alone'), { recursive: true, force: true });
      const env = { CGO_ENABLED: '0', GOOS: 'linux', GOENV: 'off' };
      return run('go', ['build', '-trimpath', '-buildvcs=false', '-tags', 'lambda.norpc', '-ldflags', '-s -w', '-o', '../alone/bootstrap', './cmd/say'], { cwd: join(folder, 'handlers'), env }).time;
    },
    built: 'alone',
  },
  {
    name: 'Java',
    needs: ['javac', 'mvn'],
    files: {
      'handlers/pom.xml': `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>bench</groupId>
  <artifactId>handlers</artifactId>
  <version>1.0</version>
  <properties>
    <maven.compiler.source>17</maven.compiler.source>
    <maven.compiler.target>17</maven.compiler.target>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
    <dependency>
      <groupId>com.amazonaws</groupId>
      <artifactId>aws-lambda-java-core</artifactId>
      <version>1.3.0</version>
    </dependency>
  </dependencies>
</project>
`,
      'handlers/src/main/java/bench/Say.java': `package bench;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;

public class Say implements RequestHandler<Map<String, Object>, Map<String, Object>> {
    @Override
    public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
        return Map.of("statusCode", 200, "body", "said");
    }
}
`,
    },
    source: 'handlers/src/main/java/bench/Say.java',
    edit: replaced,
    build(folder) {
      rmSync(join(folder, 'handlers', 'target'), { recursive: true, force: true });
      return run('mvn', ['--batch-mode', '--quiet', 'package'], { cwd: join(folder, 'handlers') }).time;
    },
    built: 'handlers/target/classes',
  },
  {
    name: 'C#',
    needs: ['dotnet'],
    files: {
      'handlers/Handlers.csproj': '<Project Sdk="Microsoft.NET.Sdk">\n  <PropertyGroup>\n    <TargetFramework>net8.0</TargetFramework>\n  </PropertyGroup>\n</Project>\n',
      'handlers/Say.cs': `using System.IO;
using System.Text;

namespace Bench
{
    public class Say
    {
        public Stream Handle(Stream input) => new MemoryStream(Encoding.UTF8.GetBytes("{\\"statusCode\\": 200, \\"body\\": \\"said\\"}"));
    }
}
`,
    },
    source: 'handlers/Say.cs',
    edit: replaced,
    build(folder) {
      for (const output of ['alone', 'handlers/bin', 'handlers/obj']) { rmSync(join(folder, output), { recursive: true, force: true }); }
      return run('dotnet', ['publish', '--configuration', 'Release', '--output', '../alone'], { cwd: join(folder, 'handlers'), env: { DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1' } }).time;
    },
    built: 'alone',
  },
];
