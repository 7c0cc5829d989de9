/**
 * Public suffixes of two labels: registries sell names below them, so nobody has a hosted zone of such a name. The whole list
 * (https://publicsuffix.org) has some ten thousand entries; these are the ones that most names of three labels lie below.
 */
const SECOND_LABELS: { readonly [topLevel: string]: string } = {
  ae: 'ac co gov mil net org sch',
  ar: 'com edu gob gov int mil net org tur',
  au: 'asn com edu gov id net org',
  bd: 'ac com edu gov mil net org',
  br: 'com edu eco gov ind inf jus leg mil net org',
  cn: 'ac com edu gov mil net org',
  co: 'com edu gov mil net nom org',
  cy: 'ac com gov net org',
  ec: 'com edu fin gob gov info med mil net org pro',
  eg: 'com edu gov mil net org sci',
  es: 'com edu gob nom org',
  fr: 'asso com gouv nom prd tm',
  gr: 'com edu gov net org',
  hk: 'com edu gov idv net org',
  hu: 'co info org',
  id: 'ac biz co go mil my net or sch web',
  il: 'ac co gov k12 muni net org',
  in: 'ac co com edu firm gen gov ind mil net nic org res',
  jp: 'ac ad co ed go gr lg ne or',
  ke: 'ac co go info me ne or sc',
  kr: 'ac co go ne or pe re',
  lk: 'ac com edu gov net org',
  mx: 'com edu gob net org',
  my: 'com edu gov mil name net org',
  ng: 'com edu gov mil mobi name net org sch',
  np: 'com edu gov mil net org',
  nz: 'ac co geek gen govt health iwi kiwi maori mil net org school',
  pe: 'com edu gob mil net nom org',
  ph: 'com edu gov mil net ngo org',
  pk: 'com edu gob gov net org',
  pl: 'com edu gov info net org waw',
  pt: 'com edu gov int net nome org publ',
  ro: 'com info nom org',
  rs: 'ac co edu gov in org',
  sa: 'com edu gov med net org pub sch',
  sg: 'com edu gov net org per',
  th: 'ac co go in mi net or',
  tr: 'av bel biz com edu gen gov info k12 net org web',
  tw: 'com edu gov idv mil net org',
  ua: 'com edu gov in kiev kyiv net org',
  ug: 'ac co com go ne or org sc',
  uk: 'ac co gov ltd me net nhs org plc police sch',
  uy: 'com edu gub mil net org',
  ve: 'co com edu gob gov info mil net org web',
  vn: 'ac com edu gov info name net org',
  za: 'ac co edu gov law mil net nom org school web',
};

/** Second labels that make a public suffix in most countries. */
const USUAL = new Set(['ac', 'co', 'com', 'edu', 'go', 'gob', 'gov', 'mil', 'ne', 'net', 'or', 'org']);

/** Whether names below this one are for sale, so that it is nobody's zone. */
export function isPublicSuffix(name: string): boolean {
  const [second, top, ...more] = name.split('.');
  return more.length === 0 && Object.hasOwn(SECOND_LABELS, top) && SECOND_LABELS[top].split(' ').includes(second);
}

/** Whether it has the form of a public suffix, as `co.zz` has, but is not known as one. */
export function looksLikePublicSuffix(name: string): boolean {
  const [second, top, ...more] = name.split('.');
  return more.length === 0 && top?.length === 2 && USUAL.has(second) && !isPublicSuffix(name);
}
