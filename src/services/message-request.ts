/*
 * SQS and SNS take a form.
 */

export const FORM = { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" };

/** For FIFO queues and topics: one group a connection, and what comes twice from a client is two messages. */
export const IN_GROUPS = '&MessageGroupId=$util.urlEncode($context.connectionId)&MessageDeduplicationId=$util.urlEncode($context.requestId)';
