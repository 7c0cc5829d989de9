// What comes from outside becomes text, never markup: `element()` alone makes elements.

/** The element of the page with this id. */
export const $ = (id) => document.getElementById(id);

/** An element with a class, or with properties; children are elements and texts. */
export function element(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), typeof properties === 'string' ? { className: properties } : properties);
  node.append(...children);
  return node;
}

export const isAtEnd = (node) => node.scrollHeight - node.scrollTop - node.clientHeight < 40;
export const scrollToEnd = (node) => { node.scrollTop = node.scrollHeight; };
