# The scenario, in Python: see ../typescript/app.ts.
from aws_cdk import App, Duration, Environment, RemovalPolicy, Stack
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk.aws_apigatewayv2_authorizers import WebSocketIamAuthorizer
from aws_cdk.aws_apigatewayv2_integrations import WebSocketMockIntegration
from aws_cdk.aws_certificatemanager import Certificate
from aws_cdk.aws_dynamodb import Attribute, AttributeType, BillingMode, Table
from aws_cdk.aws_iam import PolicyStatement, Role, ServicePrincipal
from aws_cdk.aws_lambda import Code, Function, Runtime
from aws_cdk.aws_logs import RetentionDays
from aws_cdk.aws_route53 import HostedZone
from aws_cdk.aws_s3 import Bucket
from cdk_websocket_api import (
    AccessLog,
    AccountLogRole,
    ApiSource,
    Authorization,
    Bundling,
    CopyFile,
    CustomDomain,
    Dns,
    ExecutionLog,
    HandlerProps,
    HandshakeValue,
    ModuleFormat,
    Permissions,
    Route,
    StageSource,
    WebSocketApi,
)

app = App()
env = Environment(account="111111111111", region="eu-west-1")
stack = Stack(app, "Scenario", env=env)

table = Table(
    stack,
    "Table",
    partition_key=Attribute(name="id", type=AttributeType.STRING),
    billing_mode=BillingMode.PAY_PER_REQUEST,
)
bucket = Bucket(stack, "Bucket")
existing = Function(
    stack,
    "Existing",
    code=Code.from_inline("exports.main = async () => ({})"),
    handler="index.main",
    runtime=Runtime.NODEJS_24_X,
)
role = Role(stack, "Role", assumed_by=ServicePrincipal("ecs-tasks.amazonaws.com"))
zone = HostedZone.from_hosted_zone_attributes(stack, "Zone", hosted_zone_id="Z0123456789", zone_name="domain.com")
certificate = Certificate.from_certificate_arn(stack, "Certificate", "arn:aws:acm:eu-west-1:111111111111:certificate/given")

# Everything that a created API can have.
chat = WebSocketApi(
    stack,
    "Chat",
    routes={
        "$connect": Route.to_handler("src/connect.main"),
        "$disconnect": Route.to_function(existing),
        "$default": Route.to_handler(
            "src/message.main",
            memory_size=256,
            timeout=Duration.seconds(5),
            environment={"LEVEL": "debug"},
            bundling=Bundling.esbuild(
                minify=False,
                keep_names=True,
                source_map=True,
                target="node22",
                format=ModuleFormat.ESM,
                external_modules=["@aws-sdk/*", "@smithy/*"],
                define={"process.env.STAGE": '"prod"'},
                loader={".graphql": "text"},
                banner="// banner",
                footer="// footer",
                copy_files=[CopyFile(source="plain", destination="copied")],
            ),
            permissions=[
                Permissions.grant(bucket, "grantRead"),
                Permissions.service("ses"),
                Permissions.action("dynamodb:GetItem", table.table_arn),
            ],
        ),
        "sendMessage": Route.to_handler(
            "src/message.main",
            return_response=True,
            throttle=apigatewayv2.ThrottleSettings(rate_limit=10, burst_limit=5),
        ),
        "plain": Route.to_handler("plain.main", src_path="plain", bundling=Bundling.disabled(), operation_name="Plain"),
        "pong": Route.to_handler("pong.main", src_path="python-handlers"),
        "code": Route.to_handler(
            "index.main",
            code=Code.from_inline("exports.main = async () => ({})"),
            runtime=Runtime.NODEJS_22_X,
        ),
        "ping": Route.to_integration(
            WebSocketMockIntegration(
                "Ping",
                request_templates={"200": '{"statusCode":200}'},
                template_selection_expression="200",
            )
        ),
    },
    default_function_props=HandlerProps(
        environment={"TABLE_NAME": table.table_name, "LEVEL": "info"},
        permissions=[Permissions.full_access(table)],
    ),
    access_log=AccessLog.json(
        retention=RetentionDays.ONE_MONTH,
        removal_policy=RemovalPolicy.DESTROY,
        account_role=AccountLogRole.ensure(),
    ),
    authorization=Authorization.from_handler(
        "src/authorize.main",
        memory_size=128,
        authorizer_name="Tokens",
        identity_source=[
            HandshakeValue.query_string("token"),
            HandshakeValue.header("Origin"),
            HandshakeValue.stage_variable("tenant"),
            HandshakeValue.context("identity.sourceIp"),
        ],
    ),
    custom_domain=CustomDomain.from_name(
        "chat.domain.com",
        path="v1",
        dns=Dns.from_hosted_zone(zone),
        ip_address_type=apigatewayv2.IpAddressType.DUAL_STACK,
    ),
    api=ApiSource.from_props(description="The scenario", route_selection_expression="$request.body.type"),
    stage=StageSource.from_options(
        stage_name="prod",
        description="Everything",
        throttle=apigatewayv2.ThrottleSettings(rate_limit=100, burst_limit=50),
        detailed_metrics=True,
        stage_variables={"tenant": "one"},
        execution_log=ExecutionLog.full(),
    ),
)
chat.attach_permissions(Permissions.statement(PolicyStatement(actions=["sns:Publish"], resources=["*"])))
chat.attach_permissions_to_route("sendMessage", Permissions.all())
chat.grant_manage_connections(role)
chat.grant_connect(role)

# A second API on the same domain, with the other kinds of log and authorization.
status = WebSocketApi(
    stack,
    "Status",
    routes={"$connect": Route.to_function(existing), "$default": Route.to_function(existing)},
    access_log=AccessLog.csv(account_role=AccountLogRole.existing()),
    authorization=Authorization.iam(),
    custom_domain=CustomDomain.from_domain_name(chat.api_gateway_domain, path="status"),
    stage=StageSource.from_options(execution_log=ExecutionLog.errors()),
)
chat.attach_permissions(Permissions.full_access(status))

WebSocketApi(
    stack,
    "Events",
    routes={"$connect": Route.to_function(existing)},
    access_log=AccessLog.format("$context.requestId $context.status"),
    authorization=Authorization.from_authorizer(WebSocketIamAuthorizer()),
    custom_domain=CustomDomain.from_name("events.example.org", dns=Dns.external(), certificate=certificate),
    stage=StageSource.from_options(execution_log=ExecutionLog.info()),
)

WebSocketApi(
    stack,
    "Quiet",
    routes={"$connect": Route.to_function(existing)},
    access_log=AccessLog.disabled(),
    authorization=Authorization.from_function(existing),
    custom_domain=CustomDomain.from_name("quiet.domain.com", dns=Dns.from_zone_name("domain.com")),
    stage=StageSource.from_options(execution_log=ExecutionLog.disabled()),
)

# Routes for an API and a stage that exist, and routes in another stack.
imported = apigatewayv2.WebSocketApi.from_web_socket_api_attributes(stack, "Imported", web_socket_id="abcdef1234")
WebSocketApi(
    stack,
    "More",
    routes={"more": Route.to_function(existing)},
    authorization=Authorization.none(),
    api=ApiSource.from_api(imported),
    stage=StageSource.from_stage(
        apigatewayv2.WebSocketStage.from_web_socket_stage_attributes(stack, "ImportedStage", api=imported, stage_name="live")
    ),
)
other = Stack(app, "Other", env=env)
chat.add_routes(other, {"order": Route.to_handler("src/message.main")})

app.synth()
