import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listConversations } from '#src/contract/conversations.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

let appliance: Appliance;
let alice: Person;
const readers: Worker[] = [];
const found = (worker: Worker): void => void (worker.threadName === 'view reader' && readers.push(worker));
beforeAll(async () => {
  process.on('worker', found);
  appliance = await anAppliance();
  ({ alice } = await people(appliance, 'alice'));
});
afterAll(async () => {
  process.off('worker', found);
  await appliance?.close();
});

const healthz = async () => {
  const response = await fetch(`${appliance.url}/healthz`);
  return { status: response.status, ...((await response.json()) as { says: readonly string[] }) };
};

describe('a thread that answers questions and dies', () => {
  it('turns health red and says so, and the others go on answering', async () => {
    expect(await healthz()).toMatchObject({ status: 200, says: [] });
    // The first reads for decisions, the others for screens.
    expect(readers.length).toBeGreaterThan(2);
    await readers.at(-1)!.terminate();
    await eventually('health says so', async () => ((await healthz()).status === 503 ? true : undefined));
    expect((await healthz()).says).toEqual([expect.stringMatching(/^A thread that reads views has ended\. Questions take longer or go unanswered; the record is safe\. Start the appliance again\.$/)]);
    for (let n = 0; n < 5; n += 1) await alice.call(listConversations, {});
    await appliance.restart();
    expect(await healthz()).toMatchObject({ status: 200, says: [] });
  });
});
