using System;
using System.IO;
using System.Text.Json;

namespace Chat.Handlers
{
    /// <summary>What API Gateway sends. The package Amazon.Lambda.APIGatewayEvents has it with all its properties.</summary>
    internal sealed class Event : IDisposable
    {
        private readonly JsonDocument _document;

        public Event(Stream input) => _document = JsonDocument.Parse(input);

        public string ConnectionId => _document.RootElement.GetProperty("requestContext").GetProperty("connectionId").GetString()!;

        public string Body => _document.RootElement.GetProperty("body").GetString()!;

        public void Dispose() => _document.Dispose();
    }

    internal static class Answer
    {
        /// <summary>With a body, if the route returns its response.</summary>
        public static Stream Ok(object? body = null)
        {
            var answer = new { statusCode = 200, body = body == null ? null : JsonSerializer.Serialize(body) };
            return new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(answer));
        }
    }
}
