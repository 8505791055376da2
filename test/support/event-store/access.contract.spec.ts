import { NO_STREAM } from '@eventstore/db-client';
import type { EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { aCertificate } from './certificate.ts';
import { aClient, allOf, anEvent, aServer, failureOf } from './client.ts';
import type { EventStoreStandIn } from './event-store-stand-in.ts';

const stream = 'conversation-1';
const denied = { type: 'access-denied' };
const administrator = { name: 'admin', password: 'changeit', groups: ['$admins'] };
const appliance = { name: 'hansard', password: 'se:cret' };
const mallory = { name: 'mallory', password: 'word', groups: ['readers'] };

let tls: Awaited<ReturnType<typeof aCertificate>>;
beforeAll(async () => {
  tls = await aCertificate();
});
afterAll(() => tls.remove());

const secure = async () => {
  const server = await aServer({ tls, users: [administrator, appliance, mallory] });
  const as = ({ name, password }: { readonly name: string; readonly password: string }) => aClient(server.urlAs(`${name}:${encodeURIComponent(password)}`));
  return { server, anonymous: aClient(server.url), admin: as(administrator), hansard: as(appliance), mallory: as(mallory), as };
};
const append = (client: EventStoreDBClient, name = stream) => client.appendToStream(name, anEvent());
const read = (client: EventStoreDBClient, name = stream) => allOf(client.readStream(name));
const setMetadata = (server: EventStoreStandIn, acl: Record<string, unknown>) => server.setMetadata(stream, { $acl: acl });

it('speaks TLS, and lets nobody in without a name', async () => {
  const { anonymous, hansard } = await secure();
  await append(hansard);
  expect(await failureOf(append(anonymous))).toMatchObject(denied);
  expect(await failureOf(read(anonymous))).toMatchObject(denied);
  expect(await failureOf(allOf(anonymous.readAll()))).toMatchObject(denied);
  expect(await failureOf(anonymous.deleteStream(stream))).toMatchObject(denied);
});

it('refuses a wrong password with code 16, in every call', async () => {
  const { server, as } = await secure();
  server.append(stream);
  const wrong = as({ name: 'hansard', password: 'wrong' });
  const refused = { ...denied, code: 16 };
  expect(await failureOf(append(wrong))).toMatchObject(refused);
  expect(await failureOf(wrong.appendToStream(stream, anEvent(), { credentials: { username: 'hansard', password: 'wrong' } }))).toMatchObject(refused);
  expect(await failureOf(read(wrong))).toMatchObject(refused);
  expect(await failureOf(wrong.deleteStream(stream))).toMatchObject(refused);
});

it('takes credentials for one call', async () => {
  const { anonymous } = await secure();
  await anonymous.appendToStream(stream, anEvent(), { expectedRevision: NO_STREAM, credentials: { username: appliance.name, password: appliance.password } });
});

it('shows $all and the streams of the system to administrators alone, unless a list says otherwise', async () => {
  const { server, admin, hansard } = await secure();
  expect((await allOf(admin.readAll())).length).toBeGreaterThan(0);
  expect(await failureOf(allOf(hansard.readAll()))).toMatchObject(denied);
  expect(await failureOf(read(hansard, '$stats-stand-in'))).toMatchObject(denied);
  server.setMetadata('$all', { $acl: { $r: appliance.name } });
  expect((await allOf(hansard.readAll())).length).toBeGreaterThan(0);
});

it('obeys the list of a stream, by name and by group', async () => {
  const { server, admin, hansard, mallory: other } = await secure();
  await append(hansard);
  setMetadata(server, { $w: appliance.name, $r: ['readers', appliance.name], $d: [], $mw: '$admins', $mr: '$admins' });
  expect(await failureOf(append(other))).toMatchObject(denied);
  expect(await read(other)).toHaveLength(1);
  await append(hansard);
  expect(await failureOf(hansard.deleteStream(stream))).toMatchObject(denied);
  expect(await failureOf(hansard.tombstoneStream(stream))).toMatchObject(denied);
  expect(await failureOf(hansard.setStreamMetadata(stream, { maxCount: 1 }))).toMatchObject(denied);
  expect(await failureOf(hansard.getStreamMetadata(stream))).toMatchObject(denied);
  await admin.setStreamMetadata(stream, { maxCount: 1 });
});

it('takes the defaults of all streams from $settings', async () => {
  const { server, admin, hansard, mallory: other } = await secure();
  server.append('$settings', [{ type: '$settings', data: JSON.stringify({ $userStreamAcl: { $r: '$all', $w: appliance.name, $d: '$admins', $mr: '$all', $mw: '$admins' } }) }]);
  await append(hansard);
  expect(await failureOf(append(other))).toMatchObject(denied);
  expect(await failureOf(hansard.deleteStream(stream))).toMatchObject(denied);
  expect(await failureOf(hansard.setStreamMetadata(stream, { maxAge: 1 }))).toMatchObject(denied);
  await admin.tombstoneStream(stream);
});

it('goes on taking appends of a stream that was allowed, after one that was not', async () => {
  const { server, mallory: other } = await secure();
  setMetadata(server, { $w: appliance.name });
  const [refused, taken] = await Promise.allSettled([append(other), append(other, 'conversation-2')]);
  expect(refused).toMatchObject({ status: 'rejected', reason: denied });
  expect(taken).toMatchObject({ status: 'fulfilled' });
});
