import { App, Stack } from 'aws-cdk-lib';
import { defineContractApp } from './contract-app';

// The app as the CDK deploys it, and as a gateway serves it at a URL.

const { CDK_DEFAULT_ACCOUNT: account = '111111111111', CDK_DEFAULT_REGION: region = 'eu-west-1', CONTRACT_APP: options = '{}' } = process.env;
defineContractApp(new Stack(new App(), 'cdk-websocket-api-contract', { env: { account, region } }), {
  nowhere: 'http://127.0.0.1:1/', accessLog: true, customDomain: false, ...JSON.parse(options),
});
