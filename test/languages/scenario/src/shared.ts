export function reply(body: unknown) {
  return { statusCode: 200, body: JSON.stringify(body) };
}
