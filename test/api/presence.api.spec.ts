import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setPresence } from '#src/contract/accounts.ts';
import type { PresenceState } from '#src/contract/shapes.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aDirectChat, people, Person } from '#test/support/people.ts';
import type { PersonSocket } from '#test/support/person-socket.ts';
import { eventually } from '#test/support/waiting.ts';

let appliance: Appliance;
let alice: Person;
let bob: Person;
/** Bob's other device: a session of its own. */
let phone: Person;
beforeAll(async () => {
  appliance = await anAppliance();
  ({ alice, bob } = await people(appliance, 'alice', 'bob'));
  phone = new Person(appliance, 'bob');
  await phone.signsIn();
});
afterAll(() => appliance?.close());

/** Bob as one socket has him on screen, since it began to watch him. */
const watchingBob = (socket: PersonSocket): { readonly until: (state: PresenceState) => Promise<unknown>; readonly heard: () => readonly PresenceState[] } => {
  const from = socket.frames.length;
  const heard = () => socket.frames.slice(from).flatMap((frame) => (frame.is === 'presence' ? frame.people.filter(([account]) => account === bob.account).map(([, state]) => state) : []));
  socket.write({ is: 'watch', accounts: [bob.account] });
  return { heard, until: (state) => socket.hears('presence', () => heard().at(-1) === state, from) };
};

describe('presence', () => {
  it('follows every tab and every device together, and goes to those who have that person on screen', async () => {
    const seen = watchingBob(await alice.opensSocket());
    await seen.until('offline');
    const laptop = await bob.opensSocket();
    await seen.until('available');
    const [tab, mobile] = [await bob.opensSocket(), await phone.opensSocket()];
    for (const socket of [laptop, tab]) {
      socket.write({ is: 'attention', active: false });
      await socket.caughtUp();
    }
    // One device is used still: nothing was told.
    expect(seen.heard()).toEqual(['offline', 'available']);
    mobile.write({ is: 'attention', active: false });
    await seen.until('away');
    tab.write({ is: 'attention', active: true });
    await seen.until('available');
    for (const socket of [laptop, tab, mobile]) socket.close();
    // A reload or a change of network is waited for first.
    await eventually('bob is told to be gone', () => seen.heard().at(-1) === 'offline', seen.heard, 10_000);
    expect(seen.heard()).toEqual(['offline', 'available', 'away', 'available', 'offline']);
  });

  it('is one of four states as its owner chose it last, on whichever device, until they choose otherwise', async () => {
    const chat = await aDirectChat(alice, bob);
    const seen = watchingBob(await alice.opensSocket());
    const [laptop, mobile] = [await bob.opensSocket(), await phone.opensSocket()];
    const [own, other] = [watchingBob(laptop), watchingBob(mobile)];
    await seen.until('available');
    const everybodySees = (state: PresenceState) => Promise.all([seen.until(state), own.until(state), other.until(state)]);
    await bob.call(setPresence, { state: 'busy' });
    await everybodySees('busy');
    await phone.call(setPresence, { state: 'away' });
    await everybodySees('away');
    laptop.write({ is: 'attention', active: true });
    await laptop.caughtUp();
    expect(seen.heard().at(-1)).toBe('away');
    await bob.call(setPresence, { state: 'offline' });
    await everybodySees('offline');
    // Who is unseen does not show by writing either; who is seen does.
    await alice.timeline(chat);
    await laptop.subscribe('conversations', bob.account);
    laptop.write({ is: 'typing', conversationId: chat });
    await laptop.caughtUp();
    await (await alice.socket).caughtUp();
    expect((await alice.socket).frames.filter((frame) => frame.is === 'typing')).toEqual([]);
    // Unseen is not gone: what is said arrives.
    await bob.timeline(chat);
    await alice.says('are you there?', { in: chat });
    await bob.sees('are you there?', { in: chat });
    await phone.call(setPresence, { state: null });
    await everybodySees('available');
    laptop.write({ is: 'typing', conversationId: chat });
    await (await alice.socket).hears('typing', () => true);
    mobile.close();
    await mobile.isClosed();
    await laptop.caughtUp();
    expect(seen.heard().at(-1)).toBe('available');
  });
});
