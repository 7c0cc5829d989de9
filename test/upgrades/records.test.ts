import { readRecord, recordedVersions, stacksOfScenario } from './records';
import { replacements } from './replacements';

/*
 * What users have deployed, and what an upgrade of the library makes of it. `baseline` is the code of commit 8f4e43f: all that stood
 * before groups, tokens, services and handlers in compiled languages.
 */

/** CDK gives a version the hash of its function as its name, so that each is a new one; the old one is retained. */
const NEW_WITH_EACH_CHANGE = 'AWS::Lambda::Version';

describe.each(recordedVersions())('an app that was deployed with %s', (version) => {
  const record = readRecord(version);
  const scenariosThen = [...new Set(Object.keys(record).map((stack) => stack.split('/')[0]))];

  test.each(scenariosThen)('has all of its resources after the upgrade, and none is replaced: %s', (scenario) => {
    const now = stacksOfScenario(scenario);
    const then = Object.entries(record).filter(([stack]) => stack.startsWith(`${scenario}/`));

    expect(then.length).toBeGreaterThan(0);
    for (const [stack, before] of then) {
      const { replaced, removed } = replacements(before, now[stack] ?? {});
      const lost = removed.filter((id) => before[id].Type !== NEW_WITH_EACH_CHANGE);
      expect({ stack, replaced, lost }).toEqual({ stack, replaced: [], lost: [] });
    }
  });
});
