import { connect } from '../../../src/shipped/connections/connect';
import { disconnect } from '../../../src/shipped/connections/disconnect';
import { FakeFunctions } from '../fake-functions';
import { connectEvent, disconnectEvent } from './events';

describe('$connect', () => {
  test('is accepted where the app has none', async () => {
    expect(await connect(connectEvent(), { functions: new FakeFunctions() })).toEqual({ statusCode: 200 });
  });

  test('is decided by the function of the app, which gets the untouched event', async () => {
    const functions = new FakeFunctions({ mine: '{"statusCode":403,"headers":{"x":"y"},"body":"no"}' });
    const event = { ...connectEvent(), surprise: [1, { a: null }] };

    expect(await connect(event, { functions, connectHandler: 'mine' })).toEqual({ statusCode: 403, headers: { x: 'y' }, body: 'no' });
    expect(functions.called).toEqual([{ name: 'mine', event }]);
  });

  test.each(['null', '{}', '"text"', ''])('is answered with what the function of the app returns, malformed as it may be: %s', async (answer) => {
    expect(await connect(connectEvent(), { functions: new FakeFunctions({ mine: answer }), connectHandler: 'mine' })).toEqual(answer ? JSON.parse(answer) : null);
  });

  test('fails if the function of the app fails', async () => {
    const functions = new FakeFunctions({ mine: () => Promise.reject(new Error('failed')) });

    await expect(connect(connectEvent(), { functions, connectHandler: 'mine' })).rejects.toThrow('failed');
  });
});

describe('$disconnect', () => {
  test('is handed to the function of the app, and nobody waits for it', async () => {
    const functions = new FakeFunctions();

    expect(await disconnect(disconnectEvent(), { functions, disconnectHandler: 'mine' })).toEqual({ statusCode: 200 });
    expect(functions.handed).toEqual([{ name: 'mine', event: disconnectEvent() }]);
    expect(functions.called).toEqual([]);
  });

  test('is nothing to do where the app has none', async () => {
    expect(await disconnect(disconnectEvent(), { functions: new FakeFunctions() })).toEqual({ statusCode: 200 });
  });
});
