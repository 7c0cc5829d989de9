import { absentServices, absentTables } from './absent-services';
import { destinations } from './destinations';
import { idleFunctions } from './idle-functions';
import { inventedIds } from './invented-ids';
import { Notice, ReadApp } from './notice';
import { refusedOnAws } from './refused-on-aws';
import { unbundled } from './unbundled';
import { unusedValues } from './unused-values';
import { usagePlans } from './usage-plans';

/** The worst first. The last one looks at what the others have used. */
const NOTICES: readonly Notice[] = [
  refusedOnAws, unbundled, absentTables, absentServices, destinations, usagePlans, inventedIds, idleFunctions, unusedValues,
];

export function noticesOf(app: ReadApp): string[] {
  return NOTICES.flatMap((notice) => notice(app));
}
