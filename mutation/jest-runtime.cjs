// Jest loads every module anew for each run, and the CDK is most of what it loads. No mutant changes it, so Node.js loads it once for all.
const { createRequire } = require('node:module');
const { join } = require('node:path');
const fromHere = createRequire(join(process.cwd(), 'package.json'));
const Runtime = fromHere(fromHere.resolve('jest-runtime', { paths: [fromHere.resolve('jest')] })).default;

const SHARED = /^(aws-cdk-lib|constructs|@aws-cdk\/.*|cdk-nag)(\/|$)/;

module.exports = class extends Runtime {
  requireModuleOrMock(from, name) {
    return SHARED.test(name) ? fromHere(name) : super.requireModuleOrMock(from, name);
  }
};
