import { afterAll, beforeAll, describe } from 'vitest';
import { limits } from '#src/contract/limits.ts';
import { systemClock } from '#src/kernel/clock.ts';
import { callFlags, goesIntoCall, ringOf } from '#test/support/journey-calls.ts';
import { Stage, story } from '#test/support/journey.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';

describe('a call that nobody answers', () => {
  let stage: Stage;
  let who: { readonly alice: Person; readonly bob: Person };
  let aheadMs = 0;
  const tell = (title: string, it: () => Promise<void>): void => story(() => stage, title, it);

  beforeAll(async () => {
    stage = await Stage.set({ flags: callFlags, env: { HANSARD_TURN: 'off' }, clock: () => systemClock() + aheadMs });
    who = await people(stage.appliance, 'alice', 'bob');
  });
  afterAll(() => stage?.close());

  tell('stops ringing, is told to the caller, and stands in the conversation as missed', async () => {
    const chat = await aDirectChat(who.alice, who.bob);
    const [alice, bob] = [await stage.tab('alice', { who: who.alice }), await stage.tab('bob', { who: who.bob })];
    await alice.goes(`/c/${chat}`);
    await bob.goes(`/c/${chat}`);
    await bob.sees(bob.page.locator('message-composer'));
    await goesIntoCall(alice, 'Start call');
    await bob.sees(ringOf(bob).locator('button').first());
    aheadMs = (limits.ringSeconds + 1) * 1_000;
    await bob.seesNo(ringOf(bob).locator('button'));
    await alice.sees(alice.page.getByRole('heading', { name: 'No answer' }));
    await bob.sees(bob.page.locator('message-list').getByText('You missed a'));
    await alice.presses('To the conversation');
    await alice.sees(alice.page.locator('message-list').getByText('Bob Bytner missed a'));
    await bob.presses('Call back');
    await bob.sees(bob.button('Start call'));
  });
});
