import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificate } from '../../../../src/local/certificate';
import { missingForFunction, runtimeNote } from '../../../../src/local/lambda/function-pool';
import { dotnetHere } from '../../../../src/local/lambda/runtimes/dotnet-client';
import { write } from '../../../handlers/source-project';
import { describeWhere, testWhere } from '../../../where';
import { functionModel, isStopped, LocalFunction, localFunction, functionFolder, until } from '../../local-function';

/** As in Amazon.Lambda.Core. */
const CORE = `using System; using System.IO;
namespace Amazon.Lambda.Core {
  public interface ILambdaContext {
    string AwsRequestId { get; } IClientContext ClientContext { get; } string FunctionName { get; } string FunctionVersion { get; }
    ICognitoIdentity Identity { get; } string InvokedFunctionArn { get; } ILambdaLogger Logger { get; } string LogGroupName { get; }
    string LogStreamName { get; } int MemoryLimitInMB { get; } TimeSpan RemainingTime { get; } string TraceId => null;
  }
  public interface IClientContext {} public interface ICognitoIdentity {}
  public enum LogLevel { Trace, Debug, Information, Warning, Error, Critical }
  public interface ILambdaLogger {
    void Log(string message); void LogLine(string message);
    void Log(string level, string message) => LogLine(message);
    void Log(LogLevel level, Exception exception, string message, params object[] args) => LogLine(message);
    void LogInformation(string message) => Log("Information", message);
    void LogWarning(string message, params object[] args) => LogLine(message);
    void LogDebug(string message) => LogLine(message);
  }
  public interface ILambdaSerializer { T Deserialize<T>(Stream requestStream); void Serialize<T>(T response, Stream responseStream); }
  [AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Method)]
  public class LambdaSerializerAttribute : Attribute { public Type SerializerType { get; set; } public LambdaSerializerAttribute(Type type) { SerializerType = type; } }
}`;

const HANDLERS = `using System; using System.Collections.Generic; using System.IO; using System.Linq; using System.Net.Http; using System.Text; using System.Text.Json;
using System.Threading.Tasks; using Amazon.Lambda.Core;
[assembly: LambdaSerializer(typeof(App.Json))]
namespace App {
  public class Json : ILambdaSerializer {
    public T Deserialize<T>(Stream stream) => JsonSerializer.Deserialize<T>(stream);
    public void Serialize<T>(T value, Stream stream) => JsonSerializer.Serialize(stream, value);
  }
  public class Loud : ILambdaSerializer {
    public T Deserialize<T>(Stream stream) => (T)(object)new StreamReader(stream).ReadToEnd();
    public void Serialize<T>(T value, Stream stream) => stream.Write(Encoding.UTF8.GetBytes("\\"" + value + "!\\""));
  }
  public class Closed : ILambdaSerializer {
    private Closed() {}
    public T Deserialize<T>(Stream stream) => default;
    public void Serialize<T>(T value, Stream stream) {}
  }
  public class Event { public string Text { get; set; } public int Number { get; set; } public List<Event> Parts { get; set; } }
  public abstract class Base { public string Inherited(Event e) => GetType().Name + e.Number; public abstract string Missing(); }
  public class Derived : Base { public override string Missing() => ""; }
  public class Unmade { public Unmade() => throw new NotSupportedException("not made"); public string Handle() => "never"; }
  public class Generic<T> { public string Handle() => ""; }
  public class Handlers {
    private int count;
    public Stream Streams(Stream input) => input;
    public async Task<Stream> StreamsLater(Stream input, ILambdaContext context) { await Task.Delay(1); return input; }
    public Event Plain(Event e) { e.Number += 1; return e; }
    public async Task<Event> Later(Event e, ILambdaContext context) { await Task.Yield(); e.Text = context.FunctionName; return e; }
    public static int Static() => 7;
    public void Nothing(Event e) => Console.WriteLine("nothing " + e.Number);
    public async Task NothingLater() { await Task.Delay(1); Console.WriteLine("later"); }
    public int Counts(ILambdaContext context) => ++count;
    [LambdaSerializer(typeof(Loud))] public string Own(string text) => text;
    [LambdaSerializer(typeof(Closed))] public string WithoutConstructor(string text) => text;
    [LambdaSerializer(typeof(Event))] public string NoSerializer(string text) => text;
    public async void Forgotten() { await Task.Yield(); }
    public string Three(Event e, ILambdaContext context, int more) => "";
    public string Other(Event e, int more) => "";
    public int Twice(Event e) => 1;
    public int Twice(int number) => number;
    public Event Fails(Event e) {
      if (e.Text == "exit") { Environment.Exit(2); }
      if (e.Text == "sleep") { System.Threading.Thread.Sleep(60000); }
      throw new InvalidOperationException("no \\"quotes\\"\\n\\u0001", new ArgumentException("because"));
    }
    public async Task FailsLater(Event e) { await Task.Yield(); throw new AggregateException("both", new Exception("one"), new Exception("two")); }
    public string Tls(string url) { try { using var http = new HttpClient(); return http.GetStringAsync(url).Result; } catch (Exception error) { return error.ToString().Contains("AuthenticationException") ? "untrusted" : error.ToString(); } }
    public string Version() => Environment.Version.Major + " " + GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1048576;
    public int Process() => Environment.ProcessId;
    public Dictionary<string, object> Context(Event e, ILambdaContext context) {
      context.Logger.LogLine("line"); context.Logger.Log("Warning", "level"); context.Logger.LogInformation("information"); context.Logger.LogDebug("debug");
      context.Logger.LogWarning("{0} of {name}", 1, "two"); context.Logger.Log(LogLevel.Error, new Exception("logged"), "failed {x}", 3);
      Console.Error.WriteLine("to stderr");
      return new Dictionary<string, object> {
        ["id"] = context.AwsRequestId, ["arn"] = context.InvokedFunctionArn, ["name"] = context.FunctionName + " " + context.FunctionVersion + " " + context.MemoryLimitInMB,
        ["log"] = context.LogGroupName + " " + (context.LogStreamName.Contains("[$LATEST]") ? "true" : "false"), ["identity"] = context.Identity, ["client"] = context.ClientContext,
        ["trace"] = context.TraceId == Environment.GetEnvironmentVariable("_X_AMZN_TRACE_ID") && context.TraceId.StartsWith("Root="),
        ["remaining"] = context.RemainingTime > TimeSpan.FromSeconds(20) && context.RemainingTime <= TimeSpan.FromSeconds(30),
      };
    }
  }
  /** An executable assembly speaks to the Runtime API by itself, as Amazon.Lambda.RuntimeSupport does. */
  public static class Program {
    public static async Task Main() {
      using var http = new HttpClient { BaseAddress = new Uri("http://" + Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/") };
      while (true) {
        using var next = await http.GetAsync("next");
        var id = next.Headers.GetValues("Lambda-Runtime-Aws-Request-Id").Single();
        await http.PostAsync(id + "/response", new StringContent("\\"by itself " + Environment.GetEnvironmentVariable("_HANDLER") + " " + await next.Content.ReadAsStringAsync() + "\\""));
      }
    }
  }
}`;

const here = dotnetHere();
const isHere = here?.compiler !== undefined;
const folder = mkdtempSync(join(tmpdir(), 'dotnet-'));
const code = join(folder, 'code');

beforeAll(() => {
  if (!isHere) { return; }
  write({ 'Core.cs': CORE, 'App.cs': HANDLERS, ...companions('App', 8) }, code);
  compile('Amazon.Lambda.Core.dll', 'library', join(code, 'Core.cs'));
  compile('App.dll', 'exe', join(code, 'App.cs'), `-r:${join(code, 'Amazon.Lambda.Core.dll')}`);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Against the oldest runtime of this machine: what is built for net8.0 runs there, and on all that follow. */
function compile(output: string, target: string, ...args: string[]) {
  const { folder: framework } = here!.runtimes.at(-1)!;
  const references = readdirSync(framework).filter((file) => /^System\..*\.dll$/.test(file) && !file.includes('.Native.')).map((file) => `-r:${join(framework, file)}`);
  const compiler = ['exec', here!.compiler!, '-nologo', '-noconfig', '-nostdlib', '-nowarn:CS1998', `-target:${target}`, `-out:${join(code, output)}`];
  expect(spawnSync('dotnet', [...compiler, ...references, ...args], { encoding: 'utf8' }).stdout).toBe('');
}

/** What `dotnet publish` writes beside an assembly. */
function companions(name: string, version: number): { [path: string]: string } {
  const target = `.NETCoreApp,Version=v${version}.0`;
  const libraries = [name, 'Amazon.Lambda.Core'];
  return {
    [`${name}.runtimeconfig.json`]: JSON.stringify({ runtimeOptions: { tfm: `net${version}.0`, framework: { name: 'Microsoft.NETCore.App', version: `${version}.0.0` } } }),
    [`${name}.deps.json`]: JSON.stringify({
      runtimeTarget: { name: target },
      targets: { [target]: Object.fromEntries(libraries.map((one) => [`${one}/1.0.0`, { runtime: { [`${one}.dll`]: {} } }])) },
      libraries: Object.fromEntries(libraries.map((one) => [`${one}/1.0.0`, { type: 'project', serviceable: false, sha512: '' }])),
    }),
  };
}

function dotnetFunction(method: string, overrides: Parameters<typeof localFunction>[1] = {}): LocalFunction {
  const handler = /[.:]/.test(method) ? method : `App::App.Handlers::${method}`;
  return localFunction({}, { runtime: 'dotnet8', handler, ...overrides }, { codeFolder: code });
}

describeWhere(isHere, 'there is no SDK of .NET')('a .NET handler', () => {
  const EVENT = { Text: 'ä "quoted" \\ \n\u0001 €😀', Number: 1, Parts: [{ Text: null, Number: 2, Parts: null }] };

  test.each([
    ['Streams', EVENT, EVENT],
    ['StreamsLater', EVENT, EVENT],
    ['Plain', EVENT, { ...EVENT, Number: 2 }],
    ['Later', EVENT, { ...EVENT, Text: 'chat' }],
    ['Static', {}, 7],
    ['Own', 'text', '"text"!'],
    ['App::App.Derived::Inherited', { Number: 3 }, 'Derived3'],
    ['App::App.Handlers::Int32 Twice(Int32)', 5, 5],
  ])('can be %s', async (method, event, answer) => {
    if (method === 'Own') {
      expect((await dotnetFunction(method).pool.invoke(JSON.stringify(event))).payload).toBe('""text"!"');
    } else {
      expect(await dotnetFunction(method).call(event)).toEqual(answer);
    }
  });

  test.each([['Nothing', 'nothing 5'], ['NothingLater', 'later']])('can be %s, and answers nothing', async (method, text) => {
    const { pool, logs } = dotnetFunction(method);
    const { payload, requestId } = await pool.invoke('{"Number":5}');

    expect(payload).toBe('');
    expect(logs).toEqual([{ requestId, stream: 'stdout', text }]);
  });

  test('is one object for all events', async () => {
    const { call } = dotnetFunction('Counts');

    expect([await call(), await call(), await call()]).toEqual([1, 2, 3]);
  });

  test('gets a context', async () => {
    const { pool, logs } = dotnetFunction('Context');
    const { requestId, payload } = await pool.invoke('{}');

    expect(JSON.parse(payload)).toEqual({
      id: requestId,
      arn: 'arn:aws:lambda:eu-west-1:111111111111:function:chat',
      name: 'chat $LATEST 256',
      log: '/aws/lambda/chat true',
      identity: null,
      client: null,
      trace: true,
      remaining: true,
    });
    expect(logs.filter(({ stream }) => stream === 'stdout').map(({ text }) => text))
      .toEqual(['line', 'level', 'information', '1 of two', 'failed 3', 'System.Exception: logged']);
    expect(logs).toContainEqual({ requestId, stream: 'stderr', text: 'to stderr' });
  });

  test('has the memory of its function, on the .NET of this machine', async () => {
    const [version, megabytes] = (await dotnetFunction('Version').call()).split(' ').map(Number);

    expect(version).toBe(here!.runtimes.find(({ major }) => major >= 8)!.major);
    expect(megabytes).toBe(256);
  });

  test('trusts the gateway with TLS', async () => {
    const { key, cert, caFile } = certificate(join(folder, 'certificates'));
    const server = createServer({ key, cert }, (_, response) => response.end('trusted')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://localhost:${(server.address() as { port: number }).port}/`;
    const trusting = process.platform === 'linux' ? 'trusted' : 'untrusted';

    expect(await dotnetFunction('Tls', { environment: { SSL_CERT_FILE: caFile } }).call(url)).toBe(trusting);
    expect(await dotnetFunction('Tls').call(url)).toBe('untrusted');
    server.close();
  });

  testWhere(process.platform === 'linux', 'only Linux tells')('stands still between events', async () => {
    const { call } = dotnetFunction('Process');
    const pid = await call();
    await until(() => isStopped(pid));

    expect(await call()).toBe(pid);
  });

  test('that fails says why, and lives on', async () => {
    const { call, logs, events } = dotnetFunction('Fails');

    expect(await call({})).toEqual({
      errorType: 'InvalidOperationException',
      errorMessage: 'no "quotes"\n\u0001',
      stackTrace: [expect.stringMatching(/^at App\.Handlers\.Fails\(Event e\)/)],
      cause: { errorType: 'ArgumentException', errorMessage: 'because' },
    });
    expect(await call(3)).toMatchObject({ errorType: 'JsonException' });
    expect(logs.some(({ stream, text }) => stream === 'stderr' && text.startsWith('System.InvalidOperationException: no'))).toBe(true);
    expect(events.map(({ type }) => type)).toEqual(['start', 'ready']);
    expect((await call({ Text: 'exit' })).errorType).toBe('Runtime.ExitError');
  });

  test('that fails later says why', async () => {
    expect(await dotnetFunction('FailsLater').call({})).toEqual({
      errorType: 'AggregateException',
      errorMessage: 'both (one) (two)',
      stackTrace: [expect.stringMatching(/^at App\.Handlers\.FailsLater\(Event e\)/)],
      cause: { errorType: 'Exception', errorMessage: 'one' },
      causes: [{ errorType: 'Exception', errorMessage: 'one' }, { errorType: 'Exception', errorMessage: 'two' }],
    });
  });

  test('that takes too long is killed', async () => {
    const { call } = dotnetFunction('Fails', { timeoutSeconds: 1 });

    expect(await call({ Text: 'sleep' })).toMatchObject({ errorType: 'Sandbox.Timedout', errorMessage: expect.stringMatching(/Task timed out after 1\.00 seconds$/) });
    expect((await call({})).errorType).toBe('InvalidOperationException');
  });

  test.each([
    ['App:App', 'LambdaValidationException', 'Invalid lambda function handler: \'App:App\'. The valid format is \'ASSEMBLY::TYPE::METHOD\'.'],
    ['App::App.Nowhere::Handle', 'LambdaValidationException', 'Unable to load type \'App.Nowhere\' from assembly \'App\'.'],
    ['Nowhere::App.Handlers::Handle', 'LambdaValidationException', expect.stringMatching(/^Could not find the specified handler assembly with the file name 'Nowhere, /)],
    ['Nowhere', 'LambdaValidationException', expect.stringMatching(/^Unable to find method 'Nowhere' in type 'App\.Handlers' from assembly 'App': Found no methods/)],
    ['Twice', 'LambdaValidationException', expect.stringMatching(/ appears to have a number of overloads\.(.|\n)*\nInt32 Twice\(App\.Event\)\nInt32 Twice\(Int32\)\.$/)],
    ['Forgotten', 'LambdaValidationException', expect.stringMatching(/ because it is an 'async void' method\./)],
    ['Three', 'LambdaValidationException', 'Method \'Three\' of type \'App.Handlers\' is not supported: the method has more than 2 parameters.'],
    ['Other', 'LambdaValidationException', expect.stringMatching(/but the second parameter is not of type 'Amazon\.Lambda\.Core\.ILambdaContext'\.$/)],
    ['App::App.Base::Inherited', 'LambdaValidationException', expect.stringMatching(/because its type 'App\.Base' is abstract/)],
    ['App::App.Generic`1::Handle', 'LambdaValidationException', expect.stringMatching(/because it is generic/)],
    ['App::App.Unmade::Handle', 'NotSupportedException', 'not made'],
    ['WithoutConstructor', 'LambdaValidationException', 'The indicated serializer \'App.Closed\' does not define a public zero-parameter constructor.'],
    ['NoSerializer', 'LambdaValidationException', 'The \'App.Event\' class is invalid: it does not implement the \'ILambdaSerializer\' interface.'],
    ['Amazon.Lambda.Core::Amazon.Lambda.Core.LambdaSerializerAttribute::get_SerializerType', 'LambdaValidationException',
      expect.stringMatching(/^Could not find the LambdaSerializerAttribute on the assembly 'Amazon\.Lambda\.Core, .* while attempting to serialize output data of type 'System\.Type'/)],
  ])('%s cannot be loaded', async (handler, errorType, errorMessage) => {
    const environment = { LAMBDA_DOTNET_MAIN_ASSEMBLY: 'App' };

    expect(await dotnetFunction(handler, { environment }).call()).toMatchObject({ errorType, errorMessage });
  });

  test.each(['App', 'App.dll'])('can be the executable assembly %s', async (handler) => {
    const { call } = localFunction({}, { runtime: 'dotnet8', handler }, { codeFolder: code });

    expect(await call(5)).toBe(`by itself ${handler} 5`);
  });

  test('leaves no file behind', async () => {
    const files = () => readdirSync(tmpdir()).filter((name) => /^(?:dotnet-diagnostic|clr-debug-pipe)/.test(name)).sort();
    const before = files();
    const { call, pool } = dotnetFunction('Static');
    await call();
    await pool.close();

    expect(files().filter((name) => !before.includes(name))).toEqual([]);
  });

  test('is compiled for once, and kept', () => {
    const kept = join(process.env.XDG_CACHE_HOME || join(process.env.HOME!, '.cache'), 'cdk-websocket-api', 'dotnet');

    expect(readdirSync(kept).filter((name) => existsSync(join(kept, name, 'Dotnet.dll'))).length).toBeGreaterThan(0);
    expect(readdirSync(kept).filter((name) => name.startsWith('cdk-websocket-api-dotnet-'))).toEqual([]);
  });
});

describeWhere(isHere, 'there is no SDK of .NET')('what a .NET function lacks is said', () => {
  const major = here?.runtimes.at(-1)?.major ?? 8;
  const missing = (handler: string, files: { [path: string]: string }, runtime = `dotnet${major}`) =>
    missingForFunction(functionModel({ runtime, handler }), functionFolder(files), functionFolder());

  test.each([
    ['a configuration', { ...companions('App', major), 'App.runtimeconfig.json': undefined },
      'has no `App.runtimeconfig.json` in its code, without which Lambda does not start it: publish the project with `<GenerateRuntimeConfigurationFiles>true</GenerateRuntimeConfigurationFiles>`'],
    ['a list of dependencies', { ...companions('App', major), 'App.deps.json': undefined }, 'has no `App.deps.json` in its code,'],
    ['the version of its runtime', companions('App', 6), `is built for .NET 6, and its runtime is \`dotnet${major}\`, where Lambda has .NET ${major} alone: use \`dotnet6\`, or build for \`net${major}.0\``],
  ])('%s', (_, files, sentence) => {
    const given = Object.fromEntries(Object.entries(files).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])));

    expect(missing('App::App.Handlers::Static', given)).toContain(`function \`Stack/Chat\` ${sentence}`);
  });

  test('nothing, if its files are there under another name, and are the only ones', () => {
    expect(missing('App::App.Handlers::Static', companions('Main', major))).toBeUndefined();
    expect(missing('App::App.Handlers::Static', { ...companions('Main', major), ...companions('Other', major) })).toMatch(/has no `App\.deps\.json`/);
  });

  test('an executable assembly, or what it needs', () => {
    expect(missing('App', {})).toBe('function `Stack/Chat` has the handler `App`, and no `App.dll` in its code: write `Assembly::Namespace.Type::Method`, or the name of an executable assembly');
    expect(missing('App', { 'App.dll': '' })).toMatch(/has no `App\.runtimeconfig\.json` in its code/);
    expect(missing('App', { 'App.dll': '', ...companions('App', major) })).toBeUndefined();
    expect(missing('bin', { bin: '' })).toBeUndefined();
  });

  test('.NET itself, its version, and its SDK', () => {
    const only = (script: string) => withPath(functionFolder(), script, () => missing('App::App.Handlers::Static', companions('App', 12), 'dotnet12'));

    expect(only('exit 1')).toBe('function `Stack/Chat` needs .NET, and there is no `dotnet` here: install the SDK of .NET 12 or newer');
    expect(only('echo "Microsoft.NETCore.App 11.0.3 [/x]"')).toMatch(/needs the SDK of \.NET, and there is only a runtime here/);
    expect(missing('App::App.Handlers::Static', companions('App', 99), 'dotnet99'))
      .toBe(`function \`Stack/Chat\` needs .NET 99, and the newest here is ${here!.runtimes.at(-1)!.version}: install .NET 99`);
  });

  test('a library for another platform', () => {
    const files = functionFolder({ ...companions('App', major), 'App.dll': '' });
    const head = Buffer.alloc(20);
    head.writeUInt32BE(0x7f454c46);
    head.writeUInt16LE(process.arch === 'arm64' ? 0x3e : 0xb7, 18);
    writeFileSync(join(files, 'libother.so'), head);

    expect(missingForFunction(functionModel({ runtime: `dotnet${major}`, handler: 'App::App.Handlers::Static' }), files, files))
      .toMatch(/^function `Stack\/Chat` has `libother\.so`, which is compiled for linux (x64|arm64), and this is .*: it does not load here\./);
    cpSync(join(files, 'libother.so'), join(files, 'runtimes', 'linux-other', 'native', 'libother.so'));
    rmSync(join(files, 'libother.so'));
    expect(missingForFunction(functionModel({ runtime: `dotnet${major}`, handler: 'App::App.Handlers::Static' }), files, files)).toBeUndefined();
  });

  test('an assembly for another processor', () => {
    const assembly = Buffer.alloc(80);
    assembly.write('MZ');
    assembly.writeUInt32LE(64, 0x3c);
    const problemOf = (machine: number) => {
      const files = functionFolder(companions('App', major));
      assembly.writeUInt16LE(machine, 68);
      writeFileSync(join(files, 'App.dll'), assembly);
      return missingForFunction(functionModel({ runtime: `dotnet${major}`, handler: 'App::App.Handlers::Static' }), files, files);
    };

    expect(problemOf(process.arch === 'arm64' ? 0x8664 : 0xaa64)).toMatch(/^function `Stack\/Chat` has `App\.dll`, which is compiled for (x64|arm64), and this is .*: it does not load here\./);
    // For every processor.
    expect(problemOf(0x14c)).toBeUndefined();
  });

  test('both versions, where an older one runs on a newer one', () => {
    expect(runtimeNote(functionModel({ runtime: 'dotnet7' }))).toBe(`.NET ${here!.runtimes.find((runtime) => runtime.major >= 7)!.major} (7 in Lambda)`);
    expect(runtimeNote(functionModel({ runtime: `dotnet${major}` }))).toBeUndefined();
  });
});

/** With a `dotnet` on the PATH that is a shell script, and nothing else. */
function withPath<T>(bin: string, script: string, work: () => T): T {
  writeFileSync(join(bin, 'dotnet'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const { PATH } = process.env;
  process.env.PATH = bin;
  try {
    return work();
  } finally {
    process.env.PATH = PATH;
  }
}
