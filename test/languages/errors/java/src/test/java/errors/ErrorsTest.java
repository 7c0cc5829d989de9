package errors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.cdkwebsocketapi.AccessLog;
import io.github.cdkwebsocketapi.Authorization;
import io.github.cdkwebsocketapi.CustomDomain;
import io.github.cdkwebsocketapi.CustomDomainOptions;
import io.github.cdkwebsocketapi.Dns;
import io.github.cdkwebsocketapi.Permissions;
import io.github.cdkwebsocketapi.Route;
import io.github.cdkwebsocketapi.StageSource;
import io.github.cdkwebsocketapi.WebSocketApi;
import io.github.cdkwebsocketapi.WebSocketStageOptions;
import java.io.File;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.IFunction;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.s3.Bucket;

/** What the user reads is the construct's own sentence. */
class ErrorsTest {
    /** What jsii and CDK put before it. */
    private static final String PREFIX = "^(Error: |ValidationFailedWithErrors: Validation failed with the following errors:\\s+)";

    private final App app = new App();
    private final Stack stack = new Stack(app, "Test");
    private final IFunction existing = Function.Builder.create(stack, "Existing")
            .code(Code.fromInline("exports.main = async () => ({})"))
            .handler("index.main")
            .runtime(Runtime.NODEJS_24_X)
            .build();

    private final Map<String, Runnable> inputs = Map.of(
            "unknown route key", () -> api(Map.of("$foo", Route.toFunction(existing))),
            "route key twice", () -> api(Map.of("sendMessage", Route.toFunction(existing), " sendMessage ", Route.toFunction(existing))),
            "handler that is not there", () -> api(Map.of("$default", Route.toHandler("src/missing.main"))),
            "handler that does not parse", () -> api(Map.of("$default", Route.toHandler("src/broken.main"))),
            "unknown grant method", () -> Permissions.grant(new Bucket(stack, "Bucket"), "grantFly"),
            "access log without request id", () -> AccessLog.format("$context.status"),
            "domain in upper case", () -> CustomDomain.fromName("API.domain.com"),
            "external DNS without certificate",
            () -> CustomDomain.fromName("api.domain.com", CustomDomainOptions.builder().dns(Dns.external()).build()),
            "stage name with a space", () -> WebSocketApi.Builder.create(stack, "Api")
                    .routes(Map.of("$default", Route.toFunction(existing)))
                    .stage(StageSource.fromOptions(WebSocketStageOptions.builder().stageName("my stage").build()))
                    .build(),
            "authorization without a $connect route", () -> {
                WebSocketApi.Builder.create(stack, "Api")
                        .routes(Map.of("$default", Route.toFunction(existing)))
                        .authorization(Authorization.iam())
                        .build();
                app.synth();
            });

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void saysWhatIsWrong(String name, String message) {
        RuntimeException error = assertThrows(RuntimeException.class, inputs.get(name)::run);

        String shown = error.getMessage().replaceFirst(PREFIX, "");
        assertTrue(shown.startsWith(message), () -> shown + "\n\ndoes not start with\n\n" + message);
    }

    @Test
    void everyInputIsTried() throws IOException {
        assertEquals(cases().map((each) -> each.get()[0]).collect(Collectors.toSet()), inputs.keySet());
    }

    private static Stream<Arguments> cases() throws IOException {
        JsonNode cases = new ObjectMapper().readTree(new File("cases.json"));
        return StreamSupport.stream(cases.spliterator(), false)
                .map((each) -> Arguments.of(each.get("name").asText(), each.get("message").asText()));
    }

    private void api(Map<String, Route> routes) {
        WebSocketApi.Builder.create(stack, "Api").routes(routes).build();
    }
}
