const { join } = require('node:path');
const { moduleNameMapper, modulePathIgnorePatterns, setupFiles, testTimeout, transform, clearMocks } = require('../jest.config.json');

module.exports = {
  rootDir: join(__dirname, '..'),
  roots: ['<rootDir>/mutation'],
  testMatch: ['<rootDir>/mutation/room.test.cjs'],
  moduleNameMapper,
  modulePathIgnorePatterns,
  setupFiles,
  testTimeout,
  transform,
  clearMocks,
  runtime: '<rootDir>/mutation/jest-runtime.cjs',
  testEnvironment: join(__dirname, 'jest-environment.cjs'),
};
