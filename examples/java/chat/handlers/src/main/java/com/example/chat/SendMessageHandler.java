package com.example.chat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.URI;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.GoneException;

/** {@code {"action": "sendMessage", "data": "…"}} goes to everybody who is connected. */
public class SendMessageHandler implements RequestHandler<APIGatewayV2WebSocketEvent, Map<String, Object>> {
    private final Connections connections = new Connections();
    private final ApiGatewayManagementApiClient client = ApiGatewayManagementApiClient.builder()
            .endpointOverride(URI.create(System.getenv("WEBSOCKET_CALLBACK_URL")))
            .build();

    @Override
    public Map<String, Object> handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        JsonObject message = new JsonObject();
        message.addProperty("from", event.getRequestContext().getConnectionId());
        message.add("data", JsonParser.parseString(event.getBody()).getAsJsonObject().get("data"));
        connections.all().parallel().forEach((connectionId) -> {
            try {
                post(connectionId, message.toString());
            } catch (SdkException error) {
                // Whoever cannot be reached does not keep the message from the others.
                context.getLogger().log("cannot post to " + connectionId + ": " + error.getMessage());
            }
        });
        return Map.of("statusCode", 200);
    }

    private void post(String connectionId, String message) {
        try {
            client.postToConnection((request) -> request.connectionId(connectionId).data(SdkBytes.fromUtf8String(message)));
        } catch (GoneException gone) {
            // $disconnect is best effort: a connection may be gone without it.
            connections.remove(connectionId);
        }
    }
}
