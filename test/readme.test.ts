import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { createCompilerHost, createProgram, createSourceFile, getPreEmitDiagnostics, ScriptTarget } from 'typescript';
import { WebSocket } from 'ws';
import { readmeExamples } from './readme-examples';
import { LocalGateway, ServedApi, startLocalGateway } from '../src/local';

/** Examples whose code is only a placeholder here: a jar that is empty. */
const NOT_RUN = ['readmeHandlers1'];

describe.each(Object.keys(readmeExamples).filter((name) => !NOT_RUN.includes(name)))('the README\'s example %s', (name) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'readme-app-')));
  let gateway: LocalGateway;

  beforeAll(async () => {
    const app = new App({ outdir: join(folder, 'cdk.out'), context: { 'aws:cdk:bundling-stacks': ['**'] } });
    readmeExamples[name](app);
    gateway = await startLocalGateway({ app });
  });

  afterAll(async () => {
    await gateway?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('answers on the local gateway, on every route', async () => {
    for (const api of gateway.apis) { await useAllRoutes(api); }
    await gateway.settled();

    const failed = gateway.events().filter((event) => (event.type === 'answer' && event.status !== 200) || (event.type === 'connect' && event.status >= 500));
    expect(failed).toEqual([]);
    expect(gateway.events().filter(({ type }) => type === 'connect')).toHaveLength(gateway.apis.length);
  });
});

test('the handler of the first app compiles in an app of `cdk init`, which checks all types before it runs', () => {
  const [, source] = /This is `src\/echo\.ts`:\n\n```\w+\n(.*?)```/s.exec(readFileSync('README.md', 'utf8'))!;
  const options = { strict: true, noEmit: true, target: ScriptTarget.ES2022, types: [] };
  const host = createCompilerHost(options);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version) => (name === 'echo.ts' ? createSourceFile(name, source, version) : getSourceFile(name, version));

  expect(getPreEmitDiagnostics(createProgram(['echo.ts'], options, host)).map(({ messageText }) => messageText)).toEqual([]);
});

/** Connects as far as the API lets strangers in, and sends a message to every route. */
async function useAllRoutes({ url, routes }: ServedApi) {
  const client = new WebSocket(url);
  const refused = await new Promise<boolean>((done) => {
    client.once('open', () => done(false));
    client.once('error', () => done(true));
  });
  if (refused) { return; }
  for (const key of routes.filter((one) => one.endsWith('$default') || !one.startsWith('$'))) {
    client.send(JSON.stringify({ action: key, type: key }));
  }
  await new Promise((done) => {
    client.once('close', done);
    client.once('pong', () => client.close());
    client.ping();
  });
}
