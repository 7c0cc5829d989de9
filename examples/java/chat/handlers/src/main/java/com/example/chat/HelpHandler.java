package com.example.chat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import java.util.Map;

/** Answers what no other route takes. */
public class HelpHandler implements RequestHandler<APIGatewayV2WebSocketEvent, Map<String, Object>> {
    private static final String USAGE = """
            {"help": "send messages like this one", "example": {"action": "sendMessage", "data": "what everybody is to read"}}
            """.strip();

    @Override
    public Map<String, Object> handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        return Map.of("statusCode", 200, "body", USAGE);
    }
}
