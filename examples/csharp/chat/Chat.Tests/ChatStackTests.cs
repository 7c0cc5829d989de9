using System.Collections.Generic;
using Amazon.CDK;
using Amazon.CDK.Assertions;
using Xunit;

// jsii has one Node.js process, and xunit would run classes of tests side by side: jsii hangs or fails then.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Chat.Tests
{
    public class ChatStackTests
    {
        private readonly Template _template = Template.FromStack(new ChatStack(new App(), "Chat"));

        [Fact]
        public void HasTheRoutes()
        {
            _template.ResourceCountIs("AWS::ApiGatewayV2::Route", 4);
            foreach (var routeKey in new[] { "$connect", "$disconnect", "sendMessage", "$default" })
            {
                _template.HasResourceProperties("AWS::ApiGatewayV2::Route", new Dictionary<string, object> { ["RouteKey"] = routeKey });
            }
        }

        [Fact]
        public void DeploysTheStage()
        {
            _template.HasResourceProperties("AWS::ApiGatewayV2::Stage", new Dictionary<string, object>
            {
                ["StageName"] = "dev",
                ["AutoDeploy"] = true,
            });
        }
    }
}
