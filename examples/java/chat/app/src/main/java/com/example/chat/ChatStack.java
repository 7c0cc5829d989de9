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
import software.constructs.Construct;

public class ChatStack extends Stack {
    public ChatStack(Construct scope, String id) {
        super(scope, id);

        Table connections = Table.Builder.create(this, "Connections")
                .partitionKey(Attribute.builder().name("connectionId").type(AttributeType.STRING).build())
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();

        HandlerRouteProps mayWrite = HandlerRouteProps.builder()
                .permissions(List.of(Permissions.grant(connections, "grantWriteData")))
                .build();

        WebSocketApi api = WebSocketApi.Builder.create(this, "Api")
                .routes(Map.of(
                        "$connect", Route.toHandler("com.example.chat.ConnectHandler::handleRequest", mayWrite),
                        "$disconnect", Route.toHandler("com.example.chat.DisconnectHandler::handleRequest", mayWrite),
                        "sendMessage", Route.toHandler("com.example.chat.SendMessageHandler::handleRequest", HandlerRouteProps.builder()
                                .permissions(List.of(Permissions.grant(connections, "grantReadWriteData")))
                                .build()),
                        "$default", Route.toHandler("com.example.chat.HelpHandler::handleRequest", HandlerRouteProps.builder()
                                .returnResponse(true)
                                .build())))
                .defaultFunctionProps(HandlerProps.builder()
                        .srcPath("handlers")
                        .environment(Map.of("CONNECTIONS_TABLE", connections.getTableName()))
                        .build())
                .build();

        CfnOutput.Builder.create(this, "Url").value(api.getUrl()).build();
    }
}
