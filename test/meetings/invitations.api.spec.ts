import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { mailConfig } from '#appliance/mail/mail-config.ts';
import { waitAfter } from '#appliance/mail/invitations.ts';
import { openAccount } from '#src/contract/accounts.ts';
import { enterMeeting, inviteToMeeting, openMeeting, readMeeting, revokeMeetingLink } from '#src/contract/meetings.ts';
import { systemClock } from '#src/kernel/clock.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { doorOfLink } from '#test/support/guests.ts';
import { aMailServer, textOfMail, type MailServer } from '#test/support/mail-server.ts';
import { nobody, people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

let server: MailServer;
let appliance: Appliance;
let adam: Person;
let alice: Person;
let aheadMs = 0;
beforeAll(async () => {
  server = await aMailServer({ user: 'hansard', password: 'a:secret' });
  appliance = await anAppliance({
    clock: () => systemClock() + aheadMs,
    env: { HANSARD_SMTP: `smtp://127.0.0.1:${server.port}`, HANSARD_SMTP_CREDENTIALS: 'hansard:a:secret', HANSARD_MAIL_FROM: 'hansard@example.org', HANSARD_URL: 'http://chat.example.org' },
  });
  ({ adam, alice } = await people(appliance, 'alice'));
});
afterEach(() => server.answers(undefined));
afterAll(async () => {
  await appliance?.close();
  await server?.close();
});

const outcomes = async (conversationId: string) => (await appliance.recorded(`conversation-${conversationId}`)).filter(({ type }) => type.startsWith('Invitation')).map(({ type, data }) => `${type}${type === 'InvitationFailed' ? ` ${(JSON.parse(data) as { reason: string }).reason}` : ''}`);
const isSettled = (conversationId: string) => eventually('nothing is on its way', async () => (await alice.call(readMeeting, { conversationId })).unsent === 0, () => appliance.house.faults);
const meets = async (emails: readonly string[], title = 'The harbour', invited: readonly string[] = []) => {
  const conversationId = randomUUID();
  return { conversationId, ...(await alice.call(openMeeting, { conversationId, title, emails: [...emails], invited: [...invited] })) };
};

describe('an invitation', () => {
  it('goes out once to everybody with an address, after it stands in the record, with a link that works', async () => {
    const mo = randomUUID();
    await adam.call(openAccount, { account: mo, signInName: 'mo', displayName: 'Mo', email: 'mo@example.org' });
    const { conversationId, mailed, link } = await meets(['gita@example.org', 'gita@example.org'], 'The harbour', [mo]);
    expect(mailed).toBe(true);
    await isSettled(conversationId);
    const mails = server.taken.filter((mail) => textOfMail(mail).includes(conversationId));
    expect(mails.map(({ to }) => to).flat().sort()).toEqual(['gita@example.org', 'mo@example.org']);
    const said = textOfMail(mails[0]!);
    expect(said).toContain('Alice Abara invites you');
    expect(said).toContain(link);
    expect(said).toContain('is kept in the record');
    expect(await outcomes(conversationId)).toEqual(['InvitationMade', 'InvitationMade', 'InvitationSent', 'InvitationSent']);
    expect(JSON.stringify(await appliance.recorded())).not.toContain('gita@example.org');
    await nobody(appliance).call(enterMeeting, { ...doorOfLink(/http:\S+/.exec(said)![0]), name: 'Gita' });
  });

  it('carries titles and names as text, and nothing in them as a header', async () => {
    const title = 'Über "alles", Bcc: eve@example.org <x@y> =?utf-8?q?=0D=0ABcc:eve@example.org?=';
    const { conversationId } = await meets(['gita@example.org'], title);
    await isSettled(conversationId);
    const { raw, to } = server.taken.at(-1)!;
    expect(to).toEqual(['gita@example.org']);
    const head = raw.split('\r\n\r\n')[0]!;
    expect(head.split('\r\n').filter((line) => /^[A-Za-z-]+:/.test(line)).map((line) => line.split(':')[0]!.toLowerCase()).sort()).toEqual(['auto-submitted', 'content-transfer-encoding', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to']);
    expect((await alice.refusal(openMeeting, { conversationId: randomUUID(), title: 'two\r\nBcc: eve@example.org' })).code).toBe('malformed');
    for (const address of ['a@example.org\r\nBcc: eve@example.org', 'a@example.org, eve@example.org', '"a" <a@example.org>', 'nobody']) {
      expect((await alice.refusal(openMeeting, { conversationId: randomUUID(), title: 'T', emails: [address] })).code).toBe('malformed');
    }
  });

  it('is given up at once where the address is refused, and said so', async () => {
    server.answers(550);
    const { conversationId } = await meets(['gone@example.org']);
    await isSettled(conversationId);
    expect(await outcomes(conversationId)).toEqual(['InvitationMade', 'InvitationFailed refused']);
  });

  it('is tried again, later each time, over a restart, until it goes', async () => {
    server.answers(450);
    const before = server.turnedDown();
    const { conversationId } = await meets(['slow@example.org']);
    await eventually('it was tried', () => Promise.resolve(server.turnedDown() > before));
    await appliance.restart(() => server.answers(undefined));
    await isSettled(conversationId);
    expect(await outcomes(conversationId)).toEqual(['InvitationMade', 'InvitationSent']);
    expect([1, 2, 3, 20].map(waitAfter)).toEqual([5_000, 10_000, 20_000, 600_000]);
  });

  it('waits for its next try by the clock, and is given up when the link has gone meanwhile', async () => {
    server.answers(450);
    const before = server.turnedDown();
    const { conversationId } = await meets(['slow@example.org']);
    await eventually('it was tried', () => Promise.resolve(server.turnedDown() === before + 1));
    await alice.call(revokeMeetingLink, { conversationId });
    aheadMs += 5_000;
    await isSettled(conversationId);
    expect(server.turnedDown()).toBe(before + 1);
    expect(await outcomes(conversationId)).toEqual(['InvitationMade', 'InvitationFailed over']);
  });

  it('is sent to more people by any member of the house', async () => {
    const { conversationId } = await meets([]);
    await alice.call(inviteToMeeting, { conversationId, emails: ['one@example.org', 'two@example.org'] });
    await isSettled(conversationId);
    expect((await outcomes(conversationId)).filter((outcome) => outcome === 'InvitationSent')).toHaveLength(2);
    expect((await alice.refusal(inviteToMeeting, { conversationId, emails: Array.from({ length: 49 }, (_, n) => `n${n}@example.org`) })).code).toBe('too-many-invitations');
  });
});

describe('the mail server', () => {
  it('is set with everything that goes with it, or not at all', () => {
    expect(mailConfig('smtps://mail.example.org', 'user:pa:ss', 'a@example.org', 'https://chat.example.org')).toEqual({ host: 'mail.example.org', port: 465, secure: true, from: 'a@example.org', credentials: { user: 'user', pass: 'pa:ss' } });
    expect(mailConfig('smtp://mail.example.org:2525', undefined, 'a@example.org', 'https://chat.example.org')).toMatchObject({ port: 2525, secure: false });
    expect(mailConfig(undefined, undefined, undefined, undefined)).toBeUndefined();
    expect(() => mailConfig('smtp://mail.example.org', undefined, undefined, 'https://x')).toThrow('HANSARD_MAIL_FROM');
    expect(() => mailConfig('smtp://mail.example.org', undefined, 'a@example.org', undefined)).toThrow('HANSARD_URL');
    expect(() => mailConfig(undefined, undefined, 'a@example.org', undefined)).toThrow('HANSARD_SMTP');
  });
});
