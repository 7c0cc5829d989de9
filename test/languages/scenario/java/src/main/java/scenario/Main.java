package scenario;

import io.github.cdkwebsocketapi.AccessLog;
import io.github.cdkwebsocketapi.AccessLogOptions;
import io.github.cdkwebsocketapi.AccountLogRole;
import io.github.cdkwebsocketapi.ApiSource;
import io.github.cdkwebsocketapi.Authorization;
import io.github.cdkwebsocketapi.Bundling;
import io.github.cdkwebsocketapi.CopyFile;
import io.github.cdkwebsocketapi.AuthorizerHandlerProps;
import io.github.cdkwebsocketapi.CustomDomain;
import io.github.cdkwebsocketapi.CustomDomainOptions;
import io.github.cdkwebsocketapi.Dns;
import io.github.cdkwebsocketapi.EsbuildOptions;
import io.github.cdkwebsocketapi.ExecutionLog;
import io.github.cdkwebsocketapi.ExistingDomainOptions;
import io.github.cdkwebsocketapi.HandlerProps;
import io.github.cdkwebsocketapi.HandlerRouteProps;
import io.github.cdkwebsocketapi.HandshakeValue;
import io.github.cdkwebsocketapi.ModuleFormat;
import io.github.cdkwebsocketapi.Permissions;
import io.github.cdkwebsocketapi.Route;
import io.github.cdkwebsocketapi.StageSource;
import io.github.cdkwebsocketapi.WebSocketApi;
import io.github.cdkwebsocketapi.WebSocketStageOptions;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.aws_apigatewayv2_authorizers.WebSocketIamAuthorizer;
import software.amazon.awscdk.aws_apigatewayv2_integrations.WebSocketMockIntegration;
import software.amazon.awscdk.services.apigatewayv2.IWebSocketApi;
import software.amazon.awscdk.services.apigatewayv2.IpAddressType;
import software.amazon.awscdk.services.apigatewayv2.ThrottleSettings;
import software.amazon.awscdk.services.apigatewayv2.WebSocketApiAttributes;
import software.amazon.awscdk.services.apigatewayv2.WebSocketApiProps;
import software.amazon.awscdk.services.apigatewayv2.WebSocketStage;
import software.amazon.awscdk.services.apigatewayv2.WebSocketStageAttributes;
import software.amazon.awscdk.services.certificatemanager.Certificate;
import software.amazon.awscdk.services.certificatemanager.ICertificate;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.BillingMode;
import software.amazon.awscdk.services.dynamodb.Table;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.route53.HostedZone;
import software.amazon.awscdk.services.route53.HostedZoneAttributes;
import software.amazon.awscdk.services.route53.IHostedZone;
import software.amazon.awscdk.services.s3.Bucket;

/** The scenario of `typescript/app.ts`, line for line. */
public final class Main {
    public static void main(String[] args) {
        App app = new App();
        StackProps props = StackProps.builder()
                .env(Environment.builder().account("111111111111").region("eu-west-1").build())
                .build();
        Stack stack = new Stack(app, "Scenario", props);

        Table table = Table.Builder.create(stack, "Table")
                .partitionKey(Attribute.builder().name("id").type(AttributeType.STRING).build())
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .build();
        Bucket bucket = new Bucket(stack, "Bucket");
        Function existing = Function.Builder.create(stack, "Existing")
                .code(Code.fromInline("exports.main = async () => ({})"))
                .handler("index.main")
                .runtime(Runtime.NODEJS_24_X)
                .build();
        Role role = Role.Builder.create(stack, "Role").assumedBy(new ServicePrincipal("ecs-tasks.amazonaws.com")).build();
        IHostedZone zone = HostedZone.fromHostedZoneAttributes(stack, "Zone",
                HostedZoneAttributes.builder().hostedZoneId("Z0123456789").zoneName("domain.com").build());
        ICertificate certificate = Certificate.fromCertificateArn(stack, "Certificate",
                "arn:aws:acm:eu-west-1:111111111111:certificate/given");

        // Everything that a created API can have.
        WebSocketApi chat = WebSocketApi.Builder.create(stack, "Chat")
                .routes(Map.of(
                        "$connect", Route.toHandler("src/connect.main"),
                        "$disconnect", Route.toFunction(existing),
                        "$default", Route.toHandler("src/message.main", HandlerRouteProps.builder()
                                .memorySize(256)
                                .timeout(Duration.seconds(5))
                                .environment(Map.of("LEVEL", "debug"))
                                .bundling(Bundling.esbuild(EsbuildOptions.builder()
                                        .minify(false)
                                        .keepNames(true)
                                        .sourceMap(true)
                                        .target("node22")
                                        .format(ModuleFormat.ESM)
                                        .externalModules(List.of("@aws-sdk/*", "@smithy/*"))
                                        .define(Map.of("process.env.STAGE", "\"prod\""))
                                        .loader(Map.of(".graphql", "text"))
                                        .banner("// banner")
                                        .footer("// footer")
                                        .copyFiles(List.of(CopyFile.builder().source("plain").destination("copied").build()))
                                        .build()))
                                .permissions(List.of(
                                        Permissions.grant(bucket, "grantRead"),
                                        Permissions.service("ses"),
                                        Permissions.action("dynamodb:GetItem", table.getTableArn())))
                                .build()),
                        "sendMessage", Route.toHandler("src/message.main", HandlerRouteProps.builder()
                                .returnResponse(true)
                                .throttle(ThrottleSettings.builder().rateLimit(10).burstLimit(5).build())
                                .build()),
                        "plain", Route.toHandler("plain.main", HandlerRouteProps.builder()
                                .srcPath("plain")
                                .bundling(Bundling.disabled())
                                .operationName("Plain")
                                .build()),
                        "pong", Route.toHandler("pong.main", HandlerRouteProps.builder().srcPath("python-handlers").build()),
                        "code", Route.toHandler("index.main", HandlerRouteProps.builder()
                                .code(Code.fromInline("exports.main = async () => ({})"))
                                .runtime(Runtime.NODEJS_22_X)
                                .build()),
                        "ping", Route.toIntegration(WebSocketMockIntegration.Builder.create("Ping")
                                .requestTemplates(Map.of("200", "{\"statusCode\":200}"))
                                .templateSelectionExpression("200")
                                .build())))
                .defaultFunctionProps(HandlerProps.builder()
                        .environment(Map.of("TABLE_NAME", table.getTableName(), "LEVEL", "info"))
                        .permissions(List.of(Permissions.fullAccess(table)))
                        .build())
                .accessLog(AccessLog.json(AccessLogOptions.builder()
                        .retention(RetentionDays.ONE_MONTH)
                        .removalPolicy(RemovalPolicy.DESTROY)
                        .accountRole(AccountLogRole.ensure())
                        .build()))
                .authorization(Authorization.fromHandler(
                        "src/authorize.main",
                        AuthorizerHandlerProps.builder()
                                .memorySize(128)
                                .authorizerName("Tokens")
                                .identitySource(List.of(
                                        HandshakeValue.queryString("token"),
                                        HandshakeValue.header("Origin"),
                                        HandshakeValue.stageVariable("tenant"),
                                        HandshakeValue.context("identity.sourceIp")))
                                .build()))
                .customDomain(CustomDomain.fromName("chat.domain.com", CustomDomainOptions.builder()
                        .path("v1")
                        .dns(Dns.fromHostedZone(zone))
                        .ipAddressType(IpAddressType.DUAL_STACK)
                        .build()))
                .api(ApiSource.fromProps(WebSocketApiProps.builder()
                        .description("The scenario")
                        .routeSelectionExpression("$request.body.type")
                        .build()))
                .stage(StageSource.fromOptions(WebSocketStageOptions.builder()
                        .stageName("prod")
                        .description("Everything")
                        .throttle(ThrottleSettings.builder().rateLimit(100).burstLimit(50).build())
                        .detailedMetrics(true)
                        .stageVariables(Map.of("tenant", "one"))
                        .executionLog(ExecutionLog.full())
                        .build()))
                .build();
        chat.attachPermissions(Permissions.statement(PolicyStatement.Builder.create()
                .actions(List.of("sns:Publish"))
                .resources(List.of("*"))
                .build()));
        chat.attachPermissionsToRoute("sendMessage", Permissions.all());
        chat.grantManageConnections(role);
        chat.grantConnect(role);

        // A second API on the same domain, with the other kinds of log and authorization.
        WebSocketApi status = WebSocketApi.Builder.create(stack, "Status")
                .routes(Map.of("$connect", Route.toFunction(existing), "$default", Route.toFunction(existing)))
                .accessLog(AccessLog.csv(AccessLogOptions.builder().accountRole(AccountLogRole.existing()).build()))
                .authorization(Authorization.iam())
                .customDomain(CustomDomain.fromDomainName(chat.getApiGatewayDomain(), ExistingDomainOptions.builder().path("status").build()))
                .stage(StageSource.fromOptions(WebSocketStageOptions.builder().executionLog(ExecutionLog.errors()).build()))
                .build();
        chat.attachPermissions(Permissions.fullAccess(status));

        WebSocketApi.Builder.create(stack, "Events")
                .routes(Map.of("$connect", Route.toFunction(existing)))
                .accessLog(AccessLog.format("$context.requestId $context.status"))
                .authorization(Authorization.fromAuthorizer(new WebSocketIamAuthorizer()))
                .customDomain(CustomDomain.fromName("events.example.org", CustomDomainOptions.builder()
                        .dns(Dns.external())
                        .certificate(certificate)
                        .build()))
                .stage(StageSource.fromOptions(WebSocketStageOptions.builder().executionLog(ExecutionLog.info()).build()))
                .build();

        WebSocketApi.Builder.create(stack, "Quiet")
                .routes(Map.of("$connect", Route.toFunction(existing)))
                .accessLog(AccessLog.disabled())
                .authorization(Authorization.fromFunction(existing))
                .customDomain(CustomDomain.fromName("quiet.domain.com", CustomDomainOptions.builder()
                        .dns(Dns.fromZoneName("domain.com"))
                        .build()))
                .stage(StageSource.fromOptions(WebSocketStageOptions.builder().executionLog(ExecutionLog.disabled()).build()))
                .build();

        // Routes for an API and a stage that exist, and routes in another stack.
        IWebSocketApi imported = software.amazon.awscdk.services.apigatewayv2.WebSocketApi.fromWebSocketApiAttributes(stack, "Imported",
                WebSocketApiAttributes.builder().webSocketId("abcdef1234").build());
        WebSocketApi.Builder.create(stack, "More")
                .routes(Map.of("more", Route.toFunction(existing)))
                .authorization(Authorization.none())
                .api(ApiSource.fromApi(imported))
                .stage(StageSource.fromStage(WebSocketStage.fromWebSocketStageAttributes(stack, "ImportedStage",
                        WebSocketStageAttributes.builder().api(imported).stageName("live").build())))
                .build();
        Stack other = new Stack(app, "Other", props);
        chat.addRoutes(other, Map.of("order", Route.toHandler("src/message.main")));

        app.synth();
    }
}
