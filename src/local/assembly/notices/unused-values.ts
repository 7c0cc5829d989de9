import { listed, Notice } from './notice';

/** A name in the env file that is misspelt changes nothing, in silence. */
export const unusedValues: Notice = ({ functions, given }) => {
  // A variable of a function that nothing calls is no mistake.
  functions.forEach(({ environment }) => Object.keys(environment).forEach((name) => given.get(name)));
  const { unused } = given;
  return unused.length === 0 ? []
    : [`the env file has a value for ${listed(unused, 10)}, which nothing here uses: no function has a variable with that name, and no unknown value is called that`];
};
