const { createRequire } = require('node:module');
const { join } = require('node:path');
const fromHere = createRequire(join(process.cwd(), 'package.json'));
const { TestEnvironment } = fromHere(fromHere.resolve('jest-environment-node', { paths: [fromHere.resolve('jest')] }));

const HOME = process.cwd();

/** A mutant is dead at the first test that fails. */
module.exports = class extends TestEnvironment {
  #failed = false;

  constructor(...args) {
    super(...args);
    // Packages of the CDK replace these two when they are loaded, which Jest's copy of `process` would not notice.
    this.global.process.chdir = (folder) => process.chdir(folder);
    this.global.process.cwd = () => process.cwd();
  }

  /** A hook that fails has others not run, and the next mutant is tried in the same process. */
  async teardown() {
    process.chdir(HOME);
    await super.teardown();
  }

  handleTestEvent({ name, test }) {
    if (name === 'test_fn_failure' || name === 'hook_failure') { this.#failed = true; }
    if (name === 'test_start' && this.#failed) { test.mode = 'skip'; }
  }
};
