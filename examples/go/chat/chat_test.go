package main

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/jsii-runtime-go"
)

func TestChatStack(t *testing.T) {
	defer jsii.Close()
	template := assertions.Template_FromStack(NewChatStack(awscdk.NewApp(nil), "Chat"), nil)

	// A failed assertion of CDK panics, with the closest match in its message.
	template.ResourceCountIs(jsii.String("AWS::ApiGatewayV2::Route"), jsii.Number(4))
	for _, routeKey := range []string{"$connect", "$disconnect", "sendMessage", "$default"} {
		template.HasResourceProperties(jsii.String("AWS::ApiGatewayV2::Route"), map[string]any{"RouteKey": routeKey})
	}
	template.HasResourceProperties(jsii.String("AWS::ApiGatewayV2::Stage"), map[string]any{"StageName": "dev", "AutoDeploy": true})
}
