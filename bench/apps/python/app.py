# `python app.py <contender> <handlers>`, in a folder with `src/handler<n>.ts`.
import sys

from aws_cdk import App, Stack
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk.aws_apigatewayv2_integrations import WebSocketLambdaIntegration
from aws_cdk.aws_lambda import Runtime

contender, handlers = sys.argv[1], int(sys.argv[2])
app = App(outdir="cdk.out")
stack = Stack(app, "Stack")

if contender == "this library":
    from cdk_websocket_api import Route, WebSocketApi

    WebSocketApi(stack, "Api", routes={f"route{n}": Route.to_handler(f"src/handler{n}.main") for n in range(handlers)})
else:
    from aws_cdk.aws_lambda_nodejs import BundlingOptions, NodejsFunction

    api = apigatewayv2.WebSocketApi(stack, "Api")
    apigatewayv2.WebSocketStage(stack, "Stage", web_socket_api=api, stage_name="dev", auto_deploy=True)
    for n in range(handlers):
        function = NodejsFunction(
            stack, f"Function{n}", entry=f"src/handler{n}.ts", handler="main", runtime=Runtime.NODEJS_24_X, bundling=BundlingOptions(minify=True)
        )
        api.add_route(f"route{n}", integration=WebSocketLambdaIntegration(f"Integration{n}", function))

app.synth()
