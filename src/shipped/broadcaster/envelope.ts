/** What a service puts around the events that it passes on. */
export type Envelope =
  | { readonly kind: 'none'; readonly event: unknown }
  /** Several events, each a text with JSON, and the id by which the queue knows it. */
  | { readonly kind: 'records'; readonly records: ReadonlyArray<{ readonly id?: string; readonly text: string }> };

/** Takes the envelope of EventBridge, SNS or SQS off. Step Functions, and a rule's own input, have none. */
export function open(event: any): Envelope {
  if (Array.isArray(event?.Records) && event.Records.length > 0) {
    return { kind: 'records', records: event.Records.map((record: any) => ({ id: record?.messageId, text: textOf(record?.Sns?.Message ?? record?.body) })) };
  }
  if (typeof event?.['detail-type'] === 'string' && event.action === undefined) { return { kind: 'none', event: event.detail }; }
  return { kind: 'none', event };
}

/** Anything else is no JSON. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
