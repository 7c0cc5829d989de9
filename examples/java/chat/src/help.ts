/** Answers what no other route takes. */
export async function main() {
  const usage = { action: 'sendMessage', data: 'what everybody is to read' };
  return { statusCode: 200, body: JSON.stringify({ help: 'send messages like this one', example: usage }) };
}
