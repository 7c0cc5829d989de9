// What an error or a warning says is prose, and no test should have to repeat it word for word: the texts of messages are not mutated.
// It is in `mutation/node_modules`, which `npm ci` of the repository does not fill.
// eslint-disable-next-line import/no-unresolved
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

const ERROR = /Error$/;

/** Tells whether a node is part of the text of a message: of what is thrown or made as an error, or of a warning behind its id. */
function inMessage(path) {
  for (let inner = path, outer = path.parentPath; outer && !outer.isFunction(); inner = outer, outer = outer.parentPath) {
    if (outer.isThrowStatement()) { return true; }
    if (outer.isNewExpression() && ERROR.test(outer.node.callee.name ?? '')) { return true; }
    const warning = outer.isCallExpression() && outer.node.callee.property?.name === 'addWarningV2';
    if (warning && inner.listKey === 'arguments' && inner.key > 0) { return true; }
  }
  return false;
}

/** The words of a text that a helper hands to such a place: neither ids, ARNs, names nor paths have spaces. */
function isSentence(text) {
  return /\S \S|^ \S|\S $/.test(text);
}

const prose = {
  shouldIgnore(path) {
    const text = textOf(path);
    return text !== undefined && (isSentence(text) || inMessage(path)) ? 'the text of a message' : undefined;
  },
};

function textOf(path) {
  if (path.isStringLiteral()) { return path.node.value; }
  return path.isTemplateLiteral() ? path.node.quasis.map(({ value }) => value.raw).join('x') : undefined;
}

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'prose', prose)];
