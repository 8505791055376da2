import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstToken } from '#appliance/house/first-link.ts';
import { callerOfSession } from '#appliance/house/sessions.ts';
import type { ReplyFrame } from '#appliance/operator/frames.ts';
import { perform } from '#appliance/operator/perform.ts';
import { acknowledgePasswordReset, approveOfficerRequest, changePassword, grantRole, listOfficerRequests, makePasswordLink, openAccount, openFirstAccount, readMe, restoreAccount, signIn, signOutEverywhere, suspendAccount, usePasswordLink, welcome, withdrawRole } from '#src/contract/accounts.ts';
import { openHit, openInquiry, searchArchive, searchMessages, startHistoryDownload } from '#src/contract/archive.ts';
import { inviteToGroup, listConversations, readConversation } from '#src/contract/conversations.ts';
import { closeCodes } from '#src/contract/socket.ts';
import { postMessage, readTimeline, whoViewed } from '#src/contract/timeline.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { holdAppends } from '#test/support/held-log.ts';
import { aGroup, anEmployee, nobody, passwordOf, people, type Person } from '#test/support/people.ts';
import { isRefused } from '#test/support/person-socket.ts';

let appliance: Appliance;
let alice: Person;
let bob: Person;
let olive: Person;
let oscar: Person;
let adam: Person;
let skewMs = 0;
beforeAll(async () => {
  appliance = await anAppliance({ clock: () => Date.now() + skewMs });
  ({ alice, bob, olive, oscar, adam } = await people(appliance, 'alice', 'bob', 'olive', 'oscar'));
});
afterAll(() => appliance.close());

const tokenOf = (link: string): string => link.slice(link.indexOf('#') + 1);

describe('an administrator', () => {
  it('finds no conversation of others, however it is asked for, and hears the same as about one that is not there', async () => {
    const conversationId = await aGroup(alice, [bob], 'Salaries');
    const { messageId, revision } = await alice.says('the secret figure', { in: conversationId });
    const asked = async (id: string) => [
      await adam.refusal(readTimeline, { conversationId: id }),
      await adam.refusal(readConversation, { conversationId: id }),
      await adam.refusal(whoViewed, { conversationId: id, revision }),
      await adam.refusal(startHistoryDownload, { conversationId: id }),
      await adam.refusal(inviteToGroup, { conversationId: id, account: adam.account }),
      await adam.refusal(postMessage, { conversationId: id, messageId, text: 'let me in' }),
    ];
    const refusals = await asked(conversationId);
    expect(refusals.map(({ code }) => code)).toEqual(refusals.map(() => 'not-a-member'));
    expect(refusals).toEqual(await asked(randomUUID()));
    expect((await adam.call(searchMessages, { query: 'secret' })).total).toBe(0);
    expect((await alice.call(searchMessages, { query: 'secret' })).total).toBe(1);
    expect((await adam.call(listConversations, {})).conversations).toEqual([]);
    const socket = await adam.opensSocket();
    expect(await socket.subscribe('timeline', conversationId)).toMatchObject({ code: 'not-a-member' });
    socket.close();
  });

  it('is kept from the archive, and is told why', async () => {
    const inquiry = randomUUID();
    for (const refusal of [
      await adam.refusal(openInquiry, { inquiry, reason: 'curious' }),
      await adam.refusal(searchArchive, { inquiry, query: 'secret', filter: {} }),
      await adam.refusal(openHit, { inquiry, conversationId: randomUUID(), revision: 0 }),
    ]) {
      expect(refusal).toMatchObject({ status: 403, code: 'not-allowed', sentence: 'You run the appliance; conversations are not yours to read.' });
    }
  });

  it('cannot become an officer alone, and approves nothing', async () => {
    expect(await adam.call(grantRole, { account: adam.account, role: 'officer' })).toMatchObject({ waitsForOfficer: true });
    expect((await adam.call(readMe, {})).roles).not.toContain('officer');
    const { requests } = await olive.call(listOfficerRequests, {});
    const request = requests.find(({ account }) => account === adam.account)!;
    expect(request).toMatchObject({ act: 'grant-officer', by: adam.account, byName: 'Adam Adler' });
    expect((await adam.refusal(approveOfficerRequest, { account: adam.account, request: request.request })).code).toBe('not-allowed');
    expect((await adam.call(readMe, {})).roles).not.toContain('officer');
  });

  it('takes no role from an officer, and the last officer and the last administrator stay', async () => {
    expect((await adam.refusal(withdrawRole, { account: olive.account, role: 'officer' })).code).toBe('officers-only');
    expect((await adam.refusal(withdrawRole, { account: adam.account, role: 'administrator' })).code).toBe('last-administrator');
    expect((await adam.refusal(suspendAccount, { account: adam.account })).code).toBe('not-yourself');
    await olive.call(withdrawRole, { account: oscar.account, role: 'officer' });
    expect((await olive.refusal(withdrawRole, { account: olive.account, role: 'officer' })).code).toBe('last-officer');
    // Without a second officer nobody becomes one, whoever asks.
    expect((await olive.refusal(grantRole, { account: oscar.account, role: 'officer' })).code).toBe('no-officer-yet');
    expect(await adam.call(grantRole, { account: oscar.account, role: 'officer' })).toMatchObject({ waitsForOfficer: true });
    const { requests } = await olive.call(listOfficerRequests, {});
    await olive.call(approveOfficerRequest, { account: oscar.account, request: requests.find(({ account }) => account === oscar.account)!.request });
    expect((await oscar.call(readMe, {})).roles).toContain('officer');
  });
});

describe('the last one', () => {
  it('stays, also when two take the role from each other at once', async () => {
    const fresh = await anAppliance();
    try {
      const { adam: one, olive: first, oscar: second } = await people(fresh, 'olive', 'oscar');
      const other = await anEmployee(fresh, one, 'eve', 'Eve', ['administrator']);
      const suspensions = await Promise.all([one.answer(suspendAccount, { account: other.account }), other.answer(suspendAccount, { account: one.account })]);
      expect(suspensions.filter(isRefused)).toHaveLength(1);
      const withdrawals = await Promise.all([first.answer(withdrawRole, { account: second.account, role: 'officer' }), second.answer(withdrawRole, { account: first.account, role: 'officer' })]);
      expect(withdrawals.filter(isRefused)).toHaveLength(1);
    } finally {
      await fresh.close();
    }
  });

  it('stays, also when the operator suspends one while that one takes the role from the other', async () => {
    const fresh = await anAppliance();
    try {
      const { adam: one } = await people(fresh);
      const other = await anEmployee(fresh, one, 'eve', 'Eve', ['administrator']);
      const held = holdAppends(fresh, `account-${other.account}`);
      const frames: ReplyFrame[] = [];
      const verb = perform(fresh.house, 'account.suspend', { name: 'eve' }, (frame) => frames.push(frame), new AbortController().signal);
      await held.holding;
      const withdrawal = other.answer(withdrawRole, { account: one.account, role: 'administrator' });
      // Everything else has its turn meanwhile.
      for (let n = 0; n < 10; n += 1) await one.call(readMe, {});
      held.letGo();
      await verb;
      expect(frames.at(-1)).toMatchObject({ is: 'answer' });
      expect(await withdrawal).toMatchObject({ refused: true });
      expect(fresh.house.standing.account(one.account)?.roles.has('administrator')).toBe(true);
    } finally {
      await fresh.close();
    }
  });
});

describe('an officer', () => {
  it('approves neither what they asked for themselves nor what is for them', async () => {
    const { account } = await anEmployee(appliance, adam, 'ida');
    await olive.call(grantRole, { account, role: 'officer' });
    const { requests } = await oscar.call(listOfficerRequests, {});
    const { request } = requests.find((one) => one.account === account)!;
    expect((await olive.refusal(approveOfficerRequest, { account, request })).code).toBe('not-your-own-request');
    expect(await oscar.call(approveOfficerRequest, { account, request })).toMatchObject({ link: null });
    expect((await oscar.refusal(approveOfficerRequest, { account, request })).code).toBe('request-not-found');
  });

  it('gets a new password only with a second officer', async () => {
    expect(await adam.call(makePasswordLink, { account: oscar.account })).toMatchObject({ link: null, waitsForOfficer: true });
    const { requests } = await olive.call(listOfficerRequests, {});
    const { request } = requests.find(({ account, act }) => account === oscar.account && act === 'password-link')!;
    expect((await oscar.refusal(approveOfficerRequest, { account: oscar.account, request })).code).toBe('not-your-own-request');
    const { link } = await olive.call(approveOfficerRequest, { account: oscar.account, request });
    await nobody(appliance).call(usePasswordLink, { token: tokenOf(link!), password: 'a new one for oscar' });
    expect((await oscar.refusal(readMe, {})).code).toBe('signed-out');
    await oscar.signsIn('a new one for oscar');
    expect((await oscar.call(readMe, {})).passwordReset).toMatchObject({ by: 'Adam Adler' });
  });

  it('always sees how the first officer came to be', async () => {
    expect((await oscar.call(readMe, {})).firstOfficer).toMatchObject({ account: olive.account, displayName: 'Olive Osei' });
    expect((await alice.call(readMe, {})).firstOfficer).toBeNull();
  });
});

describe('a password that somebody else had reset', () => {
  it('is told to its holder at the next sign-in until they have said so', async () => {
    const ida = await anEmployee(appliance, adam, 'iris');
    expect((await ida.call(readMe, {})).passwordReset).toBeNull();
    const { link } = await adam.call(makePasswordLink, { account: ida.account });
    const { link: newer } = await adam.call(makePasswordLink, { account: ida.account });
    expect((await nobody(appliance).refusal(usePasswordLink, { token: tokenOf(link!), password: 'by the older link' })).code).toBe('link-spent');
    await nobody(appliance).call(usePasswordLink, { token: tokenOf(newer!), password: 'by the newer link' });
    expect((await nobody(appliance).refusal(usePasswordLink, { token: tokenOf(newer!), password: 'by the link again' })).code).toBe('link-spent');
    await ida.signsIn('by the newer link');
    expect((await ida.call(readMe, {})).passwordReset).toMatchObject({ by: 'Adam Adler' });
    await ida.call(acknowledgePasswordReset, {});
    expect((await ida.call(readMe, {})).passwordReset).toBeNull();
  });
});

describe('opening an account', () => {
  it('answers a retry with a link that works', async () => {
    const [account, commandId] = [randomUUID(), randomUUID()];
    const input = { account, signInName: 'ivan', displayName: 'Ivan' };
    await adam.call(openAccount, input, { commandId });
    const { link } = await adam.call(openAccount, input, { commandId });
    expect(await nobody(appliance).call(usePasswordLink, { token: tokenOf(link), password: 'ivan has a long password' })).toEqual({ signInName: 'ivan' });
  });

  it('gives a name to one of two who want it at once, and never again', async () => {
    const answers = await Promise.all([1, 2].map((n) => adam.answer(openAccount, { account: randomUUID(), signInName: 'zoe', displayName: `Zoe ${n}` })));
    expect(answers.filter(isRefused)).toMatchObject([{ code: 'name-taken' }]);
    expect((await adam.refusal(openAccount, { account: randomUUID(), signInName: 'alice', displayName: 'Alice again' })).code).toBe('name-taken');
  });
});

describe('the link of the first administrator', () => {
  it('is spent once it was used', async () => {
    expect(await nobody(appliance).call(welcome, {})).toMatchObject({ firstAccountWanted: false });
    expect(firstToken(appliance.house)).toBeUndefined();
    expect((await nobody(appliance).refusal(openFirstAccount, { token: '', signInName: 'eve', displayName: 'Eve', password: 'eve has a long password' })).code).toBe('link-spent');
  });

  it('makes one administrator of two who use it at once', async () => {
    const fresh = await anAppliance();
    try {
      const token = firstToken(fresh.house)!;
      const answers = await Promise.all(['adam', 'eve'].map((signInName) => nobody(fresh).answer(openFirstAccount, { token, signInName, displayName: signInName, password: passwordOf(signInName) })));
      expect(answers.filter(isRefused)).toMatchObject([{ code: 'link-spent' }]);
      expect((await nobody(fresh).refusal(openFirstAccount, { token, signInName: 'mallory', displayName: 'Mallory', password: passwordOf('mallory') })).code).toBe('link-spent');
      expect((await nobody(fresh).refusal(openFirstAccount, { token: 'guess', signInName: 'mallory', displayName: 'Mallory', password: passwordOf('mallory') })).code).toBe('link-spent');
    } finally {
      await fresh.close();
    }
  });
});

describe('signing in', () => {
  it('says the same about a name that nobody has, a wrong password and a suspended account', async () => {
    const ines = await anEmployee(appliance, adam, 'ines');
    await adam.call(suspendAccount, { account: ines.account });
    const tries = [['nobody-has-this', 'whatever it may be'], ['alice', 'whatever it may be'], ['ines', passwordOf('ines')]] as const;
    const refusals = await Promise.all(tries.map(([signInName, password]) => nobody(appliance).refusal(signIn, { signInName, password })));
    expect(refusals[0]).toMatchObject({ status: 401, code: 'wrong-credentials' });
    expect(refusals).toEqual([refusals[0], refusals[0], refusals[0]]);
    await adam.call(restoreAccount, { account: ines.account });
    await ines.signsIn();
  });
});

describe('a session', () => {
  it('ends within a second of a suspension, on open sockets too', async () => {
    const ilse = await anEmployee(appliance, adam, 'ilse');
    const sockets = [await ilse.opensSocket(), await ilse.opensSocket()];
    const began = performance.now();
    await adam.call(suspendAccount, { account: ilse.account });
    expect((await ilse.refusal(readMe, {})).code).toBe('signed-out');
    for (const socket of sockets) expect((await socket.isClosed()).code).toBe(closeCodes.sessionEnded);
    expect(performance.now() - began).toBeLessThan(1_000);
    await expect(ilse.opensSocket()).rejects.toMatchObject({ status: 401 });
    await adam.call(restoreAccount, { account: ilse.account });
    expect((await ilse.refusal(readMe, {})).code).toBe('signed-out');
  });

  it('ends with signing out, and no other session with it', async () => {
    const [here, there] = [nobody(appliance), nobody(appliance)];
    for (const browser of [here, there]) await browser.call(signIn, { signInName: 'bob', password: passwordOf('bob') });
    const [ended, open] = [await here.opensSocket(), await there.opensSocket()];
    const { cookie } = here;
    await here.signsOut();
    expect((await ended.isClosed()).code).toBe(closeCodes.sessionEnded);
    expect(here.cookie).toBeUndefined();
    here.cookie = cookie;
    expect((await here.refusal(readMe, {})).code).toBe('signed-out');
    expect((await there.call(readMe, {})).signInName).toBe('bob');
    await open.caughtUp();
    open.close();
  });

  it('ends on every device when its holder signs out everywhere', async () => {
    const [here, there] = [nobody(appliance), nobody(appliance)];
    for (const browser of [here, there]) await browser.call(signIn, { signInName: 'bob', password: passwordOf('bob') });
    const sockets = [await here.opensSocket(), await there.opensSocket()];
    const { cookie } = here;
    await here.call(signOutEverywhere, {});
    for (const socket of sockets) expect((await socket.isClosed()).code).toBe(closeCodes.sessionEnded);
    expect(here.cookie).toBeUndefined();
    here.cookie = cookie;
    for (const browser of [here, there]) expect((await browser.refusal(readMe, {})).code).toBe('signed-out');
    expect((await alice.call(readMe, {})).signInName).toBe('alice');
    await bob.signsIn();
  });

  it('ends everywhere else when the password is changed', async () => {
    const igor = await anEmployee(appliance, adam, 'igor');
    const elsewhere = nobody(appliance);
    await elsewhere.call(signIn, { signInName: 'igor', password: passwordOf('igor') });
    const [kept, ended] = [await igor.opensSocket(), await elsewhere.opensSocket()];
    expect((await igor.refusal(changePassword, { current: 'not this one', next: 'igor has a longer one' })).code).toBe('wrong-credentials');
    await igor.call(changePassword, { current: passwordOf('igor'), next: 'igor has a longer one' });
    expect((await ended.isClosed()).code).toBe(closeCodes.sessionEnded);
    expect((await elsewhere.refusal(readMe, {})).code).toBe('signed-out');
    await kept.caughtUp();
    kept.close();
    expect((await nobody(appliance).refusal(signIn, { signInName: 'igor', password: passwordOf('igor') })).code).toBe('wrong-credentials');
  });

  it('ends by itself after its hours, on open sockets too', async () => {
    const socket = await bob.opensSocket();
    skewMs = 15 * 24 * 3_600_000;
    try {
      expect((await bob.refusal(readMe, {})).code).toBe('signed-out');
      const { hub, standing, clock } = appliance.house;
      hub.pingAll((session) => callerOfSession(standing, session, clock()) === null);
      expect((await socket.isClosed()).code).toBe(closeCodes.sessionEnded);
    } finally {
      skewMs = 0;
    }
  });

  it('survives a restart', async () => {
    await appliance.restart();
    expect((await alice.call(readMe, {})).signInName).toBe('alice');
    expect((await olive.call(readMe, {})).roles).toContain('officer');
  });
});
