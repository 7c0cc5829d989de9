import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import * as nag from 'cdk-nag';
import { ModuleKind, transpile } from 'typescript';
import { Route, WebSocketApi } from '../src';
import { collectNagFindings } from './nag-findings';
import { testApp } from './test-stack';

const PAGE = readFileSync('docs/security.md', 'utf8').split('## cdk-nag')[1];

const PACKS = [
  nag.AwsSolutionsChecks, nag.HIPAASecurityChecks, nag.NIST80053R4Checks, nag.NIST80053R5Checks, nag.PCIDSS321Checks, nag.ServerlessChecks,
];

/** The paths of a default app, by what the page calls them. */
const PLACES: { readonly [place: string]: RegExp } = {
  'route': /\/Route [^/]+\/Resource$/,
  'function': /\/Function\/Resource$/,
  'function\'s role': /\/Function\/ServiceRole\/Resource$/,
  'function\'s log group': /\/Function\/LogGroup\/Resource$/,
  'access log': /\/Api\/LogGroup\/Resource$/,
  'stage': /\/Stage\/Resource$/,
};

test('the table of docs/security.md is what the packs of cdk-nag find in a default app', () => {
  const found = [{}, recommendedFlags].flatMap((flags) => findings(flags));

  expect([...new Set(found)].sort()).toEqual(documented().sort());
});

test('the acknowledgement of docs/security.md leaves nothing to find', () => {
  const [, source] = /^```ts\n(.*?)^```/ms.exec(PAGE)!;
  const program = transpile(source, { module: ModuleKind.CommonJS, esModuleInterop: true });

  expect(findings(recommendedFlags, (api) => new Function('require', 'exports', 'api', program)(require, {}, api))).toEqual([]);
});

/** Each finding as `<rule> at <place>`. */
function findings(flags: object, acknowledge?: (api: WebSocketApi) => void): string[] {
  const app = testApp({ ...flags });
  const found = PACKS.map((Pack) => collectNagFindings(app, new Pack({ reports: false })));
  const api = defaultApi(app);
  acknowledge?.(api);
  app.synth();
  return found.flat().map(({ id, path }) => {
    const place = Object.keys(PLACES).find((one) => PLACES[one].test(path));
    return `${id.replace(/\[.*/, '')} at ${place ?? path}`;
  });
}

function defaultApi(app: App): WebSocketApi {
  return new WebSocketApi(new Stack(app, 'Stack'), 'Api', {
    routes: {
      $connect: Route.toHandler('test/fixtures/echo.main'),
      $disconnect: Route.toHandler('test/fixtures/echo.main'),
      $default: Route.toHandler('test/fixtures/echo.main'),
    },
  });
}

function documented(): string[] {
  const rows = PAGE.split('\n').filter((line) => line.startsWith('| `')).map((line) => line.split('|').map((cell) => cell.trim()));
  return rows.flatMap(([, rules, places]) => (
    [...rules.matchAll(/`([^`]+)`/g)].flatMap(([, rule]) => places.split(', ').map((place) => `${rule} at ${place}`))
  ));
}
