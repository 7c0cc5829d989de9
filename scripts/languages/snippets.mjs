import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes the snippets of a page into a folder, each to the file that its first line names. */
export function layOut(page, folder) {
  const snippets = [...page.matchAll(/^```(?:go|java|csharp|xml)\n(?:\/\/|<!--) (\S+)(?: -->)?\n(.*?)^```/gms)];
  const unnamed = [...page.matchAll(/^```(?:go|java|csharp)\n/gm)].length - snippets.filter(([, file]) => !/\.(?:csproj|xml)$/.test(file)).length;
  if (snippets.length === 0 || unnamed !== 0) { throw new Error(`${unnamed} snippets do not say which file they are`); }
  for (const [, file, source] of snippets) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), source);
  }
}

/** The broadcast of docs/realtime.md in a language, as source that its compiler takes: the page has no imports and no class around it. */
export function broadcastSource(language, page) {
  const snippets = [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, source]) => source);
  if (snippets.length !== 1) { throw new Error(`there are ${snippets.length} snippets`); }
  return BROADCASTS[language](snippets[0]);
}

const BROADCASTS = {
  java: (snippet) => `package com.example.echo;

import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;

final class Broadcast {
    void main() {
${snippet}
    }
}
`,
  go: (snippet) => `package main

import (
	"context"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

func broadcast(ctx context.Context, client *lambda.Client) error {
${snippet}
	return err
}

func main() {
	_ = broadcast(context.Background(), lambda.New(lambda.Options{}))
}
`,
  // The package of the SDK cannot be had on every machine. These are its names that the snippet uses.
  csharp: (snippet) => `using System;
using System.Threading.Tasks;
using Amazon.Lambda;
using Amazon.Lambda.Model;

namespace Amazon.Lambda
{
    public sealed class InvocationType
    {
        public static readonly InvocationType Event = new();
    }

    public sealed class AmazonLambdaClient : IDisposable
    {
        public Task<InvokeResponse> InvokeAsync(InvokeRequest request) => Task.FromResult(new InvokeResponse());
        public void Dispose() { }
    }
}

namespace Amazon.Lambda.Model
{
    public sealed class InvokeRequest
    {
        public string? FunctionName { get; set; }
        public InvocationType? InvocationType { get; set; }
        public string? Payload { get; set; }
    }

    public sealed class InvokeResponse { }
}

internal static class Broadcast
{
    internal static async Task Main()
    {
${snippet}
    }
}
`,
};
