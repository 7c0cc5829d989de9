const { spawn } = require('node:child_process');
const { Agent, request } = require('node:https');
const { sign } = require('./sign');

const sleep = (millis) => new Promise((done) => setTimeout(done, millis));
const parse = (text) => { try { return JSON.parse(text); } catch { return {}; } };
const answer = (body, statusCode = 200) => ({ statusCode, body });

/** Any of them can be told to wait, and to exit. */
async function obey({ wait, exit }) {
  if (wait) { await sleep(Number(wait)); }
  if (exit) { process.exit(Number(exit)); }
}

exports.connect = async (event) => {
  const query = event.queryStringParameters ?? {};
  if (event.requestContext.eventType === 'DISCONNECT') { return answer('bye'); }
  await obey(query);
  if (query.throws) { throw new Error('thrown by the handler of $connect'); }
  return { statusCode: Number(query.status ?? 200) };
};

exports.echo = async (event) => {
  const message = parse(event.body);
  await obey(message);
  return answer(message.bytes ? 'x'.repeat(message.bytes) : event.body);
};

/** Sockets are kept, as the SDK keeps them. */
const agent = new Agent({ keepAlive: true });

exports.post = async (event) => {
  const { domainName, stage, connectionId } = event.requestContext;
  const message = parse(event.body);
  await obey(message);
  const url = new URL(`https://${domainName}/${stage}/@connections/${encodeURIComponent(connectionId)}`);
  const headers = sign({
    method: 'POST',
    url,
    body: event.body,
    region: process.env.AWS_REGION,
    accessKeyId: process.env.AWS_ACCESS_KEY_ID,
    secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
    sessionToken: process.env.AWS_SESSION_TOKEN,
  });
  const send = () => new Promise((resolve, reject) => {
    request(url, { method: 'POST', agent, headers }, (response) => response.resume().on('end', () => resolve(response.statusCode))).on('error', reject).end(event.body);
  });
  // A socket may have been closed while the process stood still: the SDK tries again too.
  const status = await send().catch(send);
  console.log(`posted: ${status}`);
  return answer('posted');
};

exports.never = async (event) => {
  const message = parse(event.body);
  await obey(message);
  if (message.fault === 'never') { await new Promise(() => setInterval(() => undefined, 1000)); }
  if (message.fault === 'loop') { for (;;) { /* for ever */ } }
  return answer('ok');
};

exports.exit = async (event) => {
  const message = parse(event.body);
  await obey(message);
  if (message.fault === 'exit') { process.exit(3); }
  if (message.fault === 'kill') { process.kill(process.pid, 'SIGKILL'); await sleep(10_000); }
  if (message.fault === 'throw') { setImmediate(() => { throw new Error('thrown on the side'); }); await sleep(10_000); }
  return answer('ok');
};

exports.nonsense = async (event) => {
  const message = parse(event.body);
  await obey(message);
  const circle = {};
  circle.circle = circle;
  return { text: 'nonsense', list: [1, 2], circle, status: { statusCode: 'fine' }, large: answer('x'.repeat(8_000_000)), long: answer('x'.repeat(140_000)) }[message.fault] ?? answer('ok');
};

/** 10 MB to each. */
exports.noise = async (event) => {
  const message = parse(event.body);
  await obey(message);
  if (message.fault === 'lines') { for (let line = 0; line < 10_240; line++) { console.log('x'.repeat(1023)); } }
  if (message.fault === 'line') { process.stdout.write('x'.repeat(10_000_000)); process.stderr.write('y'.repeat(10_000_000)); }
  return answer('ok');
};

exports.fork = async (event) => {
  const message = parse(event.body);
  await obey(message);
  if (message.fault) { spawn('sleep', ['1000'], { stdio: 'inherit' }); }
  if (message.fault === 'exit') { process.exit(1); }
  return answer('ok');
};

/** Tells where it can be found, so that others can kill it at any time. */
exports.mortal = async (event) => {
  await obey(parse(event.body));
  return answer(JSON.stringify({ pid: process.pid, runtimeApi: process.env.AWS_LAMBDA_RUNTIME_API }));
};
