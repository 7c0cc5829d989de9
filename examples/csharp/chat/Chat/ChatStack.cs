using System.Collections.Generic;
using Amazon.CDK;
using Amazon.CDK.AWS.DynamoDB;
using Constructs;

namespace Chat
{
    // Here it goes before the names of CDK, which has a WebSocketApi, too.
    using CdkWebSocketApi;

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
                    ["$connect"] = Route.ToHandler("Handlers::Chat.Handlers.Connect::Handle", new HandlerRouteProps { Permissions = mayWrite }),
                    ["$disconnect"] = Route.ToHandler("Handlers::Chat.Handlers.Disconnect::Handle", new HandlerRouteProps { Permissions = mayWrite }),
                    ["sendMessage"] = Route.ToHandler("Handlers::Chat.Handlers.SendMessage::Handle", new HandlerRouteProps { Permissions = mayReadAndWrite }),
                    ["$default"] = Route.ToHandler("Handlers::Chat.Handlers.Help::Handle", new HandlerRouteProps { ReturnResponse = true }),
                },
                DefaultFunctionProps = new HandlerProps
                {
                    SrcPath = "Handlers",
                    Environment = new Dictionary<string, string> { ["CONNECTIONS_TABLE"] = connections.TableName },
                },
            });

            new CfnOutput(this, "Url", new CfnOutputProps { Value = api.Url });
        }
    }
}
