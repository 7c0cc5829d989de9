package com.example.chat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import java.util.Map;

public class ConnectHandler implements RequestHandler<APIGatewayV2WebSocketEvent, Map<String, Object>> {
    private final Connections connections = new Connections();

    @Override
    public Map<String, Object> handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        connections.add(event.getRequestContext().getConnectionId());
        return Map.of("statusCode", 200);
    }
}
