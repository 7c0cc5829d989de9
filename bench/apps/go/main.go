// `app <contender> <handlers>`, in a folder with `src/handler<n>.ts`.
package main

import (
	"fmt"
	"os"
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2integrations"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambdanodejs"
	"github.com/aws/jsii-runtime-go"
	ws "github.com/cdk-websocket-api/cdk-websocket-api-go/cdkwebsocketapi"
)

func main() {
	defer jsii.Close()

	handlers, err := strconv.Atoi(os.Args[2])
	if err != nil {
		panic(err)
	}
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String("cdk.out")})
	stack := awscdk.NewStack(app, jsii.String("Stack"), nil)

	if os.Args[1] == "this library" {
		routes := map[string]ws.Route{}
		for n := 0; n < handlers; n++ {
			routes[fmt.Sprintf("route%d", n)] = ws.Route_ToHandler(jsii.String(fmt.Sprintf("src/handler%d.main", n)), nil)
		}
		ws.NewWebSocketApi(stack, jsii.String("Api"), &ws.WebSocketApiProps{Routes: &routes})
	} else {
		api := awsapigatewayv2.NewWebSocketApi(stack, jsii.String("Api"), nil)
		awsapigatewayv2.NewWebSocketStage(stack, jsii.String("Stage"), &awsapigatewayv2.WebSocketStageProps{
			WebSocketApi: api, StageName: jsii.String("dev"), AutoDeploy: jsii.Bool(true),
		})
		for n := 0; n < handlers; n++ {
			function := awslambdanodejs.NewNodejsFunction(stack, jsii.String(fmt.Sprintf("Function%d", n)), &awslambdanodejs.NodejsFunctionProps{
				Entry: jsii.String(fmt.Sprintf("src/handler%d.ts", n)), Handler: jsii.String("main"), Runtime: awslambda.Runtime_NODEJS_24_X(),
				Bundling: &awslambdanodejs.BundlingOptions{Minify: jsii.Bool(true)},
			})
			api.AddRoute(jsii.String(fmt.Sprintf("route%d", n)), &awsapigatewayv2.WebSocketRouteOptions{
				Integration: awsapigatewayv2integrations.NewWebSocketLambdaIntegration(jsii.String(fmt.Sprintf("Integration%d", n)), function, nil),
			})
		}
	}
	app.Synth(nil)
}
