import fc from 'fast-check';
import { text } from './text';
import { evaluateExpression, jsonPath } from '../../../src/local/definition/expression';
import { parseJsonOrText } from '../../../src/local/integrations/mapping-template';
import { Target } from '../engine';

const VARIABLES = [
  '$request.body.a', '${request.body.a.b}', '$request.body..a', '$request.body[*]', '$request.header.x', '$request.querystring.q', '$context.authorizer.a',
  '$stageVariables.v', '$integration.response.body.a', '$integration.response.header.x', '$integration.response.statuscode', '$default', '\\$', '${', '}',
];
const STEPS = ['$', '.a', '.b', '..a', '..*', '.*', '[*]', '[0]', '[-1]', "['a']", '["b"]', '[', ']', '.', '.__proto__', '.constructor', '.length', '(@.a)', '[?(@.a)]', '[0,1]'];

/** Route selection expressions, and those of models, API keys and templates. */
export const expressions: Target<{ expression: string; body: string; context: any }> = {
  inputs: fc.record({ expression: text(VARIABLES), body: fc.json({ maxDepth: 3 }), context: fc.dictionary(fc.string(), fc.jsonValue()) }),
  run({ expression, body, context }) {
    const values = { a: 'x', constructor: 'y' };
    const parsed = () => parseJsonOrText(body);
    // Somebody has written it, in a template.
    const result = evaluateExpression(expression.slice(0, 500), {
      body: parsed,
      context,
      headers: values,
      queryString: values,
      stageVariables: values,
      response: { statusCode: 200, headers: values, body: parsed },
    });
    if (typeof result !== 'string') { throw new TypeError(`the result is ${typeof result}`); }
  },
};

export const paths: Target<{ path: string; body: string }> = {
  inputs: fc.record({ path: text(STEPS), body: fc.oneof(fc.json({ maxDepth: 4 }), fc.string()) }),
  // It may look at 200 000 values.
  patience: 500,
  run({ path, body }) {
    const found = jsonPath(path, parseJsonOrText(body));
    if (typeof found === 'function') { throw new TypeError('it finds what every object has'); }
  },
};
