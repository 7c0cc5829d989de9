// The scenario of typescript/app.ts, line for line.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2authorizers"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2integrations"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsroute53"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"
	ws "github.com/cdk-websocket-api/cdk-websocket-api-go/cdkwebsocketapi"
)

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	env := &awscdk.Environment{Account: jsii.String("111111111111"), Region: jsii.String("eu-west-1")}
	stack := awscdk.NewStack(app, jsii.String("Scenario"), &awscdk.StackProps{Env: env})

	table := awsdynamodb.NewTable(stack, jsii.String("Table"), &awsdynamodb.TableProps{
		PartitionKey: &awsdynamodb.Attribute{Name: jsii.String("id"), Type: awsdynamodb.AttributeType_STRING},
		BillingMode:  awsdynamodb.BillingMode_PAY_PER_REQUEST,
	})
	bucket := awss3.NewBucket(stack, jsii.String("Bucket"), nil)
	existing := awslambda.NewFunction(stack, jsii.String("Existing"), &awslambda.FunctionProps{
		Code:    awslambda.Code_FromInline(jsii.String("exports.main = async () => ({})")),
		Handler: jsii.String("index.main"),
		Runtime: awslambda.Runtime_NODEJS_24_X(),
	})
	role := awsiam.NewRole(stack, jsii.String("Role"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("ecs-tasks.amazonaws.com"), nil),
	})
	zone := awsroute53.HostedZone_FromHostedZoneAttributes(stack, jsii.String("Zone"), &awsroute53.HostedZoneAttributes{
		HostedZoneId: jsii.String("Z0123456789"),
		ZoneName:     jsii.String("domain.com"),
	})
	certificate := awscertificatemanager.Certificate_FromCertificateArn(stack, jsii.String("Certificate"),
		jsii.String("arn:aws:acm:eu-west-1:111111111111:certificate/given"))

	// Everything that a created API can have.
	chat := ws.NewWebSocketApi(stack, jsii.String("Chat"), &ws.WebSocketApiProps{
		Routes: &map[string]ws.Route{
			"$connect":    ws.Route_ToHandler(jsii.String("src/connect.main"), nil),
			"$disconnect": ws.Route_ToFunction(existing, nil),
			"$default": ws.Route_ToHandler(jsii.String("src/message.main"), &ws.HandlerRouteProps{
				MemorySize:  jsii.Number(256),
				Timeout:     awscdk.Duration_Seconds(jsii.Number(5)),
				Environment: &map[string]*string{"LEVEL": jsii.String("debug")},
				Bundling: ws.Bundling_Esbuild(&ws.EsbuildOptions{
					Minify:          jsii.Bool(false),
					KeepNames:       jsii.Bool(true),
					SourceMap:       jsii.Bool(true),
					Target:          jsii.String("node22"),
					Format:          ws.ModuleFormat_ESM,
					ExternalModules: jsii.Strings("@aws-sdk/*", "@smithy/*"),
					Define:          &map[string]*string{"process.env.STAGE": jsii.String(`"prod"`)},
					Loader:          &map[string]*string{".graphql": jsii.String("text")},
					Banner:          jsii.String("// banner"),
					Footer:          jsii.String("// footer"),
					CopyFiles:       &[]*ws.CopyFile{{Source: jsii.String("plain"), Destination: jsii.String("copied")}},
				}),
				Permissions: &[]ws.Permissions{
					ws.Permissions_Grant(bucket, jsii.String("grantRead")),
					ws.Permissions_Service(jsii.String("ses")),
					ws.Permissions_Action(jsii.String("dynamodb:GetItem"), table.TableArn()),
				},
			}),
			"sendMessage": ws.Route_ToHandler(jsii.String("src/message.main"), &ws.HandlerRouteProps{
				ReturnResponse: jsii.Bool(true),
				Throttle:       &awsapigatewayv2.ThrottleSettings{RateLimit: jsii.Number(10), BurstLimit: jsii.Number(5)},
			}),
			"plain": ws.Route_ToHandler(jsii.String("plain.main"), &ws.HandlerRouteProps{
				SrcPath:       jsii.String("plain"),
				Bundling:      ws.Bundling_Disabled(),
				OperationName: jsii.String("Plain"),
			}),
			"pong": ws.Route_ToHandler(jsii.String("pong.main"), &ws.HandlerRouteProps{SrcPath: jsii.String("python-handlers")}),
			"code": ws.Route_ToHandler(jsii.String("index.main"), &ws.HandlerRouteProps{
				Code:    awslambda.Code_FromInline(jsii.String("exports.main = async () => ({})")),
				Runtime: awslambda.Runtime_NODEJS_22_X(),
			}),
			"ping": ws.Route_ToIntegration(awsapigatewayv2integrations.NewWebSocketMockIntegration(jsii.String("Ping"), &awsapigatewayv2integrations.WebSocketMockIntegrationProps{
				RequestTemplates:            &map[string]*string{"200": jsii.String(`{"statusCode":200}`)},
				TemplateSelectionExpression: jsii.String("200"),
			}), nil),
		},
		DefaultFunctionProps: &ws.HandlerProps{
			Environment: &map[string]*string{"TABLE_NAME": table.TableName(), "LEVEL": jsii.String("info")},
			Permissions: &[]ws.Permissions{ws.Permissions_FullAccess(table)},
		},
		AccessLog: ws.AccessLog_Json(&ws.AccessLogOptions{
			Retention:     awslogs.RetentionDays_ONE_MONTH,
			RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
			AccountRole:   ws.AccountLogRole_Ensure(),
		}),
		Authorization: ws.Authorization_FromHandler(
			jsii.String("src/authorize.main"),
			&ws.AuthorizerHandlerProps{
				MemorySize:     jsii.Number(128),
				AuthorizerName: jsii.String("Tokens"),
				IdentitySource: &[]ws.HandshakeValue{
					ws.HandshakeValue_QueryString(jsii.String("token")),
					ws.HandshakeValue_Header(jsii.String("Origin")),
					ws.HandshakeValue_StageVariable(jsii.String("tenant")),
					ws.HandshakeValue_Context(jsii.String("identity.sourceIp")),
				},
			}),
		CustomDomain: ws.CustomDomain_FromName(jsii.String("chat.domain.com"), &ws.CustomDomainOptions{
			Path:          jsii.String("v1"),
			Dns:           ws.Dns_FromHostedZone(zone),
			IpAddressType: awsapigatewayv2.IpAddressType_DUAL_STACK,
		}),
		Api: ws.ApiSource_FromProps(&awsapigatewayv2.WebSocketApiProps{
			Description:              jsii.String("The scenario"),
			RouteSelectionExpression: jsii.String("$request.body.type"),
		}),
		Stage: ws.StageSource_FromOptions(&ws.WebSocketStageOptions{
			StageName:       jsii.String("prod"),
			Description:     jsii.String("Everything"),
			Throttle:        &awsapigatewayv2.ThrottleSettings{RateLimit: jsii.Number(100), BurstLimit: jsii.Number(50)},
			DetailedMetrics: jsii.Bool(true),
			StageVariables:  &map[string]*string{"tenant": jsii.String("one")},
			ExecutionLog:    ws.ExecutionLog_Full(nil),
		}),
	})
	chat.AttachPermissions(ws.Permissions_Statement(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Actions:   jsii.Strings("sns:Publish"),
		Resources: jsii.Strings("*"),
	})))
	chat.AttachPermissionsToRoute(jsii.String("sendMessage"), ws.Permissions_All())
	chat.GrantManageConnections(role)
	chat.GrantConnect(role)

	// A second API on the same domain, with the other kinds of log and authorization.
	status := ws.NewWebSocketApi(stack, jsii.String("Status"), &ws.WebSocketApiProps{
		Routes: &map[string]ws.Route{
			"$connect": ws.Route_ToFunction(existing, nil),
			"$default": ws.Route_ToFunction(existing, nil),
		},
		AccessLog:     ws.AccessLog_Csv(&ws.AccessLogOptions{AccountRole: ws.AccountLogRole_Existing()}),
		Authorization: ws.Authorization_Iam(),
		CustomDomain:  ws.CustomDomain_FromDomainName(chat.ApiGatewayDomain(), &ws.ExistingDomainOptions{Path: jsii.String("status")}),
		Stage:         ws.StageSource_FromOptions(&ws.WebSocketStageOptions{ExecutionLog: ws.ExecutionLog_Errors(nil)}),
	})
	chat.AttachPermissions(ws.Permissions_FullAccess(status))

	ws.NewWebSocketApi(stack, jsii.String("Events"), &ws.WebSocketApiProps{
		Routes:        &map[string]ws.Route{"$connect": ws.Route_ToFunction(existing, nil)},
		AccessLog:     ws.AccessLog_Format(jsii.String("$context.requestId $context.status"), nil),
		Authorization: ws.Authorization_FromAuthorizer(awsapigatewayv2authorizers.NewWebSocketIamAuthorizer()),
		CustomDomain: ws.CustomDomain_FromName(jsii.String("events.example.org"), &ws.CustomDomainOptions{
			Dns:         ws.Dns_External(),
			Certificate: certificate,
		}),
		Stage: ws.StageSource_FromOptions(&ws.WebSocketStageOptions{ExecutionLog: ws.ExecutionLog_Info(nil)}),
	})

	ws.NewWebSocketApi(stack, jsii.String("Quiet"), &ws.WebSocketApiProps{
		Routes:        &map[string]ws.Route{"$connect": ws.Route_ToFunction(existing, nil)},
		AccessLog:     ws.AccessLog_Disabled(),
		Authorization: ws.Authorization_FromFunction(existing, nil),
		CustomDomain: ws.CustomDomain_FromName(jsii.String("quiet.domain.com"), &ws.CustomDomainOptions{
			Dns: ws.Dns_FromZoneName(jsii.String("domain.com")),
		}),
		Stage: ws.StageSource_FromOptions(&ws.WebSocketStageOptions{ExecutionLog: ws.ExecutionLog_Disabled()}),
	})

	// Routes for an API and a stage that exist, and routes in another stack.
	imported := awsapigatewayv2.WebSocketApi_FromWebSocketApiAttributes(stack, jsii.String("Imported"), &awsapigatewayv2.WebSocketApiAttributes{
		WebSocketId: jsii.String("abcdef1234"),
	})
	ws.NewWebSocketApi(stack, jsii.String("More"), &ws.WebSocketApiProps{
		Routes:        &map[string]ws.Route{"more": ws.Route_ToFunction(existing, nil)},
		Authorization: ws.Authorization_None(),
		Api:           ws.ApiSource_FromApi(imported),
		Stage: ws.StageSource_FromStage(awsapigatewayv2.WebSocketStage_FromWebSocketStageAttributes(stack, jsii.String("ImportedStage"), &awsapigatewayv2.WebSocketStageAttributes{
			Api:       imported,
			StageName: jsii.String("live"),
		})),
	})
	other := awscdk.NewStack(app, jsii.String("Other"), &awscdk.StackProps{Env: env})
	chat.AddRoutes(other, &map[string]ws.Route{"order": ws.Route_ToHandler(jsii.String("src/message.main"), nil)})

	app.Synth(nil)
}
