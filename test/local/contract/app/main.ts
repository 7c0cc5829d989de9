import { App, Environment, Stack } from 'aws-cdk-lib';
import { defineContractApp } from './contract-app';

// The app as the CDK deploys it to AWS, and as a gateway serves it at a URL.

const { CDK_DEFAULT_ACCOUNT, CDK_DEFAULT_REGION, CONTRACT_APP = '{}' } = process.env;
const { onAws, ...options } = JSON.parse(CONTRACT_APP);
const env: Environment = onAws ? { account: CDK_DEFAULT_ACCOUNT, region: CDK_DEFAULT_REGION } : { account: '111111111111', region: 'eu-west-1' };
/** Where `npm run contract -- --url` has a server. */
const forGateways = { backend: 'http://127.0.0.1:3002', nowhere: 'http://127.0.0.1:1/', accessLog: true };
defineContractApp(new Stack(new App(), 'cdk-websocket-api-contract', { env }), { customDomain: false, ...onAws ? {} : forGateways, ...options });
