package bench;

import io.github.cdkwebsocketapi.Route;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.aws_apigatewayv2_integrations.WebSocketLambdaIntegration;
import software.amazon.awscdk.services.apigatewayv2.WebSocketApi;
import software.amazon.awscdk.services.apigatewayv2.WebSocketRouteOptions;
import software.amazon.awscdk.services.apigatewayv2.WebSocketStage;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.nodejs.BundlingOptions;
import software.amazon.awscdk.services.lambda.nodejs.NodejsFunction;

/** {@code java bench.Main <contender> <handlers>}, in a folder with {@code src/handler<n>.ts}. */
public class Main {
    public static void main(String[] args) {
        int handlers = Integer.parseInt(args[1]);
        App app = new App(AppProps.builder().outdir("cdk.out").build());
        Stack stack = new Stack(app, "Stack");

        if (args[0].equals("this library")) {
            Map<String, Route> routes = new HashMap<>();
            for (int n = 0; n < handlers; n++) {
                routes.put("route" + n, Route.toHandler("src/handler" + n + ".main"));
            }
            io.github.cdkwebsocketapi.WebSocketApi.Builder.create(stack, "Api").routes(routes).build();
        } else {
            WebSocketApi api = new WebSocketApi(stack, "Api");
            WebSocketStage.Builder.create(stack, "Stage").webSocketApi(api).stageName("dev").autoDeploy(true).build();
            for (int n = 0; n < handlers; n++) {
                NodejsFunction function = NodejsFunction.Builder.create(stack, "Function" + n)
                    .entry("src/handler" + n + ".ts").handler("main").runtime(Runtime.NODEJS_24_X)
                    .bundling(BundlingOptions.builder().minify(true).build()).build();
                api.addRoute("route" + n, WebSocketRouteOptions.builder().integration(new WebSocketLambdaIntegration("Integration" + n, function)).build());
            }
        }
        app.synth();
    }
}
