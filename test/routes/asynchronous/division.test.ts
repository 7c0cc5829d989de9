import * as fc from 'fast-check';
import { divide } from '../../../src/routes/asynchronous/division';

const CAPACITY = 1000;

const ROUTES = fc.uniqueArray(
  fc.record({ key: fc.string({ minLength: 1 }), bytes: fc.integer({ min: 1, max: CAPACITY }) }),
  { selector: ({ key }) => key },
);

test('routes are in one part as long as it holds them', () => {
  expect(new Set(divide([{ key: 'a', bytes: 400 }, { key: 'b', bytes: 600 }], CAPACITY).values())).toEqual(new Set(['']));
});

test('no part is larger than its capacity, and each route is in one', () => {
  fc.assert(fc.property(ROUTES, (routes) => {
    const parts = divide(routes, CAPACITY);
    const sizes = new Map<string, number>();
    routes.forEach(({ key, bytes }) => sizes.set(parts.get(key)!, (sizes.get(parts.get(key)!) ?? 0) + bytes));

    return [...sizes.values()].every((size) => size <= CAPACITY);
  }));
});

test('the order of the routes does not matter', () => {
  fc.assert(fc.property(ROUTES, (routes) => {
    expect(new Map([...divide([...routes].reverse(), CAPACITY)].sort())).toEqual(new Map([...divide(routes, CAPACITY)].sort()));
  }));
});
