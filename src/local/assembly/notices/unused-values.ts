import { listed, Notice } from './notice';

/** A name in the env file that is misspelt changes nothing, in silence. */
export const unusedValues: Notice = ({ functions, given }) => {
  // A variable of a function that nothing calls is no mistake.
  functions.forEach(({ environment }) => Object.keys(environment).forEach((name) => given.get(name)));
  const { unused } = given;
  return unused.length === 0 ? []
    : [`nothing here is called ${listed(unused, 10)}, for which the env file has a value: no function has such a variable, and no unknown value such a name`];
};
