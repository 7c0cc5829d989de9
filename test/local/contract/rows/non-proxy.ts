import { randomUUID } from 'node:crypto';
import { connect } from '../conversation';
import { place } from '../place/arrival';
import { here, row } from '../row';

const ask = async (message: object) => (await connect('plain')).ask(message);
/** Why the gateway answered as it did. */
const expectReason = (reason: RegExp) => place.inGateway(({ last }) => expect(last('answer').reason).toMatch(reason));
/** What the HTTP server was sent that the app calls. */
const received = async (text: string) => {
  const line = await place.line(text, (one) => one.includes('RECEIVED '));
  return JSON.parse(line.slice(line.indexOf('RECEIVED ') + 'RECEIVED '.length));
};

describe('without a Lambda proxy', () => {
  row('2.5', 'D', 'MOCK answers by its templates, with $context and $stageVariables', async () => {
    const { pong, to } = JSON.parse(await ask({ action: 'ping' }));

    expect([pong, to]).toEqual([expect.stringMatching(/^.{15}=$/), 'there']);
    await place.inGateway(({ last }) => expect(pong).toBe(last('connect').connectionId));
  });

  row('2.5', 'U', 'a directive or a comment right behind a reference is read as Velocity reads it', async () => {
    expect(await ask({ action: 'velocity' })).toBe('there|there|there');
  });

  row('2.5', 'D', 'HTTP gets what the request template and the parameters make of a message, stage variables in its URI', async () => {
    const text = randomUUID();

    expect(await ask({ action: 'http', text })).toBe(`fine: {"text": "${text}"}`);
    expect(await received(text)).toMatchObject({ method: 'POST', url: '/there?kind=fixed', headers: { 'x-connection': expect.stringMatching(/=$/) }, body: `{"text": "${text}"}` });
  });

  row('2.5', 'D', 'the integration response is chosen by the status', async () => {
    expect(await ask({ action: 'teapot' })).toBe('other');
  });

  row('2.5', 'D', 'HTTP_PROXY passes message and answer on as they are', async () => {
    expect(JSON.parse(await ask({ action: 'proxy', text: 1 }))).toMatchObject({ said: '{"action":"proxy","text":1}' });
  });

  row('2.5', 'U', 'what PassthroughBehavior lets not pass is "Unsupported Media Type", and 415 in the access log', async () => {
    expect(await ask({ action: 'strict' })).toMatch(/^\{"message": "Unsupported Media Type", "connectionId":"[^"]+", "requestId":"[^"]+"\}$/);
    await place.inGateway(({ last }) => expect(last('answer')).toMatchObject({ status: 415, reason: expect.stringContaining('`NEVER` does not let a message pass') }));
  });

  row('2.5', 'U', 'a backend that is not there is an internal error', async () => {
    expect(await ask({ action: 'nowhere' })).toContain('"message": "Internal server error"');
  });

  row('2.5', 'D', 'an AWS service is called with what the template makes, signed, at the endpoint that AWS_ENDPOINT_URL names', async () => {
    expect(await ask({ action: 'queue', text: 'a b' })).toBe('queued');
    await place.inGateway(async () => expect(await received('MessageBody')).toMatchObject({
      method: 'POST',
      url: expect.stringMatching(/^\/111111111111\//),
      headers: { authorization: expect.stringContaining('/eu-west-1/sqs/aws4_request') },
      body: 'Action=SendMessage&MessageBody=%7B%22action%22%3A%22queue%22%2C%22text%22%3A%22a+b%22%7D',
    }));
  });

  row('2.5', 'D', 'an AWS service is not called where the role of the integration may not', async () => {
    expect(await ask({ action: 'forbidden' })).not.toBe('queued');
    await expectReason(/sqs:SendMessage/);
  });

  row('2.9', 'D', 'an AWS service is called with the role that a stage variable names', async () => {
    expect(await ask({ action: 'variable' })).not.toBe('queued');
    await expectReason(/the role `arn:aws:iam::111111111111:role\/[^`]*Powerless[^`]*` may not `sqs:SendMessage`/);
  });

  here('the conditions of policies are asked with what the request is', async () => {
    expect(await ask({ action: 'regional' })).toBe('queued');
  });

  row('2.5', 'D', 'the integration response of a function is chosen by the message of its error', async () => {
    expect(await ask({ action: 'failing', text: 'oops' })).toBe('no: [BadRequest] oops');
  });

  row('2.5', 'D', 'a function is not called that API Gateway may not invoke', async () => {
    expect(await ask({ action: 'unpermitted' })).toContain('"message": "Internal server error"');
    await expectReason(/^API Gateway may not invoke `Stack\/plain\/Unpermitted`/);
  });

  row('2.5', 'U', 'an AWS service for which no endpoint is named is refused, and never called', async () => {
    expect(await ask({ action: 'topic' })).toContain('"message": "Internal server error"');
    await expectReason(/AWS_ENDPOINT_URL_SNS/);
  }, { onlyHere: 'AWS has an endpoint for each of its services' });
});

describe('an integration', () => {
  row('2.9', 'D', 'may have stage variables in the name of its function', async () => {
    expect(await ask({ action: 'named' })).toBe('named');
  });
});
