import { isPublicSuffix, looksLikePublicSuffix } from '../../src/domain/public-suffix';

test.each<[string, boolean]>([
  ['co.uk', true],
  ['com.au', true],
  ['www.co.uk', false],
  ['domain.uk', false],
  ['co.zz', false],
  ['domain.com', false],
  // Objects have these names without being told.
  ['co.constructor', false],
])('whether names below %s are known to be for sale: %s', (name, is) => {
  expect(isPublicSuffix(name)).toBe(is);
});

test.each<[string, boolean]>([
  ['co.zz', true],
  ['gov.zz', true],
  ['www.co.zz', false],
  ['domain.zz', false],
  ['co.domain', false],
  ['localhost', false],
  // It is known to be one.
  ['co.uk', false],
])('whether %s looks like a public suffix: %s', (name, does) => {
  expect(looksLikePublicSuffix(name)).toBe(does);
});
