/** Whether a text has no half of a character: UTF-8 cannot write one, and two different ones would become the same name. */
export function isUnicode(text: string): boolean {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}
