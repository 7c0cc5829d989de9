using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.Json;
using System.Threading.Tasks;

namespace Chat.Handlers
{
    /// <summary><c>{"action": "sendMessage", "data": "…"}</c> goes to everybody who is connected.</summary>
    public class SendMessage
    {
        public async Task<Stream> Handle(Stream input)
        {
            using var message = new Event(input);
            using var body = JsonDocument.Parse(message.Body);
            body.RootElement.TryGetProperty("data", out var data);
            var text = JsonSerializer.SerializeToUtf8Bytes(new { from = message.ConnectionId, data });
            await foreach (var connectionIds in Connections.All())
            {
                await Task.WhenAll(connectionIds.Select((connectionId) => Post(connectionId, text)));
            }
            return Answer.Ok();
        }

        private static async Task Post(string connectionId, byte[] text)
        {
            try
            {
                // $disconnect is best effort: a connection may be gone without it.
                if (await Aws.PostToConnection(connectionId, text) == HttpStatusCode.Gone) { await Connections.Remove(connectionId); }
            }
            catch (Exception error)
            {
                // Whoever cannot be reached does not keep the message from the others.
                Console.Error.WriteLine($"cannot post to {connectionId}: {error.Message}");
            }
        }
    }
}
