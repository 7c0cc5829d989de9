/**
 * The field of a message that alone selects its route, as names from the outside in. Undefined if the expression is more than the path of
 * one field, as `$request.body.action` is.
 */
export function selectingField(routeSelectionExpression: string): string[] | undefined {
  const [, path] = /^\$\{?request\.body\.([\w-]+(?:\.[\w-]+)*)\}?$/.exec(routeSelectionExpression) ?? [];
  return path?.split('.');
}
