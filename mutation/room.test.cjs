// All tests of a room as one: jest then loads the library once, and not once for each test file.
const { join } = require('node:path');

// What tests share comes first: its hooks are for all of them.
JSON.parse(process.env.MUTATION_FIRST).forEach((file) => require(join('..', file)));

for (const file of JSON.parse(process.env.MUTATION_TESTS)) {
  describe(file, () => { require(join('..', file)); });
}
