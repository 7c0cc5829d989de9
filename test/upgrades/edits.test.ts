import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { AppModel, deploy, Deployed } from './app-model';
import { Edit, EDITS, Pick } from './edits';
import { replacements } from './replacements';

/** More for a long search: `FC_RUNS=500 npx jest test/upgrades/edits.test.ts`. */
const RUNS = Number(process.env.FC_RUNS ?? 8);

const CHAT: AppModel = {
  stackId: 'Chat',
  apiId: 'Api',
  routes: [
    { key: '$connect', target: 'handler', place: 'routes' },
    { key: '$default', target: 'handler', place: 'routes', permissions: true },
    { key: 'say', target: 'handler', place: 'routes', returnResponse: true },
    { key: 'order', target: 'function', place: 'routes' },
    { key: 'later', target: 'handler', place: 'addRoutes' },
    { key: 'report', target: 'queue', place: 'another stack' },
  ],
};

const FULL: AppModel = { ...CHAT, authorization: 'handler', apiKeys: true, connections: true, domain: 'one.example.com', monitored: true };

describe('what CloudFormation deletes or replaces is what docs/upgrading.md says', () => {
  test('of each edit, which is a row there', () => {
    const page = readFileSync('docs/upgrading.md', 'utf8');

    expect(EDITS.map(({ change, replaces }) => `| ${change} | ${replaces} |`).filter((row) => !page.includes(row))).toEqual([]);
  });

  // Each edit at least once, on an app that it makes sense for.
  test.each(EDITS.map((edit) => [edit.change, edit] as const))('%s', (_, edit) => {
    let tried = 0;
    for (const before of [CHAT, FULL]) {
      for (const nth of [0, 1, 2]) {
        const after = edit.apply(before, (among) => among[nth % among.length]);
        if (after) {
          tried += 1;
          expectAsSaid(edit, before, after);
        }
      }
    }
    expect(tried).toBeGreaterThan(0);
  });

  test('after any sequence of edits', () => {
    const someEdits = fc.array(fc.constantFrom(...EDITS), { minLength: 1, maxLength: 5 });
    fc.assert(fc.property(fc.constantFrom(CHAT, FULL), someEdits, fc.gen(), (start, edits, gen) => {
      const pick: Pick = (among) => gen(fc.constantFrom, ...among) as never;
      edits.reduce((before, edit) => {
        const after = edit.apply(before, pick);
        if (after) { expectAsSaid(edit, before, after); }
        return after ?? before;
      }, start);
    }), { numRuns: RUNS, seed: process.env.FC_RUNS ? undefined : 15 });
  }, 60_000 + RUNS * 5_000);
});

function expectAsSaid(edit: Edit, before: AppModel, after: AppModel) {
  const [then, now] = [deployed(before), deployed(after)];
  const stays = new Set(now.paths.values());
  const said = [...then.paths.values()].filter((path) => edit.goes(path, before, after, stays.has(path)));

  expect(gone(then, now).sort()).toEqual(said.sort());
}

/** The construct paths of the resources that CloudFormation deletes or replaces. */
function gone(before: Deployed, after: Deployed): string[] {
  return Object.entries(before.stacks).flatMap(([stack, resources]) => {
    const { removed, replaced } = replacements(resources, after.stacks[stack] ?? {});
    return [...removed, ...replaced].map((id) => before.paths.get(`${stack}/${id}`)!);
  });
}

const known = new Map<string, Deployed>();

/** Each app is synthesized once. */
function deployed(model: AppModel): Deployed {
  const key = JSON.stringify(model);
  const found = known.get(key) ?? deploy(model);
  known.set(key, found);
  return found;
}
