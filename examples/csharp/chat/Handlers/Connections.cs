using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;

namespace Chat.Handlers
{
    /// <summary>The table of those who are connected.</summary>
    internal static class Connections
    {
        private static readonly string Table = Environment.GetEnvironmentVariable("CONNECTIONS_TABLE")!;

        public static Task Add(string connectionId) => Aws.DynamoDb("PutItem", new { TableName = Table, Item = Key(connectionId) });

        public static Task Remove(string connectionId) => Aws.DynamoDb("DeleteItem", new { TableName = Table, Key = Key(connectionId) });

        /// <summary>The ids of all connections, page by page: as many at a time as are posted to at once.</summary>
        public static async IAsyncEnumerable<IEnumerable<string>> All()
        {
            JsonElement? next = null;
            do
            {
                var page = await Aws.DynamoDb("Scan", new { TableName = Table, ProjectionExpression = "connectionId", Limit = 100, ExclusiveStartKey = next });
                yield return page.GetProperty("Items").EnumerateArray().Select((item) => item.GetProperty("connectionId").GetProperty("S").GetString()!);
                next = page.TryGetProperty("LastEvaluatedKey", out var last) ? last : null;
            } while (next != null);
        }

        private static object Key(string connectionId) => new { connectionId = new { S = connectionId } };
    }
}
