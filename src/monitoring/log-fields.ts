/** Which field of a JSON access log holds which value of API Gateway's. */
export type LogFields = ReadonlyMap<string, string>;

/**
 * The fields of an access log by the names of the values, such as `routeKey` and `identity.sourceIp`. Logs Insights knows them only if a
 * line is a JSON object, and only the format of the log itself says what they are called.
 */
export function logFieldsOf(format: string): LogFields {
  try {
    return new Map(fieldsIn(JSON.parse(format), []));
  } catch {
    return new Map();
  }
}

function fieldsIn(value: unknown, path: string[]): Array<[string, string]> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([name, one]) => fieldsIn(one, [...path, name]));
  }
  const [, variable] = /^\$context\.([\w.]+)$/.exec(String(value)) ?? [];
  return variable === undefined || path.length === 0 ? [] : [[variable, fieldName(path)]];
}

/** Logs Insights wants backticks around a name with anything but letters, digits, `_` and `.` in it. */
function fieldName(path: string[]): string {
  const name = path.join('.');
  return /^[A-Za-z_][\w.]*$/.test(name) ? name : `\`${name}\``;
}
