import { deliverSlice, isSlice } from './broadcast';
import { parseCommand } from './command';
import { run } from './commands';
import { open } from './envelope';
import { Services, servicesOf } from './services';

let services: Omit<Services, 'self'> | undefined;

export async function handler(event: unknown, { invokedFunctionArn }: { readonly invokedFunctionArn: string }): Promise<unknown> {
  services ??= servicesOf(process.env);
  return handle(event, { ...services, self: invokedFunctionArn });
}

/** One command, or those that a topic or a queue has brought. */
export async function handle(given: unknown, using: Services): Promise<unknown> {
  const envelope = open(given);
  if (envelope.kind === 'none') { return one(envelope.event, using); }
  const failed: string[] = [];
  let failure: unknown;
  for (const { id, text } of envelope.records) {
    try {
      await one(JSON.parse(text), using);
    } catch (error) {
      failure = error;
      failed.push(id ?? '');
      // A JSON parser quotes what it does not understand.
      using.log(JSON.stringify({ level: 'ERROR', message: error instanceof SyntaxError ? 'a record is no JSON' : (error as Error).message }));
    }
  }
  // If only some failed, those that were sent must not be sent again: the queue learns which ones failed.
  if (failed.length === envelope.records.length) { throw failure instanceof SyntaxError ? new Error('the record is no JSON') : failure; }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

async function one(event: unknown, using: Services): Promise<unknown> {
  return isSlice(event) ? deliverSlice(event, using) : run(parseCommand(event), using);
}
