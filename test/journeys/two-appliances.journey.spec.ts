import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Appliance } from '#test/support/appliance.ts';
import { Stage, story } from '#test/support/journey.ts';
import type { Tab } from '#test/support/journey-tab.ts';
import { NatsServer } from '#test/support/nats-server.ts';
import { severalAppliances, type Nodes } from '#test/support/nodes.ts';
import { aGroup, people, type Person } from '#test/support/people.ts';

describe('two employees on two appliances', () => {
  let stage: Stage;
  let bus: NatsServer;
  let nodes: Nodes;
  let [one, two]: Appliance[] = [];
  let alice: Tab;
  let bob: Tab;
  let who: { readonly alice: Person; readonly bob: Person };
  let lunch: string;
  const tell = (title: string, it: () => Promise<void>): void => story(() => stage, title, it);

  beforeAll(async () => {
    bus = await NatsServer.open();
    nodes = await severalAppliances({ env: { HANSARD_BUS: bus.url } });
    [one, two] = nodes.appliances;
    stage = await Stage.on(one!, async () => {
      await nodes.close();
      await bus.kill();
    });
    who = await people(one!, 'alice', 'bob');
    lunch = await aGroup(who.alice, [who.bob]);
    alice = await stage.tab('alice', { cabled: true });
    bob = await stage.tab('bob', { at: two! });
  });
  afterAll(() => stage?.close());

  tell('sign in, each on another, and find each other', async () => {
    await alice.goes('/');
    await alice.signsIn();
    await bob.goes('/');
    await bob.signsIn();
    await alice.keys('Control+k');
    await alice.page.getByRole('combobox').fill('bbyt');
    await alice.sees(alice.page.getByRole('option', { name: 'Bob Bytner' }));
    await alice.keys('Enter');
    await alice.says('Are you on the other machine?');
    await bob.enters('Alice Abara');
    await bob.sees(bob.message('Are you on the other machine?'));
    await bob.says('On the other one, yes');
    await alice.sees(alice.message('On the other one, yes'));
    await alice.finds('the mark', 'Viewed by everyone', () => alice.markOf('Are you on the other machine?'));
  });

  tell('see whether the other is there, and that they write', async () => {
    await alice.sees(alice.row('Bob Bytner').locator('hansard-avatar', { hasText: 'Available' }));
    await bob.composer.pressSequentially('Let me');
    await alice.sees('Bob Bytner is writing…');
    await bob.composer.fill('');
  });

  tell('go on talking when the bus is gone, and see each other again when it is back', async () => {
    await bus.kill();
    await alice.says('without the bus');
    await bob.sees(bob.message('without the bus'));
    await bob.says('the record carries it');
    await alice.sees(alice.message('the record carries it'));
    await bus.start();
    await bob.button(/^Bob Bytner\s*Available/).click();
    await bob.page.getByRole('menuitemradio', { name: 'Do not disturb' }).click();
    await alice.finds('his face', true, async () => (await alice.row('Bob Bytner').locator('hansard-avatar', { hasText: 'Do not disturb' }).count()) > 0);
  });

  tell('are told when one machine has lost the record: nothing gets a mark there, and all of it goes out when it is back', async () => {
    two!.expectFaults();
    nodes.cables[1]!.pull();
    await bob.sees(/^The appliance has stopped writing: It has lost touch with its record/);
    await bob.says('written in the dark');
    expect(await bob.markOf('written in the dark')).toBe('');
    await alice.says('meanwhile on the first');
    await alice.finds('the mark', 'In the record', () => alice.markOf('meanwhile on the first'));
    await bob.row('Lunch').click();
    await bob.sees(/The appliance answers nobody now/);
    nodes.cables[1]!.plugIn();
    await alice.sees(alice.message('written in the dark'));
    await bob.seesNo(/^The appliance has stopped writing/);
    // What he opened while nobody was answered follows by itself, too.
    await who.alice.says('soup today', { in: lunch });
    await bob.sees(bob.message('soup today'));
    await bob.enters('Alice Abara');
    await bob.sees(bob.message('written in the dark'));
    // A browser writes every 503 into its console; here they are the story.
    expect(stage.complaints().filter((complaint) => !complaint.includes('status of 503'))).toEqual([]);
    expect((await alice.texts()).slice(-2)).toEqual(['meanwhile on the first', 'written in the dark']);
    expect((await bob.texts()).slice(-2)).toEqual(['meanwhile on the first', 'written in the dark']);
  });

  tell('lose nothing in a rolling restart: what is written meanwhile goes out through the other machine, once', async () => {
    alice.isLedTo(two!.url);
    const restarted = one!.restart(() => alice.sees(alice.message('written in the dark')));
    await alice.says('while mine restarts');
    await bob.sees(bob.message('while mine restarts'));
    await restarted;
    alice.isLedTo(one!.url);
    await two!.restart(async () => {
      await alice.says('while yours restarts');
      await alice.sees(alice.message('while yours restarts'));
    });
    expect((await alice.texts()).slice(-2)).toEqual(['while mine restarts', 'while yours restarts']);
    const posted = (await one!.recorded()).filter(({ type }) => type === 'MessagePosted');
    expect(posted).toHaveLength(9);
  });
});
