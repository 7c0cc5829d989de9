import java.beans.Introspector;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Runs a Java handler as Lambda does: a client of the Lambda Runtime API. The interfaces of Lambda come with the function, and are met by reflection. */
public final class Java {
    private static final String LAMBDA = "com.amazonaws.services.lambda.runtime.";
    /** For a store of certificates, which holds no secret. */
    private static final String PASSWORD = "changeit";
    private static final String API = "/2018-06-01/runtime/";

    private Java() {}

    /** Trusts the certificates of a PEM file beside those that Java trusts: Java reads no such file by itself. The store lies beside this class. */
    private static void trust(String pemFile) throws Exception {
        if (pemFile == null) {
            return;
        }
        Path folder = Path.of(Java.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path store = folder.resolve("trust.p12");
        if (!Files.exists(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            TrustManagerFactory defaults = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            defaults.init((KeyStore) null);
            List<Certificate> certificates = new ArrayList<>(Arrays.asList(((X509TrustManager) defaults.getTrustManagers()[0]).getAcceptedIssuers()));
            try (InputStream pem = Files.newInputStream(Path.of(pemFile))) {
                certificates.addAll(CertificateFactory.getInstance("X.509").generateCertificates(pem));
            }
            for (Certificate certificate : certificates) {
                keys.setCertificateEntry("trusted-" + keys.size(), certificate);
            }
            Path written = Files.createTempFile(folder, "trust", ".p12");
            try (OutputStream out = Files.newOutputStream(written)) {
                keys.store(out, PASSWORD.toCharArray());
            }
            Files.move(written, store, StandardCopyOption.ATOMIC_MOVE);
        }
        System.setProperty("javax.net.ssl.trustStore", store.toString());
        System.setProperty("javax.net.ssl.trustStoreType", "PKCS12");
        System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
    }

    public static void main(String[] args) throws Exception {
        Connection connection = new Connection(System.getenv("AWS_LAMBDA_RUNTIME_API"));
        Handler handler = null;
        try {
            trust(System.getenv("NODE_EXTRA_CA_CERTS"));
            if (args.length > 0) { leadToGateway(Integer.parseInt(args[0]), List.of(args).subList(1, args.length)); }
            handler = load(System.getenv("_HANDLER"));
        } catch (Throwable error) {
            connection.send("POST", "init/error", describe(error));
            connection.receive();
            System.exit(1);
        }
        connection.send("GET", "invocation/next", null);
        while (true) {
            Event event = connection.receive();
            String invocation = "invocation/" + event.headers.get("lambda-runtime-aws-request-id") + "/";
            System.setProperty("com.amazonaws.xray.traceHeader", event.headers.getOrDefault("lambda-runtime-trace-id", ""));
            try {
                connection.send("POST", invocation + "response", handler.handle(event.body, context(event.headers)));
            } catch (Throwable error) {
                connection.send("POST", invocation + "error", describe(error));
            }
            System.out.flush();
            connection.send("GET", "invocation/next", null);
            connection.receive();
        }
    }

    /** Leads what is sent to the hosts of the assembly, and to AWS, by the gateway: it answers the first itself, and refuses the others. */
    private static void leadToGateway(int port, List<String> hosts) {
        java.net.Proxy gateway = new java.net.Proxy(java.net.Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", port));
        ProxySelector others = new Direct();
        ProxySelector.setDefault(new ProxySelector() {
            @Override
            public List<java.net.Proxy> select(URI uri) {
                String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
                boolean isLed = hosts.stream().anyMatch((name) -> name.startsWith("*.") ? host.endsWith(name.substring(1)) : host.equals(name));
                return isLed || host.matches(".+\\.amazonaws\\.com(\\.cn)?|.+\\.api\\.aws") ? List.of(gateway) : others.select(uri);
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException error) {}
        });
    }

    private static final class Direct extends ProxySelector {
        @Override
        public List<java.net.Proxy> select(URI uri) {
            return List.of(java.net.Proxy.NO_PROXY);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException error) {}
    }

    private interface Handler {
        byte[] handle(byte[] event, Object context) throws Throwable;
    }

    private static final class Event {
        final Map<String, String> headers = new HashMap<>();
        byte[] body;
    }

    private static final class Connection {
        private final String address;
        private final DataInputStream input;
        private final OutputStream output;

        Connection(String address) throws IOException {
            this.address = address;
            String[] parts = address.split(":");
            Socket socket = new Socket(parts[0], Integer.parseInt(parts[1]));
            socket.setTcpNoDelay(true);
            input = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
            output = socket.getOutputStream();
        }

        void send(String method, String path, byte[] body) throws IOException {
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            String length = body == null ? "" : "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n";
            request.writeBytes((method + " " + API + path + " HTTP/1.1\r\nHost: " + address + "\r\n" + length + "\r\n").getBytes(StandardCharsets.UTF_8));
            if (body != null) { request.writeBytes(body); }
            request.writeTo(output);
        }

        Event receive() throws IOException {
            Event event = new Event();
            line();
            for (String line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                event.headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
            }
            event.body = new byte[Integer.parseInt(event.headers.getOrDefault("content-length", "0"))];
            input.readFully(event.body);
            return event;
        }

        private String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = input.read(); next != '\n'; next = input.read()) {
                if (next == -1) {
                    // The gateway has ended.
                    Runtime.getRuntime().halt(1);
                }
                if (next != '\r') { line.write(next); }
            }
            return line.toString(StandardCharsets.UTF_8);
        }
    }

    // The handler

    private static Handler load(String name) throws Throwable {
        String[] parts = name.split("::");
        Class<?> type;
        try {
            type = Class.forName(parts[0]);
        } catch (ClassNotFoundException error) {
            throw new ClassNotFoundException("Class not found: " + parts[0]);
        }
        Method method = parts.length > 1 ? methodOf(type, parts[1]) : methodOf(type, "handleRequest");
        if (method == null) {
            throw new NoSuchMethodException("No public method named " + (parts.length > 1 ? parts[1] : "handleRequest") + " with appropriate method signature found on class " + parts[0]);
        }
        Object target = Modifier.isStatic(method.getModifiers()) ? null : newInstance(type);
        method.setAccessible(true);
        Class<?>[] parameters = method.getParameterTypes();
        Type[] types = method.getGenericParameterTypes();
        return (event, context) -> {
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            boolean streams = false;
            Object[] values = new Object[parameters.length];
            for (int index = 0; index < parameters.length; index++) {
                if (parameters[index] == InputStream.class) {
                    values[index] = new ByteArrayInputStream(event);
                } else if (parameters[index] == OutputStream.class) {
                    values[index] = output;
                    streams = true;
                } else if (parameters[index].getName().equals(LAMBDA + "Context")) {
                    values[index] = context;
                } else {
                    values[index] = Json.convert(Json.parse(new String(event, StandardCharsets.UTF_8)), resolve(types[index], type));
                }
            }
            Object result;
            try {
                result = method.invoke(target, values);
            } catch (InvocationTargetException error) {
                throw error.getCause();
            }
            return streams ? output.toByteArray() : Json.write(result).getBytes(StandardCharsets.UTF_8);
        };
    }

    private static Object newInstance(Class<?> type) throws Throwable {
        try {
            var constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (InvocationTargetException error) {
            throw error.getCause();
        }
    }

    /** The one with the most parameters, and not what a compiler made for a generic interface. */
    private static Method methodOf(Class<?> type, String name) {
        return Arrays.stream(type.getMethods())
            .filter((method) -> method.getName().equals(name) && !method.isBridge())
            .max(Comparator.comparingInt(Method::getParameterCount))
            .orElse(null);
    }

    /** A handler may leave its types to a generic class that it extends. */
    private static Type resolve(Type type, Class<?> from) {
        if (!(type instanceof TypeVariable<?> variable)) { return type; }
        for (Class<?> at = from; at != null && at != Object.class; at = at.getSuperclass()) {
            if (at.getGenericSuperclass() instanceof ParameterizedType parent && parent.getRawType() == variable.getGenericDeclaration()) {
                int index = Arrays.asList(((Class<?>) parent.getRawType()).getTypeParameters()).indexOf(variable);
                return resolve(parent.getActualTypeArguments()[index], from);
            }
        }
        return Object.class;
    }

    private static Object context(Map<String, String> headers) throws ClassNotFoundException {
        Class<?> type;
        Class<?> logger;
        try {
            type = Class.forName(LAMBDA + "Context");
            logger = Class.forName(LAMBDA + "LambdaLogger");
        } catch (ClassNotFoundException error) {
            return null;
        }
        long deadline = Long.parseLong(headers.get("lambda-runtime-deadline-ms"));
        Object log = proxy(logger, (method, values) -> {
            String text = values[0] instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(values[0]);
            System.out.print(text.endsWith("\n") ? text : text + "\n");
            return null;
        });
        return proxy(type, (method, values) -> switch (method) {
            case "getAwsRequestId" -> headers.get("lambda-runtime-aws-request-id");
            case "getInvokedFunctionArn" -> headers.get("lambda-runtime-invoked-function-arn");
            case "getFunctionName" -> System.getenv("AWS_LAMBDA_FUNCTION_NAME");
            case "getFunctionVersion" -> System.getenv("AWS_LAMBDA_FUNCTION_VERSION");
            case "getLogGroupName" -> System.getenv("AWS_LAMBDA_LOG_GROUP_NAME");
            case "getLogStreamName" -> System.getenv("AWS_LAMBDA_LOG_STREAM_NAME");
            case "getMemoryLimitInMB" -> Integer.parseInt(System.getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"));
            case "getRemainingTimeInMillis" -> (int) Math.max(0, deadline - System.currentTimeMillis());
            case "getLogger" -> log;
            default -> null;
        });
    }

    private interface Methods {
        Object call(String method, Object[] values);
    }

    private static Object proxy(Class<?> type, Methods methods) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, values) -> switch (method.getName()) {
            case "equals" -> self == values[0];
            case "hashCode" -> System.identityHashCode(self);
            case "toString" -> type.getSimpleName();
            default -> methods.call(method.getName(), values);
        });
    }

    private static byte[] describe(Throwable error) {
        error.printStackTrace();
        return Json.write(description(error)).getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Object> description(Throwable error) {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("errorMessage", error.getMessage());
        description.put("errorType", error.getClass().getName());
        description.put("stackTrace", Arrays.stream(error.getStackTrace())
            .takeWhile((frame) -> !frame.getClassName().startsWith("Java$") && !frame.getClassName().startsWith("jdk.internal.reflect"))
            .map(String::valueOf).toList());
        if (error.getCause() != null) { description.put("cause", description(error.getCause())); }
        return description;
    }

    /** JSON and beans: what an event is made into, and an answer is made of. */
    private static final class Json {
        private final String text;
        private int at;

        private Json(String text) { this.text = text; }

        static Object parse(String text) {
            Json json = new Json(text);
            Object value = json.value();
            if (json.peek() != 0) { throw json.wrong(); }
            return value;
        }

        private RuntimeException wrong() {
            return new IllegalArgumentException("the event is not JSON, at character " + at);
        }

        /** The next character that is not white space; 0 at the end. */
        private char peek() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) != -1) { at++; }
            return at < text.length() ? text.charAt(at) : 0;
        }

        private boolean skip(char expected) {
            if (peek() != expected) { return false; }
            at++;
            return true;
        }

        private void expect(char expected) {
            if (!skip(expected)) { throw wrong(); }
        }

        private Object value() {
            switch (peek()) {
                case '{': return object();
                case '[': return array();
                case '"': return string();
                default:
            }
            int start = at;
            while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) == -1) { at++; }
            String word = text.substring(start, at);
            switch (word) {
                case "true": return true;
                case "false": return false;
                case "null": return null;
                default:
            }
            try {
                if (!word.matches("-?\\d+")) { return Double.valueOf(word); }
                long number = Long.parseLong(word);
                return number == (int) number ? (Object) (int) number : (Object) number;
            } catch (NumberFormatException error) {
                throw wrong();
            }
        }

        private Map<String, Object> object() {
            Map<String, Object> object = new LinkedHashMap<>();
            expect('{');
            if (skip('}')) { return object; }
            do {
                peek();
                String key = string();
                expect(':');
                object.put(key, value());
            } while (skip(','));
            expect('}');
            return object;
        }

        private List<Object> array() {
            List<Object> array = new ArrayList<>();
            expect('[');
            if (skip(']')) { return array; }
            do { array.add(value()); } while (skip(','));
            expect(']');
            return array;
        }

        private String string() {
            expect('"');
            StringBuilder string = new StringBuilder();
            while (true) {
                if (at >= text.length()) { throw wrong(); }
                char next = text.charAt(at++);
                if (next == '"') { return string.toString(); }
                if (next != '\\') {
                    string.append(next);
                    continue;
                }
                char escaped = text.charAt(at++);
                switch (escaped) {
                    case 'b': string.append('\b'); break;
                    case 'f': string.append('\f'); break;
                    case 'n': string.append('\n'); break;
                    case 'r': string.append('\r'); break;
                    case 't': string.append('\t'); break;
                    case 'u':
                        string.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                        at += 4;
                        break;
                    default: string.append(escaped);
                }
            }
        }

        /** Makes what was read into a value of a type. */
        static Object convert(Object value, Type type) throws Exception {
            Class<?> raw = type instanceof ParameterizedType generic ? (Class<?>) generic.getRawType() : type instanceof Class<?> plain ? plain : Object.class;
            Type[] arguments = type instanceof ParameterizedType generic ? generic.getActualTypeArguments() : new Type[] {Object.class, Object.class};
            if (value == null || raw == Object.class) { return value; }
            if (value instanceof Map<?, ?> map) { return Map.class.isAssignableFrom(raw) ? convertMap(map, raw, arguments) : bean(map, raw); }
            if (value instanceof List<?> list) {
                List<Object> items = new ArrayList<>();
                Type item = raw.isArray() ? raw.getComponentType() : arguments[0];
                for (Object one : list) { items.add(convert(one, item)); }
                if (raw.isArray()) {
                    Object array = Array.newInstance(raw.getComponentType(), items.size());
                    for (int index = 0; index < items.size(); index++) { Array.set(array, index, items.get(index)); }
                    return array;
                }
                if (raw.isAssignableFrom(ArrayList.class)) { return items; }
                if (Set.class.isAssignableFrom(raw)) { return new LinkedHashSet<>(items); }
            }
            if (raw == String.class || raw == CharSequence.class) { return String.valueOf(value); }
            if (value instanceof Boolean && (raw == boolean.class || raw == Boolean.class)) { return value; }
            if (value instanceof String string && raw.isEnum()) {
                return Arrays.stream(raw.getEnumConstants()).filter((one) -> ((Enum<?>) one).name().equals(string)).findFirst().orElse(null);
            }
            if (value instanceof Number number) {
                if (raw == int.class || raw == Integer.class) { return number.intValue(); }
                if (raw == long.class || raw == Long.class) { return number.longValue(); }
                if (raw == double.class || raw == Double.class) { return number.doubleValue(); }
                if (raw == float.class || raw == Float.class) { return number.floatValue(); }
                if (raw.isInstance(number)) { return number; }
            }
            throw cannot(value, raw);
        }

        private static RuntimeException cannot(Object value, Class<?> type) {
            String what = value instanceof Map ? "an object" : value instanceof List ? "an array" : String.valueOf(value);
            return new IllegalArgumentException("Cannot deserialize value of type `" + type.getName() + "` from " + what);
        }

        private static Object convertMap(Map<?, ?> map, Class<?> raw, Type[] arguments) throws Exception {
            Map<Object, Object> result = raw.isAssignableFrom(TreeMap.class) && !raw.isAssignableFrom(LinkedHashMap.class) ? new TreeMap<>() : new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) { result.put(entry.getKey(), convert(entry.getValue(), arguments[1])); }
            return result;
        }

        private static Object bean(Map<?, ?> map, Class<?> type) throws Exception {
            if (type == String.class || type.isPrimitive() || type.isArray() || Number.class.isAssignableFrom(type)) { throw cannot(map, type); }
            var constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            Object bean = constructor.newInstance();
            for (Method method : type.getMethods()) {
                if (!method.getName().matches("set.+") || method.getParameterCount() != 1) { continue; }
                String name = Introspector.decapitalize(method.getName().substring(3));
                if (map.get(name) == null) { continue; }
                method.setAccessible(true);
                method.invoke(bean, convert(map.get(name), method.getGenericParameterTypes()[0]));
            }
            for (var field : type.getFields()) {
                if (map.get(field.getName()) == null || Modifier.isFinal(field.getModifiers())) { continue; }
                field.setAccessible(true);
                field.set(bean, convert(map.get(field.getName()), field.getGenericType()));
            }
            return bean;
        }

        static String write(Object value) {
            StringBuilder text = new StringBuilder();
            write(value, text);
            return text.toString();
        }

        private static void write(Object value, StringBuilder text) {
            if (value == null || value instanceof Number || value instanceof Boolean) {
                text.append(value);
            } else if (value instanceof CharSequence || value instanceof Character || value instanceof Enum) {
                quote(value instanceof Enum<?> one ? one.name() : value.toString(), text);
            } else if (value instanceof Collection<?> items) {
                writeAll(items, text);
            } else if (value.getClass().isArray()) {
                List<Object> items = new ArrayList<>();
                for (int index = 0; index < Array.getLength(value); index++) { items.add(Array.get(value, index)); }
                writeAll(items, text);
            } else {
                Map<?, ?> members = value instanceof Map<?, ?> map ? map : members(value);
                String separator = "{";
                for (Map.Entry<?, ?> entry : members.entrySet()) {
                    text.append(separator);
                    quote(String.valueOf(entry.getKey()), text);
                    text.append(':');
                    write(entry.getValue(), text);
                    separator = ",";
                }
                text.append(members.isEmpty() ? "{}" : "}");
            }
        }

        private static void writeAll(Collection<?> items, StringBuilder text) {
            text.append('[');
            String separator = "";
            for (Object item : items) {
                text.append(separator);
                write(item, text);
                separator = ",";
            }
            text.append(']');
        }

        private static void quote(String string, StringBuilder text) {
            text.append('"');
            for (char next : string.toCharArray()) {
                if (next == '"' || next == '\\') {
                    text.append('\\').append(next);
                } else if (next < ' ') {
                    text.append(String.format("\\u%04x", (int) next));
                } else {
                    text.append(next);
                }
            }
            text.append('"');
        }

        private static Map<String, Object> members(Object bean) {
            Map<String, Object> members = new TreeMap<>();
            try {
                for (Method method : bean.getClass().getMethods()) {
                    String name = method.getName();
                    boolean isGetter = name.matches("get.+") || (name.matches("is.+") && method.getReturnType() == boolean.class);
                    if (!isGetter || method.getParameterCount() != 0 || method.getDeclaringClass() == Object.class || Modifier.isStatic(method.getModifiers())) { continue; }
                    method.setAccessible(true);
                    members.put(Introspector.decapitalize(name.substring(name.startsWith("is") ? 2 : 3)), method.invoke(bean));
                }
                for (var field : bean.getClass().getFields()) {
                    if (!Modifier.isStatic(field.getModifiers())) { members.put(field.getName(), field.get(bean)); }
                }
            } catch (ReflectiveOperationException error) {
                throw new IllegalArgumentException("cannot serialize " + bean.getClass().getName(), error);
            }
            return members;
        }
    }
}
