using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Text;
using System.Threading.Tasks;

namespace CdkWebSocketApi.LocalGateway
{
    /// <summary>Runs a .NET handler as Lambda does: a client of the Lambda Runtime API. Amazon.Lambda.Core comes with the function, and is met by reflection.</summary>
    internal static class RuntimeClient
    {
        private static int Main()
        {
            var connection = new Connection(Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API"));
            Handler handler;
            try
            {
                handler = new Handler(Environment.GetEnvironmentVariable("_HANDLER"));
            }
            catch (Exception error)
            {
                connection.Send("POST", "init/error", Errors.Describe(error is TargetInvocationException ? error.InnerException : error));
                connection.Receive();
                return 1;
            }
            connection.Send("GET", "invocation/next", null);
            while (true)
            {
                var (headers, body) = connection.Receive();
                var invocation = "invocation/" + headers["lambda-runtime-aws-request-id"] + "/";
                Environment.SetEnvironmentVariable("_X_AMZN_TRACE_ID", headers.GetValueOrDefault("lambda-runtime-trace-id", ""));
                try
                {
                    connection.Send("POST", invocation + "response", handler.Handle(body, headers));
                }
                catch (Exception error)
                {
                    connection.Send("POST", invocation + "error", Errors.Describe(error));
                }
                Console.Out.Flush();
                connection.Send("GET", "invocation/next", null);
                connection.Receive();
            }
        }
    }

    internal sealed class Connection
    {
        private readonly string address;
        private readonly Stream stream;
        private readonly Stream input;

        public Connection(string address)
        {
            this.address = address;
            var parts = address.Split(':');
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(IPAddress.Parse(parts[0]), int.Parse(parts[1], CultureInfo.InvariantCulture));
            stream = new NetworkStream(socket, ownsSocket: true);
            input = new BufferedStream(stream, 65536);
        }

        public void Send(string method, string path, byte[] body)
        {
            var length = body == null ? "" : "Content-Type: application/json\r\nContent-Length: " + body.Length.ToString(CultureInfo.InvariantCulture) + "\r\n";
            var request = new MemoryStream();
            request.Write(Encoding.UTF8.GetBytes(method + " /2018-06-01/runtime/" + path + " HTTP/1.1\r\nHost: " + address + "\r\n" + length + "\r\n"));
            if (body != null) { request.Write(body); }
            stream.Write(request.GetBuffer(), 0, (int)request.Length);
        }

        public (Dictionary<string, string> Headers, byte[] Body) Receive()
        {
            var headers = new Dictionary<string, string>();
            Line();
            for (var line = Line(); line.Length > 0; line = Line())
            {
                var colon = line.IndexOf(':');
                headers[line.Substring(0, colon).ToLowerInvariant()] = line.Substring(colon + 1).Trim();
            }
            var body = new byte[int.Parse(headers.GetValueOrDefault("content-length", "0"), CultureInfo.InvariantCulture)];
            for (var read = 0; read < body.Length;)
            {
                var count = input.Read(body, read, body.Length - read);
                if (count == 0) { End(); }
                read += count;
            }
            return (headers, body);
        }

        private string Line()
        {
            var line = new StringBuilder();
            for (var next = input.ReadByte(); next != '\n'; next = input.ReadByte())
            {
                if (next == -1) { End(); }
                if (next != '\r') { line.Append((char)next); }
            }
            return line.ToString();
        }

        /// <summary>The gateway has ended.</summary>
        private static void End()
        {
            Environment.Exit(1);
        }
    }

    /// <summary>The method that <c>Assembly::Namespace.Type::Method</c> names. What it may look like, and what is said if it does not, is as in Lambda.</summary>
    internal sealed class Handler
    {
        public const string Core = "Amazon.Lambda.Core.";
        private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

        private readonly MethodInfo method;
        private readonly ParameterInfo[] parameters;
        private readonly object target;
        private readonly Func<Stream, object> deserialize;
        private readonly Action<object, Stream> serialize;
        private readonly Type resultType;

        public Handler(string name)
        {
            var parts = name.Split("::", 3);
            if (parts.Length < 3 || parts.Any((part) => part.Trim().Length == 0))
            {
                throw new LambdaValidationException($"Invalid lambda function handler: '{name}'. The valid format is 'ASSEMBLY::TYPE::METHOD'.");
            }
            var assembly = Load(parts[0]);
            var type = assembly.GetType(parts[1])
                ?? throw new LambdaValidationException($"Unable to load type '{parts[1]}' from assembly '{parts[0]}'.");
            method = Find(type, parts[2])
                ?? throw new LambdaValidationException($"Unable to find method '{parts[2]}' in type '{parts[1]}' from assembly '{parts[0]}': Found no methods matching method name '{parts[2]}'.");
            parameters = method.GetParameters();
            Validate(type);

            var serializer = Serializer(assembly);
            resultType = ResultType(method.ReturnType);
            if (resultType != typeof(void) && !typeof(Stream).IsAssignableFrom(resultType))
            {
                var generic = (serializer ?? throw WithoutSerializer("serialize output data", resultType)).GetType().GetInterface(Core + "ILambdaSerializer").GetMethod("Serialize").MakeGenericMethod(resultType);
                serialize = (value, stream) => Call(generic, serializer, value, stream);
            }
            var input = parameters.Length == 0 ? null : parameters[0].ParameterType;
            if (input != null && input != typeof(Stream) && !IsContext(input))
            {
                var generic = (serializer ?? throw WithoutSerializer("deserialize input data", input)).GetType().GetInterface(Core + "ILambdaSerializer").GetMethod("Deserialize").MakeGenericMethod(input);
                deserialize = (stream) => Call(generic, serializer, stream);
            }
            if (method.IsStatic)
            {
                RuntimeHelpers.RunClassConstructor(type.TypeHandle);
            }
            else
            {
                target = Activator.CreateInstance(type);
            }
        }

        public byte[] Handle(byte[] body, Dictionary<string, string> headers)
        {
            using var output = new MemoryStream();
            var input = new MemoryStream(body);
            var values = parameters.Select((one) => IsContext(one.ParameterType) ? Context.Of(one.ParameterType, headers) : deserialize == null ? input : deserialize(input)).ToArray();
            var result = Call(method, target, values);
            if (result is Task task)
            {
                task.GetAwaiter().GetResult();
                result = resultType == typeof(void) ? null : task.GetType().GetProperty("Result").GetValue(task);
            }
            if (serialize != null)
            {
                serialize(result, output);
            }
            else if (result is Stream stream)
            {
                using (stream) { stream.CopyTo(output); }
            }
            return output.ToArray();
        }

        private static object Call(MethodInfo method, object target, params object[] values)
        {
            return method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, values, null);
        }

        private static Assembly Load(string name)
        {
            try
            {
                return AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName(name));
            }
            catch (FileNotFoundException error)
            {
                throw new LambdaValidationException($"Could not find the specified handler assembly with the file name '{error.FileName}'. The assembly should be located in the root of your uploaded .zip file.");
            }
            catch (Exception)
            {
                throw new LambdaValidationException($"Unable to load assembly '{name}'.");
            }
        }

        /// <summary>By its name, or by its whole signature, which overloads need.</summary>
        private static MethodInfo Find(Type type, string name)
        {
            for (var declaring = type; declaring != null; declaring = declaring.BaseType)
            {
                var found = declaring.GetMethods(Declared).Where((one) => one.Name == name || one.ToString() == name).ToList();
                if (found.Count > 1)
                {
                    var candidates = string.Join("\n", found);
                    throw new LambdaValidationException($"The method '{name}' in type '{declaring.FullName}' appears to have a number of overloads. To call this method please specify a complete method signature. Possible candidates are:\n{candidates}.");
                }
                if (found.Count == 1) { return found[0]; }
            }
            return null;
        }

        private void Validate(Type type)
        {
            if (type.IsGenericType) { throw Unfit($"type '{type.FullName}'", "because it is generic. Please specify a handler method in a non-generic type"); }
            if (!method.IsStatic && type.IsAbstract) { throw Unfit($"instance method '{method}'", $"because its type '{type.FullName}' is abstract. Please either use a static handler or specify a type that is not abstract"); }
            if (method.IsGenericMethod) { throw Unfit($"method '{method}'", "because it is a generic method. Please specify a non-generic handler method"); }
            if (method.ReturnType == typeof(void) && method.GetCustomAttribute<AsyncStateMachineAttribute>() != null)
            {
                throw Unfit($"method '{method}'", "because it is an 'async void' method. Please specify a method that is not 'async void'");
            }
            var name = $"Method '{method.Name}' of type '{type.FullName}' is not supported: the method has ";
            if (parameters.Length > 2) { throw new LambdaValidationException(name + "more than 2 parameters."); }
            if (parameters.Length == 2 && !IsContext(parameters[1].ParameterType))
            {
                throw new LambdaValidationException(name + $"2 parameters, but the second parameter is not of type '{Core}ILambdaContext'.");
            }
        }

        private static Exception Unfit(string what, string why)
        {
            return new LambdaValidationException($"The {what} cannot be used as a Lambda Handler {why}.");
        }

        private Exception WithoutSerializer(string doing, Type type)
        {
            return new LambdaValidationException($"Could not find the LambdaSerializerAttribute on the assembly '{method.DeclaringType.Assembly.FullName}' or method '{method.Name}' while attempting to {doing} of type '{type.FullName}'. "
                + $"To use types other than System.IO.Stream as input/output parameters, the assembly or Lambda function should be annotated with {Core}LambdaSerializerAttribute.");
        }

        /// <summary>What the attribute of the method names, or else that of the assembly.</summary>
        private object Serializer(Assembly assembly)
        {
            var attribute = method.GetCustomAttributes().Concat(assembly.GetCustomAttributes()).FirstOrDefault((one) => IsSerializerAttribute(one.GetType()));
            if (attribute == null) { return null; }
            var type = (Type)attribute.GetType().GetProperty("SerializerType").GetValue(attribute)
                ?? throw new LambdaValidationException($"The 'SerializerType' property on attribute class '{attribute.GetType().FullName}' is not set.");
            if (type.GetConstructor(Type.EmptyTypes) == null)
            {
                throw new LambdaValidationException($"The indicated serializer '{type.FullName}' does not define a public zero-parameter constructor.");
            }
            if (type.GetInterface(Core + "ILambdaSerializer") == null)
            {
                throw new LambdaValidationException($"The '{type.FullName}' class is invalid: it does not implement the 'ILambdaSerializer' interface.");
            }
            return Activator.CreateInstance(type);
        }

        private static bool IsSerializerAttribute(Type type)
        {
            return type != null && (type.FullName == Core + "LambdaSerializerAttribute" || IsSerializerAttribute(type.BaseType));
        }

        private static bool IsContext(Type type)
        {
            return type.FullName == Core + "ILambdaContext";
        }

        /// <summary>What a method answers in the end: nothing, if it answers a plain task.</summary>
        private static Type ResultType(Type type)
        {
            if (type == typeof(Task)) { return typeof(void); }
            return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>) ? type.GetGenericArguments()[0] : type;
        }
    }

    /// <summary>An <c>ILambdaContext</c> of the function's own Amazon.Lambda.Core.</summary>
    public class Context : DispatchProxy
    {
        private Dictionary<string, string> headers;
        private object logger;

        internal static object Of(Type type, Dictionary<string, string> headers)
        {
            var context = Create(type, typeof(Context));
            ((Context)context).headers = headers;
            ((Context)context).logger = Create(type.GetProperty("Logger").PropertyType, typeof(Logger));
            return context;
        }

        protected override object Invoke(MethodInfo method, object[] values)
        {
            switch (method.Name)
            {
                case "get_AwsRequestId": return headers["lambda-runtime-aws-request-id"];
                case "get_InvokedFunctionArn": return headers["lambda-runtime-invoked-function-arn"];
                case "get_TraceId": return headers.GetValueOrDefault("lambda-runtime-trace-id");
                case "get_FunctionName": return Environment.GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_NAME");
                case "get_FunctionVersion": return Environment.GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_VERSION");
                case "get_LogGroupName": return Environment.GetEnvironmentVariable("AWS_LAMBDA_LOG_GROUP_NAME");
                case "get_LogStreamName": return Environment.GetEnvironmentVariable("AWS_LAMBDA_LOG_STREAM_NAME");
                case "get_MemoryLimitInMB": return int.Parse(Environment.GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), CultureInfo.InvariantCulture);
                case "get_RemainingTime": return Remaining();
                case "get_Logger": return logger;
                default: return method.ReturnType.IsValueType && method.ReturnType != typeof(void) ? Activator.CreateInstance(method.ReturnType) : null;
            }
        }

        private TimeSpan Remaining()
        {
            var left = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(headers["lambda-runtime-deadline-ms"], CultureInfo.InvariantCulture)) - DateTimeOffset.UtcNow;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>An <c>ILambdaLogger</c>, with every method that its version of the interface has: they are told apart by what they are given.</summary>
    public class Logger : DispatchProxy
    {
        private static readonly List<string> Levels = new List<string> { "trace", "debug", "information", "warning", "error", "critical" };

        protected override object Invoke(MethodInfo method, object[] values)
        {
            var texts = values.OfType<string>().ToList();
            var hasLevel = method.Name == "Log" && method.GetParameters().Length > 1;
            var level = hasLevel ? values[0].ToString() : method.Name.Substring(3);
            if (IsShown(level.ToLowerInvariant()))
            {
                var message = texts.ElementAtOrDefault(hasLevel && values[0] is string ? 1 : 0) ?? "";
                Console.WriteLine(Filled(message, values.OfType<object[]>().FirstOrDefault() ?? Array.Empty<object>()));
                foreach (var error in values.OfType<Exception>()) { Console.WriteLine(error); }
            }
            return null;
        }

        private static bool IsShown(string level)
        {
            var least = Environment.GetEnvironmentVariable("AWS_LAMBDA_HANDLER_LOG_LEVEL") ?? "information";
            var place = Levels.IndexOf(level);
            return place == -1 || place >= Levels.IndexOf(least.ToLowerInvariant());
        }

        /// <summary>Puts values in the places of a message, <c>{0}</c> or <c>{name}</c>, in their order.</summary>
        private static string Filled(string message, object[] values)
        {
            var text = new StringBuilder();
            var next = 0;
            var from = 0;
            for (var open = message.IndexOf('{'); open != -1 && next < values.Length; open = message.IndexOf('{', from))
            {
                var close = message.IndexOf('}', open);
                if (close == -1) { break; }
                text.Append(message, from, open - from).Append(values[next++]);
                from = close + 1;
            }
            return text.Append(message, from, message.Length - from).ToString();
        }
    }

    internal sealed class LambdaValidationException : Exception
    {
        public LambdaValidationException(string message) : base(message) { }
    }

    internal static class Errors
    {
        /// <summary>Prints an error, and makes what Lambda is told of it.</summary>
        public static byte[] Describe(Exception error)
        {
            Console.Error.WriteLine(error is LambdaValidationException ? error.Message : error.ToString());
            var json = new StringBuilder();
            Write(error, json);
            return Encoding.UTF8.GetBytes(json.ToString());
        }

        private static void Write(Exception error, StringBuilder json)
        {
            json.Append("{\"errorType\":");
            Quote(error.GetType().Name, json);
            json.Append(",\"errorMessage\":");
            Quote(error.Message, json);
            WriteAll("stackTrace", OwnFrames(error), (frame) => Quote(frame, json), json);
            if (error.InnerException != null)
            {
                json.Append(",\"cause\":");
                Write(error.InnerException, json);
            }
            if (error is AggregateException several)
            {
                WriteAll("causes", several.InnerExceptions, (one) => Write(one, json), json);
            }
            json.Append('}');
        }

        private static void WriteAll<T>(string name, IReadOnlyCollection<T> items, Action<T> write, StringBuilder json)
        {
            if (items.Count == 0) { return; }
            json.Append(",\"" + name + "\":");
            var separator = '[';
            foreach (var item in items)
            {
                json.Append(separator);
                write(item);
                separator = ',';
            }
            json.Append(']');
        }

        /// <summary>Without those of this client, and of how it calls the handler.</summary>
        private static List<string> OwnFrames(Exception error)
        {
            var frames = (error.StackTrace ?? "").Split('\n').Select((line) => line.Trim()).Where((line) => line.Length > 0)
                .TakeWhile((line) => !line.Contains(" CdkWebSocketApi.LocalGateway.")).ToList();
            while (frames.Count > 0 && (frames[^1].StartsWith("--- ") || frames[^1].Contains(" System.Reflection.") || frames[^1].Contains(" System.RuntimeMethodHandle.") || frames[^1].Contains(" InvokeStub_")))
            {
                frames.RemoveAt(frames.Count - 1);
            }
            return frames;
        }

        private static void Quote(string text, StringBuilder json)
        {
            json.Append('"');
            foreach (var next in text)
            {
                if (next == '"' || next == '\\')
                {
                    json.Append('\\').Append(next);
                }
                else if (next < ' ')
                {
                    json.Append("\\u").Append(((int)next).ToString("x4", CultureInfo.InvariantCulture));
                }
                else
                {
                    json.Append(next);
                }
            }
            json.Append('"');
        }
    }
}
