package com.example.chat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.App;
import software.amazon.awscdk.assertions.Template;

class ChatStackTest {
    private final Template template = Template.fromStack(new ChatStack(new App(), "Chat"));

    @Test
    void hasTheRoutes() {
        template.resourceCountIs("AWS::ApiGatewayV2::Route", 4);
        for (String routeKey : new String[] {"$connect", "$disconnect", "sendMessage", "$default"}) {
            template.hasResourceProperties("AWS::ApiGatewayV2::Route", Map.of("RouteKey", routeKey));
        }
    }

    @Test
    void deploysTheStage() {
        template.hasResourceProperties("AWS::ApiGatewayV2::Stage", Map.of("StageName", "dev", "AutoDeploy", true));
    }
}
