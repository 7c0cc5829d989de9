package com.example.chat;

import io.github.cdkwebsocketapi.HandlerProps;
import io.github.cdkwebsocketapi.HandlerRouteProps;
import io.github.cdkwebsocketapi.Permissions;
import io.github.cdkwebsocketapi.Route;
import io.github.cdkwebsocketapi.WebSocketApi;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.BillingMode;
import software.amazon.awscdk.services.dynamodb.Table;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Runtime;
import software.constructs.Construct;

public class ChatStack extends Stack {
    public ChatStack(Construct scope, String id) {
        super(scope, id);

        Table connections = Table.Builder.create(this, "Connections")
                .partitionKey(Attribute.builder().name("connectionId").type(AttributeType.STRING).build())
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();

        WebSocketApi api = WebSocketApi.Builder.create(this, "Api")
                .routes(Map.of(
                        "$connect", toJava("ConnectHandler", Permissions.grant(connections, "grantWriteData")),
                        "$disconnect", toJava("DisconnectHandler", Permissions.grant(connections, "grantWriteData")),
                        "sendMessage", toJava("SendMessageHandler", Permissions.grant(connections, "grantReadWriteData")),
                        // In TypeScript, bundled when the app is synthesized.
                        "$default", Route.toHandler("src/help.main", HandlerRouteProps.builder().returnResponse(true).build())))
                .defaultFunctionProps(HandlerProps.builder()
                        .environment(Map.of("CONNECTIONS_TABLE", connections.getTableName()))
                        .build())
                .build();

        CfnOutput.Builder.create(this, "Url").value(api.getUrl()).build();
    }

    /** A class in the jar that Maven makes of `handlers`. */
    private static Route toJava(String handler, Permissions permission) {
        return Route.toHandler("com.example.chat." + handler, HandlerRouteProps.builder()
                .runtime(Runtime.JAVA_21)
                .code(Code.fromAsset("handlers/target/handlers.jar"))
                .permissions(List.of(permission))
                .build());
    }
}
