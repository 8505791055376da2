import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cancelUpload, fileUrl, findFiles, listMyFiles, reserveUpload, shareFile, withdrawFile } from '#src/contract/files.ts';
import { joinChannel, leaveConversation, listConversations, openChannel, removeFromSpace } from '#src/contract/conversations.ts';
import { putSetting } from '#src/contract/administration.ts';
import { readTimeline } from '#src/contract/timeline.ts';
import { chunkBytes } from '#src/files/sealed-bytes.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aDirectChat, aGroup, aSpace, nobody, people, type Person } from '#test/support/people.ts';
import { aPicture, bytesOf, hangsAfter, offsetOf, reads, sendsAndIsCutOff, sendsPart, shares, someBytes, uploads } from '#test/support/shared-files.ts';
import { eventually } from '#test/support/waiting.ts';

let appliance: Appliance;
let [alice, bob, mallory, adam] = [] as unknown as Person[] as [Person, Person, Person, Person];
let chat: string;

beforeAll(async () => {
  appliance = await anAppliance();
  ({ alice, bob, mallory, adam } = await people(appliance, 'alice', 'bob', 'mallory'));
  chat = await aDirectChat(alice, bob);
});
afterAll(() => appliance.close());

const lineOf = async (person: Person, conversationId: string, fileId: string) => {
  const { lines } = await person.call(readTimeline, { conversationId, where: 'latest' });
  return lines.find((line) => line.kind === 'file' && line.fileId === fileId);
};

describe('a file that is shared', () => {
  it('is a line of the timeline that counts, with what its bytes show it to be', async () => {
    await bob.says('before', { in: chat });
    const fileId = await shares(alice, aPicture, { in: chat, name: 'meter.png' });
    const timeline = await bob.timeline(chat);
    const line = await timeline.until('bob sees the file', (window) => window.lines.find((one) => one.kind === 'file' && one.fileId === fileId));
    expect(line).toMatchObject({ kind: 'file', name: 'meter.png', size: aPicture.length, type: 'image/png', width: 1, height: 1, author: alice.account, ordinal: 2, withdrawn: null, gone: false });
    const [row] = (await bob.call(listConversations, {})).conversations.filter(({ conversationId }) => conversationId === chat);
    expect(row).toMatchObject({ unread: 1, lastOrdinal: 2, last: { form: 'file', text: 'meter.png', messageId: fileId } });
  });

  it('comes back byte by byte, whatever its size', async () => {
    for (const size of [0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 3 * chunkBytes, 5_000_000]) {
      const bytes = someBytes(size);
      const fileId = await shares(alice, bytes, { in: chat });
      const response = await reads(bob, chat, fileId);
      expect([response.status, response.headers.get('content-length')]).toEqual([200, String(size)]);
      expect((await bytesOf(response)).equals(bytes)).toBe(true);
    }
  });

  it('is read in ranges', async () => {
    const bytes = someBytes(300_000);
    const fileId = await shares(alice, bytes, { in: chat });
    for (const [range, from, to] of [['bytes=0-0', 0, 1], ['bytes=65530-65545', 65_530, 65_546], ['bytes=131072-', 131_072, 300_000], ['bytes=-500', 299_500, 300_000], ['bytes=299999-999999', 299_999, 300_000]] as const) {
      const response = await reads(bob, chat, fileId, { Range: range });
      expect([response.status, response.headers.get('content-range')]).toEqual([206, `bytes ${from}-${to - 1}/300000`]);
      expect((await bytesOf(response)).equals(bytes.subarray(from, to))).toBe(true);
    }
    expect((await reads(bob, chat, fileId, { Range: 'bytes=300000-' })).status).toBe(416);
    expect((await reads(bob, chat, fileId, { Range: 'bytes=0-9', 'If-Range': '"another"' })).status).toBe(200);
  });

  it('is saved under its own name, and nothing in it runs on our origin', async () => {
    const page = Buffer.from('<!doctype html><script>alert(document.cookie)</script>');
    const fileId = await shares(alice, page, { in: chat, name: 'über "uns" 上海.html' });
    for (const inline of [false, true]) {
      const { headers } = await reads(bob, chat, fileId, {}, inline);
      expect(headers.get('content-type')).toBe('application/octet-stream');
      expect(headers.get('content-disposition')).toBe(`attachment; filename="_ber _uns_ __.html"; filename*=UTF-8''%C3%BCber%20%22uns%22%20%E4%B8%8A%E6%B5%B7.html`);
      expect(headers.get('content-security-policy')).toContain("sandbox; default-src 'none'");
      expect([headers.get('x-content-type-options'), headers.get('cross-origin-resource-policy'), headers.get('cache-control')]).toEqual(['nosniff', 'same-origin', 'no-store, no-transform']);
    }
  });

  it('is shown where its bytes are a picture, whatever its name says', async () => {
    const fileId = await shares(alice, aPicture, { in: chat, name: 'page.html' });
    const shown = await reads(bob, chat, fileId, {}, true);
    expect([shown.headers.get('content-type'), shown.headers.get('content-disposition')?.split(';')[0]]).toEqual(['image/png', 'inline']);
    const saved = await reads(bob, chat, fileId);
    expect([saved.headers.get('content-type'), saved.headers.get('content-disposition')?.split(';')[0]]).toEqual(['application/octet-stream', 'attachment']);
    const svg = await shares(alice, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), { in: chat, name: 'logo.png' });
    expect((await reads(bob, chat, svg, {}, true)).headers.get('content-disposition')).toMatch(/^attachment/);
  });

  it('is nothing to who is not in the conversation', async () => {
    const fileId = await shares(alice, aPicture, { in: chat });
    expect((await reads(mallory, chat, fileId)).status).toBe(404);
    expect((await reads(nobody(appliance), chat, fileId)).status).toBe(401);
    expect((await reads(adam, chat, fileId)).status).toBe(404);
    const own = await aDirectChat(mallory, bob);
    expect((await reads(mallory, own, fileId)).status).toBe(404);
    expect((await mallory.call(findFiles, { name: 'report' })).files).toEqual([]);
  });

  it('is nothing any more to who has left', async () => {
    const group = await aGroup(alice, [bob]);
    const fileId = await shares(alice, aPicture, { in: group });
    expect((await reads(bob, group, fileId)).status).toBe(200);
    await bob.call(leaveConversation, { conversationId: group });
    expect((await reads(bob, group, fileId)).status).toBe(404);
  });

  it('is shared in a channel by who is in it, and is nothing to the rest of the space', async () => {
    const { spaceId, general } = await aSpace(alice, [bob, mallory]);
    const channel = randomUUID();
    await alice.call(openChannel, { spaceId, conversationId: channel, name: 'Readings' });
    await bob.call(joinChannel, { conversationId: channel });
    const fileId = await shares(bob, aPicture, { in: channel });
    expect((await reads(alice, channel, fileId)).status).toBe(200);
    expect((await reads(mallory, channel, fileId)).status).toBe(404);
    expect((await reads(mallory, general, await shares(alice, aPicture, { in: general }))).status).toBe(200);
    await alice.call(removeFromSpace, { spaceId, account: bob.account });
    expect((await reads(bob, channel, fileId)).status).toBe(404);
    expect((await bob.call(findFiles, { name: 'report', conversationId: channel })).files).toEqual([]);
  });

  it('is recorded once, however often it is shared', async () => {
    const fileId = await shares(alice, aPicture, { in: chat });
    const { revision } = await alice.call(shareFile, { conversationId: chat, fileId, name: 'report.bin' });
    expect(revision).toBe(-1);
    expect((await bob.refusal(shareFile, { conversationId: chat, fileId, name: 'report.bin' })).code).toBe('file-id-taken');
    expect((await appliance.recorded(`conversation-${chat}`)).filter(({ type, data }) => type === 'FileShared' && data.includes(fileId))).toHaveLength(1);
  });

  it('leaves nothing of itself in the clear on disk, nor two copies of the same bytes that look alike', async () => {
    const secret = Buffer.from(`a secret that is said nowhere else ${randomUUID()}`);
    const [one, other] = [await shares(alice, secret, { in: chat, name: 'one.txt' }), await shares(alice, secret, { in: chat, name: 'two.txt' })];
    const { readdirSync, readFileSync, statSync } = await import('node:fs');
    const under = (folder: string): string[] => readdirSync(folder).flatMap((name) => (statSync(`${folder}/${name}`).isDirectory() ? under(`${folder}/${name}`) : [`${folder}/${name}`]));
    for (const path of under(`${appliance.folder}/files`)) expect(readFileSync(path).includes(secret)).toBe(false);
    const blobs = (await appliance.recorded(`conversation-${chat}`)).filter(({ data }) => data.includes(one) || data.includes(other)).map(({ data }) => (JSON.parse(data) as { readonly blob: string }).blob);
    expect(new Set(blobs).size).toBe(2);
    expect(await bytesOf(await reads(bob, chat, other))).toEqual(secret);
  });
});

describe('a file that is withdrawn', () => {
  it('is gone from view at once and leaves a note in its place', async () => {
    const fileId = await shares(alice, aPicture, { in: chat, name: 'oops.png' });
    const timeline = await bob.timeline(chat);
    await timeline.until('bob sees it', (window) => window.lines.find((line) => line.kind === 'file' && line.name === 'oops.png'));
    expect((await bob.refusal(withdrawFile, { conversationId: chat, fileId })).code).toBe('not-the-author');
    await alice.call(withdrawFile, { conversationId: chat, fileId });
    await timeline.until('bob sees the note', (window) => window.lines.find((line) => line.kind === 'file' && line.fileId === fileId && line.withdrawn?.by === alice.account && line.name === null));
    expect(await lineOf(bob, chat, fileId)).toMatchObject({ name: null, withdrawn: { by: alice.account } });
    for (const person of [alice, bob]) expect((await reads(person, chat, fileId)).status).toBe(410);
    expect((await bob.call(findFiles, { name: 'oops' })).total).toBe(0);
    const mine = await alice.call(listMyFiles, {});
    expect(mine.files.find((file) => file.fileId === fileId)).toMatchObject({ withdrawn: true, name: null });
  });

  it('while it is read, is read to its end by who was reading, and by nobody after', async () => {
    const bytes = someBytes(12_000_000);
    const fileId = await shares(alice, bytes, { in: chat });
    const response = await reads(bob, chat, fileId);
    const reader = response.body!.getReader();
    const first = await reader.read();
    await alice.call(withdrawFile, { conversationId: chat, fileId });
    let length = first.value!.length;
    for (let next = await reader.read(); !next.done; next = await reader.read()) length += next.value.length;
    expect(length).toBe(bytes.length);
    expect((await reads(bob, chat, fileId, { Range: 'bytes=5-' })).status).toBe(410);
  });
});

describe('an upload', () => {
  it('goes on where it was cut off, and across a restart', async () => {
    const bytes = someBytes(1_000_000);
    const fileId = randomUUID();
    await alice.call(reserveUpload, { conversationId: chat, fileId, name: 'long.bin', size: bytes.length });
    expect(await offsetOf(alice, fileId)).toBe(0);
    const offset = await eventually('some of it arrived', async () => {
      await sendsAndIsCutOff(appliance, alice, fileId, 0, bytes.subarray(0, 400_000), bytes.length);
      return (await offsetOf(alice, fileId)) || undefined;
    });
    expect([offset % chunkBytes, offset < bytes.length]).toEqual([0, true]);
    expect((await alice.refusal(shareFile, { conversationId: chat, fileId, name: 'long.bin' })).code).toBe('upload-incomplete');
    await appliance.restart();
    expect(await offsetOf(alice, fileId)).toBe(offset);
    const response = await sendsPart(alice, fileId, offset, bytes.subarray(offset));
    expect([response.status, response.headers.get('upload-offset')]).toEqual([204, '1000000']);
    await appliance.restart();
    await alice.call(shareFile, { conversationId: chat, fileId, name: 'long.bin' });
    expect((await bytesOf(await reads(bob, chat, fileId))).equals(bytes)).toBe(true);
  });

  it('is taken over by its client that came back while the old line still hangs', async () => {
    const bytes = someBytes(500_000);
    const fileId = randomUUID();
    await alice.call(reserveUpload, { conversationId: chat, fileId, name: 'hanging.bin', size: bytes.length });
    const letGo = await hangsAfter(appliance, alice, fileId, bytes.subarray(0, 300_000), bytes.length);
    await eventually('the rest is taken', async () => {
      // What hangs may come to the appliance after this has asked: then it stands elsewhere, and is asked again.
      const offset = (await offsetOf(alice, fileId))!;
      return (await sendsPart(alice, fileId, offset, bytes.subarray(offset))).headers.get('upload-offset') === '500000' || undefined;
    });
    letGo();
    await alice.call(shareFile, { conversationId: chat, fileId, name: 'hanging.bin' });
    expect((await bytesOf(await reads(bob, chat, fileId))).equals(bytes)).toBe(true);
  });

  it('that does not go on where it stands is refused, and told where it stands', async () => {
    const bytes = someBytes(200_000);
    const fileId = randomUUID();
    await alice.call(reserveUpload, { conversationId: chat, fileId, name: 'x', size: bytes.length });
    expect((await sendsPart(alice, fileId, 0, bytes.subarray(0, 150_000))).headers.get('upload-offset')).toBe(String(2 * chunkBytes));
    expect((await sendsPart(alice, fileId, 150_000, bytes.subarray(150_000))).status).toBe(409);
    const tooMuch = await sendsPart(alice, fileId, 2 * chunkBytes, Buffer.concat([bytes.subarray(2 * chunkBytes), someBytes(1)]));
    expect([tooMuch.status, ((await tooMuch.json()) as { readonly code: string }).code]).toEqual([413, 'too-large']);
    expect((await sendsPart(alice, fileId, await offsetOf(alice, fileId) as number, bytes.subarray(await offsetOf(alice, fileId) as number))).status).toBe(204);
    expect((await sendsPart(bob, fileId, 0, bytes)).status).toBe(404);
    expect((await sendsPart(nobody(appliance), fileId, 0, bytes)).status).toBe(401);
    expect((await alice.fetch(`/api/uploads/${fileId}`, { method: 'PATCH', body: 'x', headers: { 'Content-Type': 'text/plain', 'Upload-Offset': '0' } })).status).toBe(400);
    expect((await alice.fetch(`/api/uploads/${fileId}`, { method: 'PATCH', body: 'x', headers: { Origin: 'https://elsewhere.example', 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': '0' } })).status).toBe(403);
  });

  it('is refused before a byte flows where it could not be shared', async () => {
    const aReserve = { conversationId: chat, name: 'x.bin', size: 10 };
    expect(await alice.refusal(reserveUpload, { ...aReserve, fileId: randomUUID(), size: 2 ** 31 })).toMatchObject({ code: 'too-large', limit: 1_000_000_000, status: 413 });
    expect((await mallory.refusal(reserveUpload, { ...aReserve, fileId: randomUUID() })).code).toBe('not-a-member');
    for (const name of ['../../etc/passwd', 'C:\\x', 'a\u0000b', 'gpj\u202e.exe', 'x'.repeat(10_000)]) expect(['malformed', 'too-large']).toContain((await alice.refusal(reserveUpload, { ...aReserve, fileId: randomUUID(), name })).code);
  });

  it('takes room that two tabs cannot both have', async () => {
    await adam.call(putSetting, { name: 'files.quotaBytes', value: 1_000 });
    const tabs = await Promise.all([600, 600, 600].map((size) => mallory.answer(reserveUpload, { conversationId: '', fileId: randomUUID(), name: 'x', size })));
    expect(tabs.every((answer) => 'refused' in answer && answer.code === 'malformed')).toBe(true);
    const own = await aDirectChat(mallory, bob);
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    const answers = await Promise.all(ids.map((fileId) => mallory.answer(reserveUpload, { conversationId: own, fileId, name: 'x', size: 600 })));
    const refused = answers.filter((answer) => 'refused' in answer);
    expect(refused).toHaveLength(2);
    expect(refused[0]).toMatchObject({ code: 'over-quota', limit: 1_000 });
    const won = ids[answers.findIndex((answer) => !('refused' in answer))]!;
    expect((await mallory.call(listMyFiles, {})).quota).toEqual({ used: 0, reserved: 600, max: 1_000, fileMax: 1_000_000_000 });
    await mallory.call(cancelUpload, { fileId: won });
    expect(await offsetOf(mallory, won)).toBeUndefined();
    const fileId = await uploads(mallory, someBytes(900), { in: own });
    await mallory.call(shareFile, { conversationId: own, fileId, name: 'y.bin' });
    expect((await mallory.call(listMyFiles, {})).quota).toMatchObject({ used: 900, reserved: 0 });
    await mallory.call(withdrawFile, { conversationId: own, fileId });
    expect((await mallory.call(listMyFiles, {})).quota).toMatchObject({ used: 900, reserved: 0 });
    await adam.call(putSetting, { name: 'files.quotaBytes', value: 2 ** 32 });
  });
});

describe('finding files', () => {
  it('goes by words of the name and by kind, in one\'s own conversations', async () => {
    const report = await shares(alice, someBytes(10), { in: chat, name: 'Quarterly_report-2026 上海.bin' });
    const picture = await shares(alice, aPicture, { in: chat, name: 'Quarterly chart.png' });
    const named = async (input: Parameters<typeof bob.call<typeof findFiles>>[1]): Promise<string[]> => (await bob.call(findFiles, input)).files.map(({ fileId }) => fileId);
    expect(await named({ name: 'quarterly' })).toEqual([picture, report]);
    expect(await named({ name: 'report quart' })).toEqual([report]);
    expect(await named({ name: '上海 quarterly' })).toEqual([report]);
    expect(await named({ name: 'quarterly', kind: 'image' })).toEqual([picture]);
    expect((await alice.call(listMyFiles, { name: 'chart' })).files.map(({ fileId }) => fileId)).toEqual([picture]);
    expect((await bob.call(listMyFiles, { name: 'chart' })).files).toEqual([]);
    expect(fileUrl(chat, report)).toBe(`/api/conversations/${chat}/files/${report}`);
  });
});
