from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk.aws_lambda import Code, Function, Runtime
from cdk_websocket_api import ConnectionTable, GroupName, HandlerProps, Permissions, Route, WebSocketApi
from constructs import Construct


class JobStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)

        # No route leads to it, so it may take longer than the 29 seconds that API Gateway waits.
        worker = Function(
            self,
            "Worker",
            runtime=Runtime.PYTHON_3_13,
            code=Code.from_asset("worker"),
            handler="worker.main",
            timeout=Duration.minutes(10),
            # A second attempt would begin the job again: let the client ask for that.
            retry_attempts=0,
        )

        api = WebSocketApi(
            self,
            "Api",
            connections=ConnectionTable.create(),
            routes={
                "submit": Route.to_handler("submit.main", return_response=True, permissions=[Permissions.grant(worker, "grant_invoke")]),
                # Whoever knows the id of a job may follow it. No message reaches a group outside of `job:`.
                "follow": Route.join_group(GroupName.from_message("$.job", prefix="job:"), return_response=True),
            },
            default_function_props=HandlerProps(src_path="handlers", environment={"WORKER": worker.function_name}),
        )
        api.grant_manage_connections(worker)
        worker.add_environment("WEBSOCKET_CALLBACK_URL", api.callback_url)
        api.grant_broadcast(worker)
        worker.add_environment("WEBSOCKET_BROADCASTER", api.broadcaster.function_arn)

        CfnOutput(self, "Url", value=api.url)
