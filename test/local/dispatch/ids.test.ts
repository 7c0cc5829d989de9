import { isConnectionId, newConnectionId, newMessageId, newRequestId, newTraceId } from '../../../src/local/dispatch/ids';

const ids = Array.from({ length: 200 }, newConnectionId);

test('ids are sixteen characters of base64 that end with `=`', () => {
  expect([...ids, newRequestId()].every((id) => /^[A-Za-z0-9_-]{15}=$/.test(id) && Buffer.from(id, 'base64').length === 11)).toBe(true);
});

test('no two are the same', () => {
  expect(new Set(ids).size).toBe(ids.length);
});

test('the id of a message ends as that of its connection does', () => {
  const messageId = newMessageId('L0SM9cOFvHcCIhw=');

  expect(messageId).toMatch(/^[A-Za-z0-9_-]{9}HcCIhw=$/);
});

test('an id is told from what is none', () => {
  expect(ids.every(isConnectionId)).toBe(true);
  expect(['', 'nonsense', 'abc=', '../../etc', 'L0SM9cOFvHcCIhw', 'a'.repeat(100)].filter(isConnectionId)).toEqual([]);
});

test('a trace starts with its time', () => {
  expect(newTraceId(1700000000000)).toMatch(/^1-6553f100-[0-9a-f]{24}$/);
});
