import { elementsAt, parseXml, textAt } from '../../../src/handlers/compiled/xml';

describe('XML is read', () => {
  test('with its elements, their attributes and texts, without namespaces', () => {
    const root = parseXml('<?xml version="1.0"?>\n<!DOCTYPE a>\n<m:a xmlns:m="urn:m" x = "1" y=\'two "words"\'><b> one </b><b/><c z="">two<!-- no <b>--></c ></m:a>');

    expect(root).toEqual({
      name: 'a',
      attributes: { 'xmlns:m': 'urn:m', 'x': '1', 'y': 'two "words"' },
      text: '',
      children: [
        { name: 'b', attributes: {}, children: [], text: ' one ' },
        { name: 'b', attributes: {}, children: [], text: '' },
        { name: 'c', attributes: { z: '' }, children: [], text: 'two' },
      ],
    });
  });

  test('with its entities, in texts and attributes, and not in CDATA', () => {
    const { text, attributes } = parseXml('<a b="&lt;&quot;&#65;">&gt;&amp;&apos;&#x1F600;&#66;&unknown;<![CDATA[<b>&lt;</b>]]></a>');

    expect({ text, attributes }).toEqual({ text: '>&\'\u{1f600}B&unknown;<b>&lt;</b>', attributes: { b: '<"A' } });
  });

  test.each([
    ['a byte order mark', '\ufeff<a><b>1</b></a>'],
    ['line ends in an element', '<a\n><b\r\n>1</b\n></a>'],
    ['an element that is not closed', '<a><b>1'],
    ['an element that was not open', '<a><b>1</b></a></c>'],
    ['an element that was closed before one was open', '</x><a><b>1</b></a>'],
    ['an element that closes itself, with a space', '<a><c /><b>1</b></a>'],
  ])('in spite of %s', (_, text) => {
    expect(textAt(parseXml(text), 'b')).toBe('1');
  });

  test('as far as it is any', () => {
    expect(parseXml('')).toMatchObject({ name: '', children: [] });
    expect(['no XML', '\ufeffno XML'].map((text) => parseXml(text))).toEqual([1, 2].map(() => ({ name: '', attributes: {}, children: [], text: 'no XML' })));
  });
});

describe('what is at a path', () => {
  const root = parseXml('<a><b><c>1</c></b><b><c> 2 </c><c>3</c></b><d> </d></a>');

  test('are the elements in the order of the file, of all that lead there', () => {
    expect(elementsAt(root, 'b', 'c').map(({ text }) => text)).toEqual(['1', ' 2 ', '3']);
    expect(elementsAt(root)).toEqual([root]);
    expect(elementsAt(undefined, 'b')).toEqual([]);
  });

  test('is the text of the first, if it has one', () => {
    expect([textAt(root, 'b', 'c'), textAt(root, 'd'), textAt(root, 'e'), textAt(undefined, 'b')]).toEqual(['1', undefined, undefined, undefined]);
  });
});
