import { App, Duration } from 'aws-cdk-lib';
import { type LocalGateway, startLocalGateway } from 'cdk-websocket-api/local';
import { AssistantStack } from '../lib/assistant-stack';
import { type Answers, type BedrockStandIn, startBedrock } from '../local/bedrock';

export interface ServedAssistant {
  readonly bedrock: BedrockStandIn;
  readonly gateway: LocalGateway;
  readonly url: string;
  /** Of an assistant that has two seconds for an answer. */
  readonly hurriedUrl: string;
  /** What IAM lets the function of an assistant do with models. */
  modelPolicy(stack: 'Patient' | 'Hurried'): object[];
  close(): Promise<void>;
}

/** The app as it would be deployed, on this machine, with a stand-in for Bedrock. */
export async function serveAssistant(answers: Answers): Promise<ServedAssistant> {
  const bedrock = await startBedrock(answers);
  const app = new App();
  new AssistantStack(app, 'Patient', { modelId: 'eu.vendor.model-v1:0' });
  new AssistantStack(app, 'Hurried', { modelId: 'vendor.model-v1:0', timeout: Duration.seconds(7) });
  const gateway = await startLocalGateway({ app, env: { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url } });
  const urlOf = (stack: string) => gateway.apis.find(({ name }) => name.includes(stack))!.url;
  return {
    bedrock,
    gateway,
    url: urlOf('Patient'),
    hurriedUrl: urlOf('Hurried'),
    modelPolicy: (stack) => Object.values<any>(app.synth().getStackByName(stack).template.Resources)
      .flatMap(({ Properties }) => Properties?.PolicyDocument?.Statement ?? [])
      .filter(({ Action }) => String(Action).startsWith('bedrock:')),
    async close() {
      await gateway.close();
      await bedrock.close();
    },
  };
}
