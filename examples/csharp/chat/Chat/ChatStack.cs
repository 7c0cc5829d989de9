using System.Collections.Generic;
using Amazon.CDK;
using Amazon.CDK.AWS.DynamoDB;
using CdkWebSocketApi;
using Constructs;

namespace Chat
{
    public class ChatStack : Stack
    {
        public ChatStack(Construct scope, string id) : base(scope, id)
        {
            var connections = new Table(this, "Connections", new TableProps
            {
                PartitionKey = new Attribute { Name = "connectionId", Type = AttributeType.STRING },
                BillingMode = BillingMode.PAY_PER_REQUEST,
                RemovalPolicy = RemovalPolicy.DESTROY,
            });
            var mayWrite = new[] { Permissions.Grant(connections, "GrantWriteData") };
            var mayReadAndWrite = new[] { Permissions.Grant(connections, "GrantReadWriteData") };

            var api = new WebSocketApi(this, "Api", new WebSocketApiProps
            {
                Routes = new Dictionary<string, Route>
                {
                    ["$connect"] = Route.ToHandler("src/connect.main", new HandlerRouteProps { Permissions = mayWrite }),
                    ["$disconnect"] = Route.ToHandler("src/disconnect.main", new HandlerRouteProps { Permissions = mayWrite }),
                    ["sendMessage"] = Route.ToHandler("src/sendMessage.main", new HandlerRouteProps { Permissions = mayReadAndWrite }),
                    ["$default"] = Route.ToHandler("src/help.main", new HandlerRouteProps { ReturnResponse = true }),
                },
                DefaultFunctionProps = new HandlerProps
                {
                    Environment = new Dictionary<string, string> { ["CONNECTIONS_TABLE"] = connections.TableName },
                },
            });

            new CfnOutput(this, "Url", new CfnOutputProps { Value = api.Url });
        }
    }
}
