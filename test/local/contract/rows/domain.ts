import { Client } from '../../client';
import { refused, urlOf } from '../conversation';
import { place } from '../place/arrival';
import { row } from '../row';

/** A URL of the host that leads everywhere by the header `Host`. */
const at = (path: string, host: string) => [`${urlOf('main').replace('/dev', '')}${path}`, { headers: { Host: host } }] as const;

describe('a custom domain', () => {
  row('2.10', 'D', 'leads to its stage by the path of the mapping, with no stage in the URL', async () => {
    const { requestContext } = JSON.parse(await (await Client.connect(...at('/v1/', 'api.example.com'))).ask('{}'));

    expect(requestContext).toMatchObject({ apiId: place.api('mapped').id, stage: 'mapped' });
  }, { onlyHere: 'it takes a domain and a certificate' });

  row('2.10', 'U', 'does not find its mapping without the last slash', async () => {
    expect((await Client.refusal(...at('/v1', 'api.example.com'))).status).toBe(404);
  }, { onlyHere: 'it takes a domain and a certificate' });

  row('2.10', 'D', 'does not lead to what is not mapped', async () => {
    expect((await Client.refusal(...at('/mapped/', 'api.example.com'))).status).toBe(404);
    expect((await Client.refusal(...at('/v1/', 'other.example.com'))).status).toBe(403);
  }, { onlyHere: 'it takes a domain and a certificate' });

  row('2.10', 'D', 'may be the only way in: disableExecuteApiEndpoint closes the other', async () => {
    expect((await refused('hidden')).status).toBe(403);
  });
});
