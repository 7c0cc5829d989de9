// What it takes to get esbuild's own message: line 3 is no JavaScript.
exports.main = async (event) => {
  return { statusCode: 200, body: event..body };
};
