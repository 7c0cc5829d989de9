import { App } from 'aws-cdk-lib';
import { AssistantStack } from '../lib/assistant-stack';

const app = new App();
new AssistantStack(app, 'Assistant', { modelId: app.node.tryGetContext('model') });
