import { Notice } from './notice';

/** Where Lambda sends the results of asynchronous invocations. Nothing here does. */
export const destinations: Notice = ({ served }) => served.filter((fn) => fn.destinations !== undefined).map((fn) => (
  `\`${fn.path}\` sends what becomes of its asynchronous invocations ${fn.destinations!.join(' and ')}: nothing is sent there here; `
    + 'each attempt is shown, and which events are given up'
));
