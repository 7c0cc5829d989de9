using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Tasks;

namespace Chat.Handlers
{
    /// <summary>
    /// The calls to AWS, signed by hand, so that this example needs no package. In an app of yours, AWSSDK.DynamoDBv2 (<c>AmazonDynamoDBClient</c>)
    /// and AWSSDK.ApiGatewayManagementApi (<c>AmazonApiGatewayManagementApiClient</c>, with <c>ServiceURL = WEBSOCKET_CALLBACK_URL</c>) take the
    /// place of this file.
    /// </summary>
    internal static class Aws
    {
        private static readonly HttpClient Http = new();
        private static readonly JsonSerializerOptions WithoutNull = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
        private static readonly string Region = Variable("AWS_REGION")!;

        public static async Task<JsonElement> DynamoDb(string operation, object request)
        {
            var endpoint = Variable("AWS_ENDPOINT_URL_DYNAMODB") ?? $"https://dynamodb.{Region}.amazonaws.com";
            var body = JsonSerializer.SerializeToUtf8Bytes(request, WithoutNull);
            using var response = await Send("dynamodb", new Uri(endpoint), body, "application/x-amz-json-1.0", $"DynamoDB_20120810.{operation}");
            var text = await response.Content.ReadAsStringAsync();
            if (!response.IsSuccessStatusCode) { throw new HttpRequestException($"{operation} failed: {text}"); }
            return JsonSerializer.Deserialize<JsonElement>(text);
        }

        /// <returns>410, if the connection is gone</returns>
        public static async Task<HttpStatusCode> PostToConnection(string connectionId, byte[] message)
        {
            var url = new Uri($"{Variable("WEBSOCKET_CALLBACK_URL")}/@connections/{Uri.EscapeDataString(connectionId)}");
            using var response = await Send("execute-api", url, message, "application/json");
            if (response.StatusCode != HttpStatusCode.Gone) { response.EnsureSuccessStatusCode(); }
            return response.StatusCode;
        }

        /// <summary>Signs a request as https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html says.</summary>
        private static Task<HttpResponseMessage> Send(string service, Uri url, byte[] body, string type, string? target = null)
        {
            var time = DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss'Z'");
            var scope = $"{time[..8]}/{Region}/{service}/aws4_request";
            var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["host"] = url.IsDefaultPort ? url.Host : $"{url.Host}:{url.Port}",
                ["x-amz-date"] = time,
            };
            if (Variable("AWS_SESSION_TOKEN") is { } token) { headers["x-amz-security-token"] = token; }
            if (target != null) { headers["x-amz-target"] = target; }

            var names = string.Join(';', headers.Keys);
            var path = string.Join('/', url.AbsolutePath.Split('/').Select(Uri.EscapeDataString));
            var lines = string.Concat(headers.Select((header) => $"{header.Key}:{header.Value}\n"));
            var canonical = $"POST\n{path}\n\n{lines}\n{names}\n{Hex(SHA256.HashData(body))}";
            var toSign = $"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
            var key = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + Variable("AWS_SECRET_ACCESS_KEY")), Hmac);
            var signature = $"AWS4-HMAC-SHA256 Credential={Variable("AWS_ACCESS_KEY_ID")}/{scope}, SignedHeaders={names}, Signature={Hex(Hmac(key, toSign))}";

            var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new(type);
            foreach (var (name, value) in headers) { request.Headers.TryAddWithoutValidation(name, value); }
            request.Headers.TryAddWithoutValidation("Authorization", signature);
            return Http.SendAsync(request);
        }

        private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

        private static string Hex(byte[] bytes) => Convert.ToHexString(bytes).ToLowerInvariant();

        private static string? Variable(string name) => Environment.GetEnvironmentVariable(name);
    }
}
