import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { ADAPTED, IGNORED, LEFT_OUT } from './left-out.mjs';
import { elements } from '../emulator/emulator.mjs';

/**
 * Each row is still necessary: the emulator refuses a stack with such a resource. Notes how often each was used, and what else shows that
 * it is right.
 */
export async function checkLeftOut(emulator, apps, note) {
  const learnt = [];
  for (const [index, { type, name = type, proof, example }] of LEFT_OUT.entries()) {
    if (await deploys(emulator, `Probe${index}`, { Type: type, Properties: example })) { learnt.push(name); }
    note(`left out: ${count(apps, name)} × ${name}. Shown by ${proof}`);
  }
  for (const { name, reason } of ADAPTED) { note(`adapted: ${count(apps, name)} × ${name}. Reason: ${reason}`); }
  for (const { name, proof } of IGNORED) { note(`ignored: ${name}. Shown by ${proof}`); }
  assert.deepEqual(learnt, [], 'the emulator has learnt these types: remove them from LEFT_OUT in scripts/deploy/left-out.mjs');
}

function count(apps, name) {
  return apps.flatMap(({ leftOut }) => leftOut).filter((one) => one.name === name).length;
}

async function deploys(emulator, StackName, resource) {
  const TemplateBody = JSON.stringify({ Resources: { Probe: resource } });
  try {
    await emulator.query('cloudformation', 'CreateStack', { StackName, TemplateBody, OnFailure: 'DELETE' });
  } catch (error) {
    if (/Unrecognized resource types/.test(error.message)) { return false; }
    throw error;
  }
  for (;;) {
    const [status] = await emulator.query('cloudformation', 'DescribeStacks', { StackName })
      .then((xml) => elements(xml, 'StackStatus'), () => ['DELETE_COMPLETE']);
    if (!status.endsWith('_IN_PROGRESS')) { return status === 'CREATE_COMPLETE'; }
    await wait(50);
  }
}
