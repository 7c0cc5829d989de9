package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	ws "github.com/cdk-websocket-api/cdk-websocket-api-go/cdkwebsocketapi"
)

func NewChatStack(scope constructs.Construct, id string) awscdk.Stack {
	stack := awscdk.NewStack(scope, jsii.String(id), nil)

	connections := awsdynamodb.NewTable(stack, jsii.String("Connections"), &awsdynamodb.TableProps{
		PartitionKey:  &awsdynamodb.Attribute{Name: jsii.String("connectionId"), Type: awsdynamodb.AttributeType_STRING},
		BillingMode:   awsdynamodb.BillingMode_PAY_PER_REQUEST,
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	mayWrite := &[]ws.Permissions{ws.Permissions_Grant(connections, jsii.String("GrantWriteData"))}
	mayReadAndWrite := &[]ws.Permissions{ws.Permissions_Grant(connections, jsii.String("GrantReadWriteData"))}

	api := ws.NewWebSocketApi(stack, jsii.String("Api"), &ws.WebSocketApiProps{
		Routes: &map[string]ws.Route{
			"$connect":    ws.Route_ToHandler(jsii.String("cmd/connect"), &ws.HandlerRouteProps{Permissions: mayWrite}),
			"$disconnect": ws.Route_ToHandler(jsii.String("cmd/disconnect"), &ws.HandlerRouteProps{Permissions: mayWrite}),
			"sendMessage": ws.Route_ToHandler(jsii.String("cmd/sendmessage"), &ws.HandlerRouteProps{Permissions: mayReadAndWrite}),
			"$default":    ws.Route_ToHandler(jsii.String("cmd/help"), &ws.HandlerRouteProps{ReturnResponse: jsii.Bool(true)}),
		},
		DefaultFunctionProps: &ws.HandlerProps{
			Environment: &map[string]*string{"CONNECTIONS_TABLE": connections.TableName()},
		},
	})

	awscdk.NewCfnOutput(stack, jsii.String("Url"), &awscdk.CfnOutputProps{Value: api.Url()})

	return stack
}

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	NewChatStack(app, "Chat")
	app.Synth(nil)
}
