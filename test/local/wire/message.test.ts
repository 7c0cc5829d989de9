import { parseTarget } from '../../../src/local/definition/integration-target';
import { ApiModel } from '../../../src/local/definition/model';
import { handleDisconnect, handleMessage } from '../../../src/local/wire/message';
import { Handler, apiModel, backendOf, integrationModel, openConnection, routeModel, stageModel } from '../fake-backend';

function serve(api: ApiModel, handler?: Handler) {
  const backend = backendOf(api, handler);
  return { backend, ...openConnection(backend, api) };
}

const events = ({ trace }: { trace: { events(): any[] } }, type: string) => trace.events().filter((event) => event.type === type);

describe('after the assembly has changed, a message on an open connection', () => {
  const of = (colour: string) => apiModel(
    [routeModel('$default', { integration: integrationModel({ target: parseTarget('arn:aws:lambda:eu-west-1:111111111111:function:${stageVariables.colour}') }) })],
    { name: colour, stages: [stageModel({ variables: { colour }, accessLog: { format: '$context.stage', destinationArn: 'x' } })] },
  );

  test('is handled with the new stage variables throughout: in its route, its event, its function and its log', async () => {
    const { backend, connection, sent } = serve(of('blue'), (event) => ({ statusCode: 200, body: JSON.stringify(event.stageVariables) }));
    backend.reload(of('green'));
    await handleMessage(backend, connection, '{}');

    expect(sent).toEqual(['{"colour":"green"}']);
    expect((backend.functions as any).invoked).toEqual(['arn:aws:lambda:eu-west-1:111111111111:function:green']);
    expect(events(backend, 'message')[0].api).toBe('green');
    expect(events(backend, 'access-log')[0].api).toBe('green');
  });

  test('that was under way stays with what it began with', async () => {
    const { backend, connection, sent } = serve(of('blue'), (event) => {
      backend.reload(of('green'));
      return { statusCode: 200, body: JSON.stringify(event.stageVariables) };
    });
    await handleMessage(backend, connection, '{}');

    expect(sent).toEqual(['{"colour":"blue"}']);
    expect(events(backend, 'access-log')[0].api).toBe('blue');
  });

  test('and its end, too', async () => {
    const seen: any[] = [];
    const api = apiModel([routeModel('$disconnect')], { stages: [stageModel({ variables: { colour: 'blue' } })] });
    const { backend, connection } = serve(api, (event) => seen.push(event));
    backend.reload({ ...api, stages: [stageModel({ variables: { colour: 'green' } })] });
    await handleDisconnect(backend, connection, 1000, 'bye');

    expect(seen[0].stageVariables).toEqual({ colour: 'green' });
  });
});

describe('a message', () => {
  test('goes to the route that the expression selects', async () => {
    const { backend, connection, sent } = serve(apiModel([routeModel('say'), routeModel('$default')]), (event) => ({ statusCode: 200, body: event.requestContext.routeKey }));
    await handleMessage(backend, connection, '{"action":"say"}');
    await handleMessage(backend, connection, '{"action":"other"}');
    await handleMessage(backend, connection, 'not JSON');

    expect(sent).toEqual(['say', '$default', '$default']);
  });

  test('that no route takes is answered with an error, and its reason is in the trace', async () => {
    const { backend, connection, sent } = serve(apiModel([]));
    await handleMessage(backend, connection, '{"action":"say"}');

    expect(sent[0]).toMatch(/^\{"message": "Forbidden", "connectionId":"L0SM9cOFvHcCIhw=", "requestId":"[^"]+"\}$/);
    expect(events(backend, 'answer')[0]).toMatchObject({ status: 403, reason: 'no route has the key `"say"`, and there is no `$default`' });
  });

  test('is not answered by a route without a response', async () => {
    const { backend, connection, sent } = serve(apiModel([routeModel('$default', { response: false })]), () => ({ statusCode: 200, body: 'x' }));
    await handleMessage(backend, connection, '{}');

    expect(sent).toEqual([]);
  });

  test('that its function answers with no body is answered with an empty frame', async () => {
    const { backend, connection, sent } = serve(apiModel([routeModel('$default')]));
    await handleMessage(backend, connection, '{}');

    expect(sent).toEqual(['']);
  });
});
