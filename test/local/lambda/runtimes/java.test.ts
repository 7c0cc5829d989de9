import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificate } from '../../../../src/local/certificate';
import { write } from '../../../handlers/source-project';
import { describeWhere } from '../../../where';
import { LocalFunction, localFunction } from '../../local-function';

/** As in aws-lambda-java-core. */
const LAMBDA = Object.fromEntries(Object.entries({
  Context: `public interface Context {
    String getAwsRequestId(); String getLogGroupName(); String getLogStreamName(); String getFunctionName(); String getFunctionVersion();
    String getInvokedFunctionArn(); Object getIdentity(); Object getClientContext(); int getRemainingTimeInMillis(); int getMemoryLimitInMB(); LambdaLogger getLogger();
  }`,
  LambdaLogger: 'public interface LambdaLogger { void log(String message); void log(byte[] message); }',
  RequestHandler: 'public interface RequestHandler<I, O> { O handleRequest(I input, Context context); }',
  RequestStreamHandler: 'public interface RequestStreamHandler { void handleRequest(java.io.InputStream in, java.io.OutputStream out, Context context) throws java.io.IOException; }',
}).map(([name, code]) => [`com/amazonaws/services/lambda/runtime/${name}.java`, `package com.amazonaws.services.lambda.runtime;\n${code}`]));

const HANDLERS = `package app;
import com.amazonaws.services.lambda.runtime.*;
import java.io.*;
import java.util.*;

public class Handlers {
  public enum Kind { ONE, TWO }

  public static class Part {
    private int number;
    public int getNumber() { return number; }
    public void setNumber(int number) { this.number = number; }
  }

  public static class Event {
    public String open;
    private String text; private boolean flag; private Kind kind; private List<Part> parts; private Map<String, Part> named; private long[] longs; private double half; private Set<String> set;
    public String getText() { return text; }
    public void setText(String text) { this.text = text; }
    public boolean isFlag() { return flag; }
    public void setFlag(boolean flag) { this.flag = flag; }
    public Kind getKind() { return kind; }
    public void setKind(Kind kind) { this.kind = kind; }
    public List<Part> getParts() { return parts; }
    public void setParts(List<Part> parts) { this.parts = parts; }
    public Map<String, Part> getNamed() { return named; }
    public void setNamed(Map<String, Part> named) { this.named = named; }
    public long[] getLongs() { return longs; }
    public void setLongs(long[] longs) { this.longs = longs; }
    public double getHalf() { return half; }
    public void setHalf(double half) { this.half = half; }
    public Set<String> getSet() { return set; }
    public void setSet(Set<String> set) { this.set = set; }
  }

  public static class OfMap implements RequestHandler<Map<String, Object>, Map<String, Object>> {
    public Map<String, Object> handleRequest(Map<String, Object> event, Context context) { return event; }
  }

  public static class OfBean implements RequestHandler<Event, Event> {
    public Event handleRequest(Event event, Context context) {
      event.setNamed(Map.of("last", event.getParts().get(event.getParts().size() - 1)));
      return event;
    }
  }

  public static class OfString implements RequestHandler<String, String> {
    public String handleRequest(String event, Context context) { return event + "!"; }
  }

  public static class OfTls implements RequestHandler<String, String> {
    public String handleRequest(String url, Context context) {
      try (InputStream in = new java.net.URL(url).openStream()) { return new String(in.readAllBytes()); }
      catch (IOException error) { return error.toString(); }
    }
  }

  public static class OfStream implements RequestStreamHandler {
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException { in.transferTo(out); }
  }

  public static abstract class Base<I> implements RequestHandler<I, String> {
    public String handleRequest(I event, Context context) { return event.getClass().getSimpleName(); }
  }

  public static class Derived extends Base<Part> {}

  public static class Failing implements RequestHandler<Map<String, Object>, String> {
    public String handleRequest(Map<String, Object> event, Context context) {
      if (event.containsKey("exit")) { System.exit(2); }
      throw new IllegalStateException("no", new RuntimeException("because"));
    }
  }

  public static class Unmade {
    public Unmade() { throw new UnsupportedOperationException("not made"); }
    public String handle() { return "never"; }
  }

  public static String plain(Part part) { return "plain " + part.getNumber(); }

  public Map<String, Object> context(Map<String, Object> event, Context context) {
    context.getLogger().log("logged");
    System.err.println("to stderr");
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("id", context.getAwsRequestId());
    result.put("arn", context.getInvokedFunctionArn());
    result.put("name", context.getFunctionName() + " " + context.getFunctionVersion() + " " + context.getMemoryLimitInMB());
    result.put("log", context.getLogGroupName() + " " + context.getLogStreamName().contains("[$LATEST]"));
    result.put("identity", context.getIdentity());
    result.put("remaining", context.getRemainingTimeInMillis() > 20000 && context.getRemainingTimeInMillis() <= 30000);
    result.put("same", context.equals(context) && context.hashCode() == context.hashCode() && context.toString().equals("Context"));
    return result;
  }
}
`;

const folder = mkdtempSync(join(tmpdir(), 'java-'));
const isHere = spawnSync('javac', ['-version']).status === 0;

beforeAll(() => {
  if (!isHere) { return; }
  write({ ...LAMBDA, 'app/Handlers.java': HANDLERS }, join(folder, 'src'));
  const sources = [...Object.keys(LAMBDA), 'app/Handlers.java'].map((file) => join(folder, 'src', file));
  expect(spawnSync('javac', ['-d', join(folder, 'code'), ...sources], { encoding: 'utf8' }).stderr).toBe('');
});
afterAll(() => rmSync(folder, { recursive: true }));

function javaFunction(handler: string, environment: { [name: string]: string } = {}): LocalFunction {
  return localFunction({}, { runtime: 'java21', handler, environment }, { codeFolder: join(folder, 'code') });
}

describeWhere(isHere, 'there is no javac')('a Java handler', () => {
  const EVENT = { text: 'ä "quoted" \\ \n\u0001 €😀', number: 1, big: 12345678901, part: 1.5, negative: -2, yes: true, no: false, none: null, list: [1, [], {}], map: { a: { b: 'c' } } };

  test('of maps gets and answers what JSON can say', async () => {
    const { call } = javaFunction('app.Handlers$OfMap');

    expect(await call(EVENT)).toEqual(EVENT);
    expect(await call({})).toEqual({});
    expect((await call('text')).errorMessage).toBe('Cannot deserialize value of type `java.util.Map` from text');
  });

  test('of beans gets and answers them', async () => {
    const { call } = javaFunction('app.Handlers$OfBean::handleRequest');
    const event = { open: 'field', text: 'x', flag: true, kind: 'TWO', parts: [{ number: 1 }, { number: 2, unknown: 1 }], longs: [1, 2], half: 0.5, set: ['a', 'b'] };

    expect(await call(event)).toEqual({ ...event, parts: [{ number: 1 }, { number: 2 }], named: { last: { number: 2 } } });
    expect((await call({ parts: [{ number: 'many' }] })).errorMessage).toBe('Cannot deserialize value of type `int` from many');
  });

  test('of strings takes no objects', async () => {
    const { call } = javaFunction('app.Handlers$OfString');

    expect(await call('text')).toBe('text!');
    expect(await call({ a: 1 })).toMatchObject({ errorType: 'java.lang.IllegalArgumentException', errorMessage: 'Cannot deserialize value of type `java.lang.String` from an object' });
  });

  test.each([
    ['app.Handlers$OfStream', EVENT, EVENT],
    ['app.Handlers$Derived', { number: 1 }, 'Part'],
    ['app.Handlers::plain', { number: 7 }, 'plain 7'],
  ])('can be %s', async (handler, event, answer) => {
    expect(await javaFunction(handler).call(event)).toEqual(answer);
  });

  test('gets a context', async () => {
    const { pool, logs } = javaFunction('app.Handlers::context');
    const { requestId, payload } = await pool.invoke('{}');

    expect(JSON.parse(payload)).toEqual({
      id: requestId,
      arn: 'arn:aws:lambda:eu-west-1:111111111111:function:chat',
      name: 'chat $LATEST 256',
      log: '/aws/lambda/chat true',
      identity: null,
      remaining: true,
      same: true,
    });
    expect(logs).toContainEqual({ requestId, stream: 'stdout', text: 'logged' });
    expect(logs).toContainEqual({ requestId, stream: 'stderr', text: 'to stderr' });
  });

  test('trusts the gateway with TLS, and whom Java trusts', async () => {
    const { key, cert, caFile } = certificate(join(folder, 'certificates'));
    const server = createServer({ key, cert }, (_, response) => response.end('trusted')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://localhost:${(server.address() as { port: number }).port}/`;

    expect(await javaFunction('app.Handlers$OfTls', { NODE_EXTRA_CA_CERTS: caFile }).call(url)).toBe('trusted');
    expect(await javaFunction('app.Handlers$OfTls').call(url)).toContain('SSLHandshakeException');
    server.close();
  });

  test('that fails says why, and lives on', async () => {
    const { pool, call, events } = javaFunction('app.Handlers$Failing');

    expect(await call()).toEqual({
      errorMessage: 'no',
      errorType: 'java.lang.IllegalStateException',
      stackTrace: [expect.stringContaining('app.Handlers$Failing.handleRequest(Handlers.java:')],
      cause: { errorMessage: 'because', errorType: 'java.lang.RuntimeException', stackTrace: [expect.any(String)] },
    });
    expect((await call()).errorMessage).toBe('no');
    expect(JSON.parse((await pool.invoke('{')).payload).errorMessage).toMatch(/^the event is not JSON, at character /);
    expect(events.map(({ type }) => type)).toEqual(['start', 'ready']);
    expect((await call({ exit: true })).errorType).toBe('Runtime.ExitError');
  });

  test.each([
    ['app.Nowhere', 'java.lang.ClassNotFoundException', 'Class not found: app.Nowhere'],
    ['app.Handlers::nowhere', 'java.lang.NoSuchMethodException', 'No public method named nowhere with appropriate method signature found on class app.Handlers'],
    ['app.Handlers$Unmade::handle', 'java.lang.UnsupportedOperationException', 'not made'],
  ])('%s cannot be loaded', async (handler, errorType, errorMessage) => {
    expect(await javaFunction(handler).call()).toMatchObject({ errorType, errorMessage });
  });
});
