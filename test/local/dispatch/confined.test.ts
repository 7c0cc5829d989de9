import { Confined } from '../../../src/local/dispatch/confined';
import { integrationModel } from '../fake-backend';

let confined: Confined;
afterEach(() => confined.close());

const request = (body: string) => ({
  routeKey: 'a', eventType: 'MESSAGE' as const, body, headers: {}, multiValueHeaders: {}, queryString: {}, multiValueQueryString: {}, context: {}, stageVariables: {},
});
const render = (owner: string, template: string, body = '{}') => (
  confined.run(owner, 'prepareRequest', integrationModel({ type: 'HTTP', requestTemplates: { $default: template } }), request(body))
);
const ENDLESS = '#foreach($a in [1..1000])#foreach($b in [1..1000])#foreach($c in [1..1000])#set($x = $input.json("$"))#end#end#end';

test('what a job makes, and what it throws, arrives', async () => {
  confined = new Confined();

  expect((await render('a', 'hello $input.path("$.name")', '{"name":"Ann"}')).body).toBe('hello Ann');
  await expect(render('a', '#if(')).rejects.toThrow(/^the template is not Velocity/);
});

test('a failure keeps its kind', async () => {
  confined = new Confined();

  await expect(confined.run('a', 'prepareRequest', integrationModel({ type: 'HTTP', passthroughBehavior: 'NEVER' }), request('{}'))).rejects.toMatchObject({ kind: 'unsupported' });
});

test('what takes too long ends, and what comes after it runs', async () => {
  confined = new Confined(1000);
  const endless = render('a', ENDLESS, JSON.stringify('x'.repeat(100_000)));
  const after = render('a', 'after');

  await expect(endless).rejects.toThrow('it takes longer than 1000 ms');
  expect((await after).body).toBe('after');
});

test('nobody waits for the endless job of another connection', async () => {
  confined = new Confined(60_000);
  const ended: string[] = [];
  void render('a', ENDLESS, JSON.stringify('x'.repeat(100_000))).catch(() => ended.push('a'));
  void render('a', ENDLESS, JSON.stringify('x'.repeat(100_000))).catch(() => ended.push('a'));

  expect((await render('b', 'b')).body).toBe('b');
  expect(ended).toEqual([]);
});

test('when it is closed, every job is told', async () => {
  confined = new Confined(60_000);
  const jobs = [render('a', ENDLESS), render('a', 'x')];
  const told = Promise.all(jobs.map((job) => job.catch((error) => error.message)));
  await confined.close();

  expect(await told).toEqual([expect.any(String), 'the gateway is closed']);
  await expect(render('b', 'x')).rejects.toThrow('the gateway is closed');
});
