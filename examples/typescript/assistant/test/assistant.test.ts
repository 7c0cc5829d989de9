import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type Answers, BedrockException } from '../local/bedrock';
import { Client } from './client';
import { type ServedAssistant, serveAssistant } from './served-assistant';
import { until } from './until';

const SECRET = 'arn:aws:sts::123456789012:assumed-role/the-role/the-function';
const ALLOWED = { Effect: 'Allow', Action: 'bedrock:InvokeModelWithResponseStream' };
const TIMEOUT = { timeout: 60_000 };
const [goOn, cut] = [gate(), gate()];

/** What the stand-in says to each question; what is behind a colon makes one the question of one test. */
const ANSWERS: { [question: string]: Answers } = {
  async* 'hello'() { yield* ['One ', 'after ', 'the "other"\n', '🙂']; },
  async* 'wait'() {
    yield 'before ';
    await goOn.opened;
    yield 'after';
  },
  async* 'forever'() {
    for (;;) {
      yield 'on and ';
      await setTimeout(20);
    }
  },
  async* 'breaks off'() {
    yield 'half a ';
    throw new BedrockException('modelStreamErrorException', SECRET);
  },
  async* 'line is cut'() {
    yield 'half a ';
    await cut.opened;
    throw new Error('the line is cut');
  },
  async* 'throttled'() { throw new BedrockException('ThrottlingException', `Too many requests of ${SECRET}`, 429); },
  async* 'denied'() { throw new BedrockException('AccessDeniedException', `${SECRET} is not authorized to perform`, 403); },
};

let served: ServedAssistant;
before(async () => { served = await serveAssistant((question) => ANSWERS[question.split(':')[0]](question)); });
after(() => served?.close());

test('an answer comes in numbered chunks, complete and in their order, and then its end', TIMEOUT, async () => {
  const client = await Client.connect(served.url);
  client.ask('hello', 'my-question');
  const { answer, ...end } = await client.answered();

  assert.deepEqual(client.chunks, [[0, 'One '], [1, 'after '], [2, 'the "other"\n'], [3, '🙂']]);
  assert.deepEqual(end, { type: 'end', id: 'my-question', chunks: 4, stopReason: 'end_turn' });
  assert.ok(client.frames.every((frame) => frame.answer === answer && frame.id === 'my-question'));
  assert.deepEqual(served.bedrock.models, ['eu.vendor.model-v1:0']);
});

test('API Gateway has its answer while the model still speaks, so its 29 seconds do not end the answer', TIMEOUT, async () => {
  const client = await Client.connect(served.url);
  const answered = () => served.gateway.events()
    .filter((event) => event.type === 'answer' && event.routeKey === 'ask' && event.status === 200).length;
  const before = answered();
  client.ask('wait');
  await until(() => answered() > before);
  goOn.open();

  assert.equal((await client.answered()).type, 'end');
  assert.deepEqual(client.chunks, [[0, 'before '], [1, 'after']]);
});

test('two clients ask at once, and each gets its own answer', TIMEOUT, async () => {
  const [ana, bob] = [await Client.connect(served.url), await Client.connect(served.url)];
  ana.ask('forever: Ana');
  await ana.chunk(1);
  bob.ask('hello');

  assert.deepEqual((await bob.answered()).type, 'end');
  assert.equal(bob.chunks.length, 4);
  assert.ok(ana.chunks.every(([, text]) => text === 'on and '));
  ana.leave();
});

test('when the client leaves, the answer of the model is cancelled', TIMEOUT, async () => {
  const client = await Client.connect(served.url);
  client.ask('forever: until I leave');
  await client.chunk(2);
  assert.ok(!served.bedrock.cancelled.includes('forever: until I leave'));
  client.leave();

  await cancelled('forever: until I leave');
});

for (const [question, code, message] of [
  ['breaks off', 'broken-off', 'the answer broke off: ask again'],
  ['throttled', 'busy', 'the model has too much to do: ask again in a minute'],
  ['denied', 'unavailable', 'the model cannot be used: who runs this assistant finds the reason in its log'],
]) {
  test(`a model that fails is an error frame, and none of its own words: ${question}`, TIMEOUT, async () => {
    const client = await Client.connect(served.url);
    client.ask(question);
    const { answer, ...error } = await client.answered();

    assert.ok(answer);
    assert.deepEqual(error, { type: 'error', id: question, code, message });
    assert.deepEqual(client.chunks, code === 'broken-off' ? [[0, 'half a ']] : []);
  });
}

test('a line to the model that is cut is an error frame', TIMEOUT, async () => {
  const client = await Client.connect(served.url);
  client.ask('line is cut');
  await client.chunk(0);
  cut.open();

  const { answer, ...error } = await client.answered();
  assert.deepEqual(error, { type: 'error', id: 'line is cut', code: 'broken-off', message: 'the answer broke off: ask again' });
});

test('an answer that takes longer than the function may is ended, the client is told so, and the model stops', TIMEOUT, async () => {
  const client = await Client.connect(served.hurriedUrl);
  client.ask('forever: too long', '1');
  const { answer, ...error } = await client.answered();

  const message = 'the answer took too long and was ended: ask for less';
  assert.deepEqual(error, { type: 'error', id: '1', code: 'too-long', message });
  await cancelled('forever: too long');
});

test('a message that is no question is told what is wrong with it, and no model is asked', TIMEOUT, async () => {
  const before = served.bedrock.models.length;
  for (const [message, id, text] of [
    [{ id: '1' }, '1', '`question` has to be text of 1 to 4000 characters'],
    [{ id: '1', question: ' ' }, '1', '`question` has to be text of 1 to 4000 characters'],
    [{ id: '1', question: 'x'.repeat(4001) }, '1', '`question` has to be text of 1 to 4000 characters'],
    [{ id: ['1'], question: 'x' }, undefined, '`id` has to be text of 1 to 100 characters'],
  ] as const) {
    const client = await Client.connect(served.url);
    client.send(message);
    const { answer, ...error } = await client.answered();
    assert.deepEqual(error, { type: 'error', ...id && { id }, code: 'invalid-message', message: text });
  }
  assert.equal(served.bedrock.models.length, before);
});

test('the function may stream the answers of its model, and nothing else of Bedrock', () => {
  const model = bedrockArn(':bedrock:', { Ref: 'AWS::Region' }, '::foundation-model/vendor.model-v1:0');
  assert.deepEqual(served.modelPolicy('Hurried'), [{ ...ALLOWED, Resource: model }]);
});

test('with an inference profile, it may ask the model in every region of the profile, but through the profile alone', () => {
  const profile = bedrockArn(':bedrock:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':inference-profile/eu.vendor.model-v1:0');
  assert.deepEqual(served.modelPolicy('Patient'), [
    { ...ALLOWED, Resource: profile },
    {
      ...ALLOWED,
      Resource: bedrockArn(':bedrock:*::foundation-model/vendor.model-v1:0'),
      Condition: { StringEquals: { 'bedrock:InferenceProfileArn': profile } },
    },
  ]);
});

/** As CDK writes it where the region and the account are not known. */
function bedrockArn(...rest: (string | object)[]) {
  return { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ...rest]] };
}

const cancelled = (question: string) => until(() => served.bedrock.cancelled.includes(question));

function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => { open = resolve; });
  return { open, opened };
}
