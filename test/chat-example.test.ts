import { goldenLogicalIds, logicalIds } from './golden';
import { testApp } from './test-stack';
import { ChatStack } from '../examples/typescript/chat/lib/chat-stack';

const home = process.cwd();
beforeAll(() => process.chdir('examples/typescript/chat'));
afterAll(() => process.chdir(home));

test('the chat example has the logical ids that were committed', () => {
  const app = testApp();
  new ChatStack(app, 'Chat');
  const ids = logicalIds(app);

  expect(ids).toEqual(goldenLogicalIds('chat', ids));
});
