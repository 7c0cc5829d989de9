import { readFileSync, writeFileSync } from 'node:fs';
import { goldenLogicalIds, logicalIds } from './golden';
import { testApp } from './test-stack';
import { ChatStack } from '../examples/typescript/chat/lib/chat-stack';
import { asyncApiText } from '../src/cli/asyncapi/asyncapi-file';

const home = process.cwd();
beforeAll(() => process.chdir('examples/typescript/chat'));
afterAll(() => process.chdir(home));

test('the chat example has the logical ids that were committed', () => {
  const app = testApp();
  new ChatStack(app, 'Chat');
  const ids = logicalIds(app);

  expect(ids).toEqual(goldenLogicalIds('chat', ids));
});

test('the chat example has the AsyncAPI document that was committed', () => {
  const app = testApp();
  new ChatStack(app, 'Chat');
  const text = asyncApiText(app.synth().directory);
  if (process.env.UPDATE_GOLDENS === '1') { writeFileSync('asyncapi.json', text); }

  expect(readFileSync('asyncapi.json', 'utf8')).toBe(text);
});
