using System.Collections.Generic;
using System.IO;
using System.Runtime.CompilerServices;
using Amazon.CDK;
using Amazon.CDK.Assertions;
using Xunit;

namespace Chat.Tests
{
    public class ChatStackTests
    {
        private readonly Template _template;

        public ChatStackTests()
        {
            // Where the CDK CLI runs the app: its paths are relative to the folder of cdk.json.
            Directory.SetCurrentDirectory(Path.Combine(FolderOfThisFile(), ".."));
            _template = Template.FromStack(new ChatStack(new App(), "Chat"));
        }

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

        private static string FolderOfThisFile([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
    }
}
