/* eslint-disable @typescript-eslint/no-require-imports -- the gateway is loaded only to run it: `--help` is quick */
import { Command } from './command';
import { checked, options } from './local-options';

/** Runs the APIs of an app. */
export const local: Command<typeof options> = {
  name: 'local',
  summary: 'run the WebSocket APIs of a synthesized CDK app on this machine.',
  options,
  notes: `Every WebSocket API of the app is served. Connect with any WebSocket client, or open /_console in a browser.
Calls to AWS services go to AWS_ENDPOINT_URL or AWS_ENDPOINT_URL_<SERVICE>, for example to a DynamoDB on this machine.`,
  async run(values) {
    const given = checked(values);
    const { serve } = require('./serve') as typeof import('./serve');
    await serve(given);
  },
};
