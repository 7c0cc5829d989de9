/** An element of an XML file, without what a build does not read: comments, namespaces, processing instructions. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: { readonly [name: string]: string };
  readonly children: XmlElement[];
  /** The text directly in it. */
  readonly text: string;
}

const PART = /<!--[^]*?-->|<!\[CDATA\[([^]*?)\]\]>|<\?[^]*?\?>|<![^>]*>|<\/([^\s>]+)\s*>|<([^\s/>]+)((?:\s+[^\s=/>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/gy;

const ENTITIES: { readonly [name: string]: string } = { lt: '<', gt: '>', amp: '&', quot: '"', apos: '\'' };

/** Reads XML that a build tool has read before, or is going to complain about: leniently. */
export function parseXml(text: string): XmlElement {
  const root = element('', '');
  const open = [root];
  for (const [, cdata, closed, opened, attributes, isEmpty, plain] of text.replace(/^\uFEFF/, '').matchAll(PART)) {
    const current = open.at(-1)!;
    if (opened !== undefined) {
      const child = element(opened, attributes);
      current.children.push(child);
      if (isEmpty === '') { open.push(child); }
    } else if (closed !== undefined) {
      if (open.length > 1) { open.pop(); }
    } else {
      current.text += cdata ?? decoded(plain ?? '');
    }
  }
  return root.children[0] ?? root;
}

/** The elements at a path below one. */
export function elementsAt(parent: XmlElement | undefined, ...path: string[]): XmlElement[] {
  const below = (found: XmlElement[], name: string) => found.flatMap(({ children }) => children.filter((child) => child.name === name));
  return path.reduce(below, parent ? [parent] : []);
}

/** The text of the first element at a path; undefined if there is none, or nothing in it. */
export function textAt(parent: XmlElement | undefined, ...path: string[]): string | undefined {
  return elementsAt(parent, ...path)[0]?.text.trim() || undefined;
}

function element(name: string, attributes: string): { -readonly [key in keyof XmlElement]: XmlElement[key] } {
  const pairs = [...attributes.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)];
  return {
    name: name.replace(/^.*:/, ''),
    attributes: Object.fromEntries(pairs.map(([, key, double, single]) => [key, decoded(double ?? single)])),
    children: [],
    text: '',
  };
}

function decoded(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    const code = decimal ? Number(decimal) : hex ? parseInt(hex, 16) : undefined;
    return code === undefined ? ENTITIES[name] ?? whole : String.fromCodePoint(code);
  });
}
