import { afterAll, beforeAll, expect, it } from 'vitest';

import { Fault } from '#src/kernel/fault.ts';
import type { LogAlarm } from '#src/log/eventstoredb/alarms.ts';
import { openEventStoreLog } from '#src/log/eventstoredb/open-event-store-log.ts';
import { aCertificate } from '#test/support/event-store/certificate.ts';
import { aClient, failureOf, anEvent } from '#test/support/event-store/client.ts';
import { aMessagePosted, History } from '#test/support/makers.ts';
import { allOf, someEvents } from '#test/support/log-makers.ts';
import { SealedLog } from '#test/support/sealed-log.ts';
import { eventually } from '#test/support/waiting.ts';
import { aFile, aLog, aServer, impatient } from './eventstoredb-places.ts';

let tls: Awaited<ReturnType<typeof aCertificate>>;
beforeAll(async () => {
  tls = await aCertificate();
});
afterAll(() => tls.remove());

const root = { name: 'admin', password: 'changeit', groups: ['$admins'] };
const appliance = { name: 'hansard', password: 'secret' };
const mallory = { name: 'mallory', password: 'word' };
const secure = () => aServer({ tls, users: [root, appliance, mallory] });
const as = ({ name, password }: { readonly name: string; readonly password: string }) => ({ credentials: { username: name, password } });
/** What an administrator does before the appliance, whose user is no administrator, is started. */
const letIn = (server: Awaited<ReturnType<typeof secure>>) => server.setMetadata('$all', { $acl: { $r: appliance.name } });

it('signs in over TLS, and locks the streams for everybody else at once', async () => {
  const server = await secure();
  const alarms: LogAlarm[] = [];
  const log = await aLog(server, { ...as(root), onAlarm: (alarm) => alarms.push(alarm) });
  await log.append('a', -1, someEvents(1));
  const settings = await eventually('the access list is there', () => server.events().find(({ stream }) => stream === '$settings'));
  expect(JSON.parse(settings.data)).toMatchObject({ $userStreamAcl: { $r: ['admin', '$admins'], $w: ['admin', '$admins'], $d: ['admin', '$admins'], $mr: ['admin', '$admins'], $mw: ['admin', '$admins'] } });
  const client = aClient(server.urlAs(`${mallory.name}:${mallory.password}`));
  const denied = { type: 'access-denied' };
  expect(await failureOf(client.appendToStream('a', anEvent()))).toMatchObject(denied);
  expect(await failureOf(client.appendToStream('new', anEvent()))).toMatchObject(denied);
  expect(await failureOf(client.deleteStream('a'))).toMatchObject(denied);
  expect(await failureOf(client.setStreamMetadata('a', { maxCount: 1 }))).toMatchObject(denied);
  // A second node finds the list, and changes nothing.
  await aLog(server, { ...as(root), onAlarm: (alarm) => alarms.push(alarm) });
  await log.append('a', 0, someEvents(1));
  expect(server.events().filter(({ stream }) => stream === '$settings')).toHaveLength(1);
  expect(alarms).toEqual([]);
});

it('tells what an administrator should write where it may not lock the streams itself, and where a list is open', async () => {
  const server = await secure();
  letIn(server);
  const alarms: LogAlarm[] = [];
  const log = await aLog(server, { ...as(appliance), onAlarm: (alarm) => alarms.push(alarm) });
  await eventually('the alarm', () => alarms.length === 1, () => alarms);
  expect(alarms[0]).toMatchObject({ id: 'access-open', kind: 'access-open' });
  expect(alarms[0]!.sentence).toMatch(/An administrator of the database should write this to the stream \$settings: \{/);
  const wanted = alarms[0]!.sentence.slice(alarms[0]!.sentence.indexOf('{'));
  server.append('$settings', [{ type: 'update-default-acl', data: wanted }]);
  await log.append('a', -1, someEvents(1));
  await log.close();
  const again = await aLog(server, { ...as(appliance), onAlarm: (alarm) => alarms.push(alarm) });
  await again.append('a', 0, someEvents(1));
  await again.close();
  expect(alarms).toHaveLength(1);
  // For an appliance under another name it lets a stranger in.
  alarms.length = 0;
  await aLog(server, { ...as(root), onAlarm: (alarm) => alarms.push(alarm) });
  const stranger = await eventually('the alarm', () => alarms.find(({ kind }) => kind === 'access-open'), () => alarms);
  expect(stranger.sentence).toMatch(/lets others than admin and \$admins at the record/);
});

it('says at once that a wrong password is refused, and never repeats it', async () => {
  const server = await secure();
  const opening = aLog(server, { ...as({ name: 'hansard', password: 'wr0ng' }), connectDeadlineMs: 60_000 });
  await expect(opening).rejects.toThrow(/refuses this appliance: it does not accept the name and password/);
  await expect(opening).rejects.not.toThrow(/wr0ng/);
  await expect(aLog(server, { connectDeadlineMs: 60_000 })).rejects.toThrow(/refuses this appliance: access was denied/);
});

it('says that it may not write when somebody takes that away, acknowledges nothing, and recovers', async () => {
  const server = await secure();
  letIn(server);
  const log = await aLog(server, as(appliance));
  await log.append('a', -1, someEvents(1));
  server.append('$settings', [{ type: 'update-default-acl', data: JSON.stringify({ $userStreamAcl: { $r: 'hansard', $w: '$admins' } }) }]);
  const batch = someEvents(1);
  await expect(log.append('a', 0, batch)).rejects.toThrow(/not known yet whether the batch for a is in the log/);
  expect(log.cutOff()).toMatch(/refuses since .* what this appliance writes, because its user may not/);
  server.append('$settings', [{ type: 'update-default-acl', data: '{}' }]);
  expect(await log.append('a', 0, batch)).toMatchObject({ kind: 'appended', revision: 1 });
  await eventually('it is well', () => log.cutOff() === undefined);
});

it('finds the same leaves, positions and root from the bytes in the database as the embedded engine was given', async () => {
  const sealed = await SealedLog.open();
  const history = new History();
  for (const text of ['one', 'two, and more', '"three" \u00e9\u{1f600}']) history.add('conversation-1', aMessagePosted({ text }));
  const fed = await sealed.append(history.events);
  const server = await aServer();
  const log = await openEventStoreLog({ url: server.url, file: await aFile(), ...impatient });
  const { stream } = fed[0]!;
  server.append('custody', [{ type: 'LogFounded', data: JSON.stringify({ logId: sealed.logId }) }]);
  await log.streamHead('custody');
  expect(await log.append(stream, -1, fed)).toMatchObject({ kind: 'appended', position: 1 });
  const copied = (await allOf(log.readStream(stream))).map(({ leafHash }) => leafHash);
  expect(copied).toEqual(fed.map(({ leafHash }) => leafHash));
  // A batch whose leaf hash is not that of its bytes is not taken for ours.
  await expect(log.append(stream, 2, [{ ...fed[0]!, id: '0190a000-0000-7000-8000-00000000000f' }])).resolves.toMatchObject({ kind: 'conflict' });
  await log.close();
  await sealed.close();
});

it('takes no address that it should not, before anything is opened', async () => {
  const file = await aFile();
  await expect(openEventStoreLog({ url: 'esdb://hansard:secret@127.0.0.1:2113?tls=false', file })).rejects.toThrow(Fault);
});
