from aws_cdk import CfnOutput, RemovalPolicy, Stack
from aws_cdk.aws_dynamodb import Attribute, AttributeType, BillingMode, Table
from cdk_websocket_api import HandlerProps, Permissions, Route, WebSocketApi
from constructs import Construct


class ChatStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)

        connections = Table(
            self,
            "Connections",
            partition_key=Attribute(name="connectionId", type=AttributeType.STRING),
            billing_mode=BillingMode.PAY_PER_REQUEST,
            removal_policy=RemovalPolicy.DESTROY,
        )

        api = WebSocketApi(
            self,
            "Api",
            routes={
                "$connect": Route.to_handler("connect.main", permissions=[Permissions.grant(connections, "grant_write_data")]),
                "$disconnect": Route.to_handler("disconnect.main", permissions=[Permissions.grant(connections, "grant_write_data")]),
                "sendMessage": Route.to_handler("send_message.main", permissions=[Permissions.grant(connections, "grant_read_write_data")]),
                "$default": Route.to_handler("help.main", return_response=True),
            },
            default_function_props=HandlerProps(
                # A folder of their own: it is the asset.
                src_path="handlers",
                environment={"CONNECTIONS_TABLE": connections.table_name},
            ),
        )

        CfnOutput(self, "Url", value=api.url)
