/** The examples in the XML of the NuGet package, as source that the compiler takes: each in a namespace of its own. */
export function examplesSource(xml) {
  const blocks = [...xml.matchAll(/<code[^>]*>(.*?)<\/code>/gs)].map(([, text]) => written(text)).filter((text) => !OTHER_LANGUAGES.test(text));
  const examples = [...new Set(blocks)];
  if (examples.length < 30) { throw new Error(`there are only ${examples.length} examples in C#`); }
  return `${USINGS}${examples.map((example, index) => `namespace Example${index} {\n${inNamespace(example)}\n}\n`).join('')}`;
}

/** Commands, and examples that rosetta does not translate. */
const OTHER_LANGUAGES = /^(npx|npm|import|export|\[)/;

function written(text) {
  const [, inCdata] = /^\s*<!\[CDATA\[(.*)\]\]>\s*$/s.exec(text) ?? [];
  const plain = inCdata ?? text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&amp;/g, '&');
  // The compiler indents what it copies into the XML.
  return plain.replace(/^ {12,13}/gm, '').trim();
}

/** As docs/csharp.md says: our namespace is the inner one, so that our names win. */
function inNamespace(example) {
  const usings = [...example.matchAll(/^(?:\/\/ )?using [^\n]*;$/gm)].map(([line]) => line.replace('// ', ''));
  const rest = example.replace(/^(?:\/\/ )?using [^\n]*;\n/gm, '');
  const code = /^\s*class /.test(rest) ? rest : `class Example : Stack {\n${GIVEN}\nvoid Make() {\n${rest}\n} }`;
  return [...new Set(['using CdkWebSocketApi;', ...usings]), code].join('\n');
}

const USINGS = `#pragma warning disable
using System.Collections.Generic;
using Amazon.CDK;
using Amazon.CDK.AWS.Apigatewayv2;
using Amazon.CDK.AwsApigatewayv2Integrations;
using Amazon.CDK.AWS.CertificateManager;
using Amazon.CDK.AWS.CloudWatch;
using Amazon.CDK.AWS.DynamoDB;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Lambda;
using Amazon.CDK.AWS.Logs;
using Amazon.CDK.AWS.Route53;
using Amazon.CDK.AWS.S3;
using Constructs;
`;

/** What the examples take for granted: see the fixture in `rosetta`. */
const GIVEN = 'Table table; Bucket bucket; IFunction existingFunction; IHostedZone zone; ICertificate certificate; Role role; WebSocketApi api;';
