import { parseFunctionName } from '../../../src/local/invoke/function-name';

const ARN = 'arn:aws:lambda:eu-west-1:111111111111:function:chat';

test.each([
  ['a name', 'chat', undefined, { name: 'chat' }],
  ['a name with an alias', 'chat:live', undefined, { name: 'chat', qualifier: 'live' }],
  ['a name, and an alias in the query', 'chat', 'live', { name: 'chat', qualifier: 'live' }],
  ['the same alias twice', 'chat:live', 'live', { name: 'chat', qualifier: 'live' }],
  ['part of an ARN', '111111111111:function:chat', undefined, { name: 'chat', account: '111111111111' }],
  ['an ARN', ARN, undefined, { name: 'chat', account: '111111111111', region: 'eu-west-1', partition: 'aws' }],
  ['an ARN with a version', `${ARN}:$LATEST`, undefined, { name: 'chat', qualifier: '$LATEST' }],
  ['an ARN of another partition', ARN.replace('aws', 'aws-cn'), undefined, { partition: 'aws-cn' }],
])('%s is a function', (_, text, qualifier, expected) => {
  expect(parseFunctionName(text, qualifier)).toMatchObject(expected);
});

test.each([
  ['nothing', '', undefined], ['a path', '../chat', undefined], ['two aliases', 'chat:live', 'next'], ['another ARN', 'arn:aws:sqs:eu-west-1:111111111111:chat', undefined],
])('%s is none', (_, text, qualifier) => {
  expect(parseFunctionName(text, qualifier)).toBeUndefined();
});
