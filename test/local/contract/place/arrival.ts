import { readFileSync } from 'node:fs';
import { AwsPlace } from './aws-place';
import { GatewayPlace } from './gateway-place';
import { Place } from './place';
import { UrlPlace } from './url-place';

/** A file that says where the app is: scripts/contract.mjs writes it. Without one, the gateway runs in this process. */
const FILE = process.env.CONTRACT_PLACE;

export const inProcess = FILE === undefined;
/** Whether rows that need the clock run where it cannot be advanced. */
export const slowly = process.env.CONTRACT_SLOW === 'true';

/** Where the rows are checked. */
export let place: Place;

export async function arrive() {
  place = FILE === undefined ? await GatewayPlace.start() : placeOf(JSON.parse(readFileSync(FILE, 'utf8')));
}

function placeOf(description: any): Place {
  return description.logs === undefined ? new AwsPlace(description) : new UrlPlace(description);
}
