// The scenario of typescript/app.ts, line for line.
using System.Collections.Generic;
using Amazon.CDK;
using Amazon.CDK.AWS.CertificateManager;
using Amazon.CDK.AWS.DynamoDB;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Logs;
using Amazon.CDK.AWS.Route53;
using Amazon.CDK.AWS.S3;
using Amazon.CDK.AwsApigatewayv2Authorizers;
using Amazon.CDK.AwsApigatewayv2Integrations;
using CdkWebSocketApi;
// These two have classes of the same names.
using Apigatewayv2 = Amazon.CDK.AWS.Apigatewayv2;
using Lambda = Amazon.CDK.AWS.Lambda;

namespace Scenario
{
    public static class Program
    {
        public static void Main()
        {
            var app = new App();
            var props = new StackProps
            {
                Env = new Amazon.CDK.Environment { Account = "111111111111", Region = "eu-west-1" },
            };
            var stack = new Stack(app, "Scenario", props);

            var table = new Table(stack, "Table", new TableProps
            {
                PartitionKey = new Attribute { Name = "id", Type = AttributeType.STRING },
                BillingMode = BillingMode.PAY_PER_REQUEST,
            });
            var bucket = new Bucket(stack, "Bucket");
            var existing = new Lambda.Function(stack, "Existing", new Lambda.FunctionProps
            {
                Code = Lambda.Code.FromInline("exports.main = async () => ({})"),
                Handler = "index.main",
                Runtime = Lambda.Runtime.NODEJS_24_X,
            });
            var role = new Role(stack, "Role", new RoleProps { AssumedBy = new ServicePrincipal("ecs-tasks.amazonaws.com") });
            var zone = HostedZone.FromHostedZoneAttributes(stack, "Zone", new HostedZoneAttributes
            {
                HostedZoneId = "Z0123456789",
                ZoneName = "domain.com",
            });
            var certificate = Certificate.FromCertificateArn(stack, "Certificate", "arn:aws:acm:eu-west-1:111111111111:certificate/given");

            // Everything that a created API can have.
            var chat = new WebSocketApi(stack, "Chat", new WebSocketApiProps
            {
                Routes = new Dictionary<string, Route>
                {
                    ["$connect"] = Route.ToHandler("src/connect.main"),
                    ["$disconnect"] = Route.ToFunction(existing),
                    ["$default"] = Route.ToHandler("src/message.main", new HandlerRouteProps
                    {
                        MemorySize = 256,
                        Timeout = Duration.Seconds(5),
                        Environment = new Dictionary<string, string> { ["LEVEL"] = "debug" },
                        Bundling = Bundling.Esbuild(new EsbuildOptions
                        {
                            Minify = false,
                            KeepNames = true,
                            SourceMap = true,
                            Target = "node22",
                            Format = ModuleFormat.ESM,
                            ExternalModules = new[] { "@aws-sdk/*", "@smithy/*" },
                            Define = new Dictionary<string, string> { ["process.env.STAGE"] = "\"prod\"" },
                            Loader = new Dictionary<string, string> { [".graphql"] = "text" },
                            Banner = "// banner",
                            Footer = "// footer",
                            CopyFiles = new[] { new CopyFile { Source = "plain", Destination = "copied" } },
                        }),
                        Permissions = new[]
                        {
                            Permissions.Grant(bucket, "grantRead"),
                            Permissions.Service("ses"),
                            Permissions.Action("dynamodb:GetItem", table.TableArn),
                        },
                    }),
                    ["sendMessage"] = Route.ToHandler("src/message.main", new HandlerRouteProps
                    {
                        ReturnResponse = true,
                        Throttle = new Apigatewayv2.ThrottleSettings { RateLimit = 10, BurstLimit = 5 },
                    }),
                    ["plain"] = Route.ToHandler("plain.main", new HandlerRouteProps
                    {
                        SrcPath = "plain",
                        Bundling = Bundling.Disabled(),
                        OperationName = "Plain",
                    }),
                    ["pong"] = Route.ToHandler("pong.main", new HandlerRouteProps { SrcPath = "python-handlers" }),
                    ["code"] = Route.ToHandler("index.main", new HandlerRouteProps
                    {
                        Code = Lambda.Code.FromInline("exports.main = async () => ({})"),
                        Runtime = Lambda.Runtime.NODEJS_22_X,
                    }),
                    ["ping"] = Route.ToIntegration(new WebSocketMockIntegration("Ping", new WebSocketMockIntegrationProps
                    {
                        RequestTemplates = new Dictionary<string, string> { ["200"] = "{\"statusCode\":200}" },
                        TemplateSelectionExpression = "200",
                    })),
                },
                DefaultFunctionProps = new HandlerProps
                {
                    Environment = new Dictionary<string, string> { ["TABLE_NAME"] = table.TableName, ["LEVEL"] = "info" },
                    Permissions = new[] { Permissions.FullAccess(table) },
                },
                AccessLog = AccessLog.Json(new AccessLogOptions
                {
                    Retention = RetentionDays.ONE_MONTH,
                    RemovalPolicy = RemovalPolicy.DESTROY,
                    AccountRole = AccountLogRole.Ensure(),
                }),
                Authorization = Authorization.FromHandler(
                    "src/authorize.main",
                    new AuthorizerHandlerProps
                    {
                        MemorySize = 128,
                        AuthorizerName = "Tokens",
                        IdentitySource = new[]
                        {
                            HandshakeValue.QueryString("token"),
                            HandshakeValue.Header("Origin"),
                            HandshakeValue.StageVariable("tenant"),
                            HandshakeValue.Context("identity.sourceIp"),
                        },
                    }),
                CustomDomain = CustomDomain.FromName("chat.domain.com", new CustomDomainOptions
                {
                    Path = "v1",
                    Dns = Dns.FromHostedZone(zone),
                    IpAddressType = Apigatewayv2.IpAddressType.DUAL_STACK,
                }),
                Api = ApiSource.FromProps(new Apigatewayv2.WebSocketApiProps
                {
                    Description = "The scenario",
                    RouteSelectionExpression = "$request.body.type",
                }),
                Stage = StageSource.FromOptions(new WebSocketStageOptions
                {
                    StageName = "prod",
                    Description = "Everything",
                    Throttle = new Apigatewayv2.ThrottleSettings { RateLimit = 100, BurstLimit = 50 },
                    DetailedMetrics = true,
                    StageVariables = new Dictionary<string, string> { ["tenant"] = "one" },
                    ExecutionLog = ExecutionLog.Full(),
                }),
            });
            chat.AttachPermissions(Permissions.Statement(new PolicyStatement(new PolicyStatementProps
            {
                Actions = new[] { "sns:Publish" },
                Resources = new[] { "*" },
            })));
            chat.AttachPermissionsToRoute("sendMessage", Permissions.All());
            chat.GrantManageConnections(role);
            chat.GrantConnect(role);

            // A second API on the same domain, with the other kinds of log and authorization.
            var status = new WebSocketApi(stack, "Status", new WebSocketApiProps
            {
                Routes = new Dictionary<string, Route>
                {
                    ["$connect"] = Route.ToFunction(existing),
                    ["$default"] = Route.ToFunction(existing),
                },
                AccessLog = AccessLog.Csv(new AccessLogOptions { AccountRole = AccountLogRole.Existing() }),
                Authorization = Authorization.Iam(),
                CustomDomain = CustomDomain.FromDomainName(chat.ApiGatewayDomain!, new ExistingDomainOptions { Path = "status" }),
                Stage = StageSource.FromOptions(new WebSocketStageOptions { ExecutionLog = ExecutionLog.Errors() }),
            });
            chat.AttachPermissions(Permissions.FullAccess(status));

            new WebSocketApi(stack, "Events", new WebSocketApiProps
            {
                Routes = new Dictionary<string, Route> { ["$connect"] = Route.ToFunction(existing) },
                AccessLog = AccessLog.Format("$context.requestId $context.status"),
                Authorization = Authorization.FromAuthorizer(new WebSocketIamAuthorizer()),
                CustomDomain = CustomDomain.FromName("events.example.org", new CustomDomainOptions
                {
                    Dns = Dns.External(),
                    Certificate = certificate,
                }),
                Stage = StageSource.FromOptions(new WebSocketStageOptions { ExecutionLog = ExecutionLog.Info() }),
            });

            new WebSocketApi(stack, "Quiet", new WebSocketApiProps
            {
                Routes = new Dictionary<string, Route> { ["$connect"] = Route.ToFunction(existing) },
                AccessLog = AccessLog.Disabled(),
                Authorization = Authorization.FromFunction(existing),
                CustomDomain = CustomDomain.FromName("quiet.domain.com", new CustomDomainOptions { Dns = Dns.FromZoneName("domain.com") }),
                Stage = StageSource.FromOptions(new WebSocketStageOptions { ExecutionLog = ExecutionLog.Disabled() }),
            });

            // Routes for an API and a stage that exist, and routes in another stack.
            var imported = Apigatewayv2.WebSocketApi.FromWebSocketApiAttributes(stack, "Imported", new Apigatewayv2.WebSocketApiAttributes
            {
                WebSocketId = "abcdef1234",
            });
            new WebSocketApi(stack, "More", new WebSocketApiProps
            {
                Routes = new Dictionary<string, Route> { ["more"] = Route.ToFunction(existing) },
                Authorization = Authorization.None(),
                Api = ApiSource.FromApi(imported),
                Stage = StageSource.FromStage(Apigatewayv2.WebSocketStage.FromWebSocketStageAttributes(stack, "ImportedStage", new Apigatewayv2.WebSocketStageAttributes
                {
                    Api = imported,
                    StageName = "live",
                })),
            });
            var other = new Stack(app, "Other", props);
            chat.AddRoutes(other, new Dictionary<string, Route> { ["order"] = Route.ToHandler("src/message.main") });

            app.Synth();
        }
    }
}
