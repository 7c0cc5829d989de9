import { listed, Notice } from './notice';

/** A misspelt name in the env file would silently change nothing. */
export const unusedValues: Notice = ({ functions, given }) => {
  // A variable of a function that nothing calls is not a mistake.
  functions.forEach(({ environment }) => Object.keys(environment).forEach((name) => given.get(name)));
  const { unused } = given;
  return unused.length === 0 ? []
    : [`the env file has a value for ${listed(unused, 10)}, which nothing here uses: no function has a variable with that name, and no unknown value is called that`];
};
