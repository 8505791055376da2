import { describe, expect, it } from 'vitest';

import { Fault } from '#src/kernel/fault.ts';
import { leafHash, textHash } from '#src/ledger/leaf.ts';
import { accessListFor, isClosed } from '#src/log/eventstoredb/access-list.ts';
import { alarmOf } from '#src/log/eventstoredb/alarms.ts';
import { judgeAppend, type HandedOver, type Seen } from '#src/log/eventstoredb/judge-append.ts';
import { backOffMs } from '#src/log/eventstoredb/link.ts';
import { foundedBy, isOurs, leafOf } from '#src/log/eventstoredb/our-leaves.ts';
import { isRefusal, reasonOf } from '#src/log/eventstoredb/reason.ts';
import { assertSpeakable, serverAddress } from '#src/log/eventstoredb/server-address.ts';
import type { StoredEvent } from '#src/log/eventstoredb/wire.ts';

describe('an append that was handed over', () => {
  const events = [{ id: 'one', leafHash: 'l1' }, { id: 'two', leafHash: 'l2' }];
  const both = [{ position: 7, id: 'one', leaf: 'l1' }, { position: 9, id: 'two', leaf: 'l2' }];
  const anAppend = (own: Partial<HandedOver> = {}): HandedOver => ({ expected: 4, events, refusedAt: undefined, deleted: false, underWay: false, inDoubt: false, ...own });
  const seen = (own: Partial<Seen> = {}): Seen => ({ head: 4 + (own.after?.length ?? 0), after: [], tombstone: false, ...own });

  it('is not known before the next revision was seen, whatever the server says', () => {
    expect(judgeAppend(anAppend(), seen())).toBeUndefined();
    expect(judgeAppend(anAppend({ refusedAt: 6 }), seen())).toBeUndefined();
    expect(judgeAppend(anAppend({ inDoubt: true }), seen({ head: 2 }))).toBeUndefined();
  });
  it('is there when our ids stand there', () => expect(judgeAppend(anAppend({ refusedAt: 6 }), seen({ after: both }))).toEqual({ kind: 'appended', position: 7, revision: 6 }));
  it('is waited for while the beginning of it was seen', () => expect(judgeAppend(anAppend(), seen({ after: both.slice(0, 1) }))).toBeUndefined());
  it('is not there when others stand there, or our ids with another leaf', () => {
    expect(judgeAppend(anAppend(), seen({ after: [{ position: 7, id: 'other', leaf: 'l1' }] }))).toEqual({ kind: 'conflict', revision: 5 });
    expect(judgeAppend(anAppend(), seen({ after: [both[0]!, { position: 8, id: 'two', leaf: 'l3' }] }))).toEqual({ kind: 'conflict', revision: 6 });
  });
  it('waits for all that others wrote, as far as the server says or may still say it goes', () => {
    const after = [{ position: 7, id: 'other', leaf: 'l' }];
    expect(judgeAppend(anAppend({ underWay: true }), seen({ after }))).toBeUndefined();
    expect(judgeAppend(anAppend({ refusedAt: 8 }), seen({ after }))).toBeUndefined();
    expect(judgeAppend(anAppend({ refusedAt: 5 }), seen({ after }))).toEqual({ kind: 'conflict', revision: 5 });
  });
  it('is not there when the server refused it for all that was seen, which is a shorter batch that begins alike', () => {
    expect(judgeAppend(anAppend({ refusedAt: 5 }), seen({ after: both.slice(0, 1) }))).toEqual({ kind: 'conflict', revision: 5 });
    expect(judgeAppend(anAppend({ refusedAt: 6 }), seen({ after: both.slice(0, 1) }))).toBeUndefined();
  });
  it('is refused for good by a shorter stream only if nothing of it can be on its way', () => {
    expect(judgeAppend(anAppend({ refusedAt: 2 }), seen({ head: 2 }))).toEqual({ kind: 'conflict', revision: 2 });
    expect(judgeAppend(anAppend({ refusedAt: 2 }), seen({ head: 1 }))).toBeUndefined();
    expect(judgeAppend(anAppend({ refusedAt: 2, inDoubt: true }), seen({ head: 2 }))).toBeUndefined();
    expect(judgeAppend(anAppend({ refusedAt: 4 }), seen())).toBeUndefined();
  });
  it('never comes behind a tombstone', () => {
    expect(judgeAppend(anAppend({ deleted: true }), seen())).toBeUndefined();
    expect(judgeAppend(anAppend({ deleted: true }), seen({ tombstone: true }))).toEqual({ kind: 'deleted' });
    expect(judgeAppend(anAppend({ deleted: true }), seen({ tombstone: true, after: both }))).toMatchObject({ kind: 'appended' });
  });
});

describe('the address of the database', () => {
  it('is one host, several, or the name of a cluster', () => {
    expect(serverAddress('esdb://one.example:2113')).toMatchObject({ hosts: [{ address: 'one.example', port: 2113 }], discover: false, tls: true });
    expect(serverAddress('esdb://a:1,b:2,c:3?tls=true').hosts).toHaveLength(3);
    expect(serverAddress('esdb+discover://cluster.example:2113')).toMatchObject({ discover: true });
  });
  it('may do without TLS on this machine alone', () => {
    for (const host of ['localhost:1', '127.0.0.1:1', '127.3.2.1']) expect(serverAddress(`esdb://${host}?tls=false`).tls).toBe(false);
    for (const hosts of ['one.example:1', '127.0.0.1:1,10.0.0.1:1', '0.0.0.0:1', 'localhost.example:1', '127.0.0.1.example:1']) {
      expect(() => serverAddress(`esdb://${hosts}?tls=false`)).toThrow(/tls=false, which is allowed on this machine alone/);
    }
    expect(() => serverAddress('esdb+discover://cluster.example:1?tls=false')).toThrow(Fault);
  });
  it('is not left in the clear for a member that the cluster names', () => {
    for (const uri of ['127.0.0.1:2113', 'localhost:1', '::1:2113', '[::1]:2113']) assertSpeakable({ tls: false }, uri);
    assertSpeakable({ tls: true }, 'one.example:2113');
    for (const uri of ['one.example:2113', '10.0.0.1:2113', '127.0.0.1.example:1']) expect(() => assertSpeakable({ tls: false }, uri)).toThrow(/allowed on this machine alone/);
  });
  it('carries no name and no password, and no sentence repeats them', () => {
    for (const url of ['esdb://admin:changeit@one.example:2113', 'esdb+discover://admin:changeit@one.example', 'esdb://admin:changeit@']) {
      expect(() => serverAddress(url)).toThrow(/credentials file/);
      expect(() => serverAddress(url)).not.toThrow(/changeit|admin/);
    }
  });
  it('is refused with an example when it cannot be read', () => expect(() => serverAddress('http://one.example')).toThrow(/looks like esdb:/));
});

describe('what the server or the client says went wrong', () => {
  it('is put in words although the client gives no message, no code, or nothing at all', () => {
    expect(reasonOf(Object.assign(new Error(''), { code: 14 }))).toBe('it cannot be reached');
    expect(reasonOf(Object.assign(new Error('14 UNAVAILABLE: No connection'), { code: 14, details: 'No connection' }))).toBe('it cannot be reached (No connection)');
    expect(reasonOf(new Error(''))).toBe('it gave no reason');
    for (const nothing of [undefined, null, 'text', 7]) expect(reasonOf(nothing)).toBe('it gave no reason');
    expect(reasonOf({ code: 99 })).toBe('error 99');
  });
  it('is a refusal only if the server knows who asks', () => expect([7, 16, 14, undefined].map((code) => isRefusal({ code }))).toEqual([true, true, false, false]));
});

it('waits longer after each failure, never beyond a second, and never all nodes alike', () => {
  for (let failures = 1; failures < 40; failures += 1) {
    const most = Math.min(1000, 25 * 2 ** failures);
    const waits = Array.from({ length: 20 }, () => backOffMs(failures));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(most / 2);
    expect(Math.max(...waits)).toBeLessThanOrEqual(most);
    expect(new Set(waits).size).toBeGreaterThan(1);
  }
});

const aStored = (own: Partial<StoredEvent> = {}): StoredEvent => ({
  at: { commit: 5n, prepare: 5n }, stream: 'conversation-1', revision: 3, id: '0190a000-0000-7000-8000-000000000001', type: 'MessagePosted', data: '{"at":1}', metadata: '{}', createdMs: 1_700_000_000_000, ...own,
});

describe('our leaves', () => {
  const hash = 'A'.repeat(43);
  it('know our streams by kind and form', () => {
    expect(['conversation-1', 'name-x', 'account-a-b', 'custody', 'settings', 'access', 'reading-1', 'case-1', 'space-1'].filter((stream) => !isOurs(stream))).toEqual([]);
    expect(['$settings', '$$custody', 'conversation', 'conversation-', 'custody-1', 'order-1', '', '-', 'constructor-1', 'toString'].filter(isOurs)).toEqual([]);
  });
  it('are those of the ledger for an event with our mark', () => {
    const ledger = { commitments: [hash], mac: hash, previous: null, writer: 'w' };
    const event = aStored({ metadata: JSON.stringify({ actor: { id: 'a', kind: 'account' }, ledger, schema: 1 }) });
    const metaHash = textHash('{"actor":{"id":"a","kind":"account"},"schema":1}');
    expect(leafOf(event, 'log')).toBe(leafHash({ commitments: [hash], dataHash: textHash(event.data), event: event.id, log: 'log', metaHash, previous: null, revision: 3, schema: 1, stream: event.stream, type: event.type }));
  });
  it('exist for whatever else stands in a stream, and differ with every byte', () => {
    const odd = [
      aStored(), aStored({ data: '{"at": 1}' }), aStored({ data: '' }), aStored({ data: 'no json' }), aStored({ metadata: '' }), aStored({ metadata: '[]' }), aStored({ metadata: '{"ledger":null,"schema":1}' }),
      aStored({ metadata: '{"ledger":{"commitments":[1]},"schema":1}' }), aStored({ metadata: '{"ledger":{},"schema":1.5}' }), aStored({ type: 'Pruned', data: '{"leafHash":"short"}' }), aStored({ revision: 4 }), aStored({ id: 'x' }),
    ];
    const leaves = [...odd.map((event) => leafOf(event, 'log')), leafOf(aStored(), 'another'), leafOf(aStored(), null)];
    expect(leaves.every((leaf) => /^[\w-]{43}$/.test(leaf))).toBe(true);
    expect(new Set(leaves).size).toBe(leaves.length);
  });
  it('keep the leaf of a stub', () => expect(leafOf(aStored({ type: 'Pruned', data: JSON.stringify({ leafHash: hash, ledger: {} }) }), 'log')).toBe(hash));
  it('learn the log id from the founding event alone', () => {
    const founding = aStored({ stream: 'custody', revision: 0, type: 'LogFounded', data: '{"logId":"L"}' });
    expect(foundedBy(founding)).toBe('L');
    for (const other of [{ revision: 1 }, { stream: 'conversation-1' }, { type: 'Other' }, { data: '{}' }, { data: 'no' }]) expect(foundedBy({ ...founding, ...other })).toBeUndefined();
  });
});

describe('alarms', () => {
  const kindOf = (own: Partial<StoredEvent>, isOwnList = false) => alarmOf(aStored(own), isOurs, () => isOwnList)?.kind;
  const metadata = (set: object, stream = '$$conversation-1') => ({ stream, type: '$metadata', data: JSON.stringify(set) });
  it('tell what was cut, deleted and changed in a stream of ours', () => {
    for (const set of [{ $maxCount: 1 }, { $maxAge: 60 }, { $tb: 4 }, { $maxCount: 0 }]) expect(kindOf(metadata(set))).toBe('truncated');
    expect(kindOf({ ...metadata({}), data: '{"$tb":9223372036854775807}' })).toBe('deleted');
    expect(kindOf(metadata({ $acl: { $w: '$all' } }))).toBe('metadata-set');
    expect(kindOf({ ...metadata({}), data: 'no json' })).toBe('metadata-set');
    expect(kindOf({ type: '$streamDeleted', revision: 2 ** 63 })).toBe('tombstoned');
    expect(kindOf({ stream: '$scavenges-1', type: '$scavengeStarted' })).toBe('scavenged');
    expect(kindOf({ stream: '$settings', type: 'update-default-acl' })).toBe('access-changed');
  });
  it('do not tell of our own access list, of streams of others and of events of ours', () => {
    expect(kindOf({ stream: '$settings' }, true)).toBeUndefined();
    expect(kindOf(metadata({ $maxCount: 1 }, '$$order-1'))).toBeUndefined();
    expect(kindOf({ stream: 'order-1', type: '$streamDeleted' })).toBeUndefined();
    expect(kindOf({})).toBeUndefined();
  });
  it('have the id of the event that they tell of', () => expect(alarmOf(aStored(metadata({ $maxCount: 1 })), isOurs, () => false)).toMatchObject({ id: aStored().id, at: 1_700_000_000_000, stream: 'conversation-1' }));
});

describe('the access list', () => {
  it('is closed as we write it, also for an administrator', () => {
    for (const user of ['hansard', '$admins']) expect(isClosed(accessListFor(user), user)).toBe(true);
  });
  it('is open when anybody else is named, when a right is missing and when it cannot be read', () => {
    const list = (own: object) => JSON.stringify({ $userStreamAcl: { ...(JSON.parse(accessListFor('hansard')) as { $userStreamAcl: object }).$userStreamAcl, ...own } });
    for (const own of [{ $w: '$all' }, { $d: ['hansard', 'mallory'] }, { $mw: undefined }, { $r: [] }, { $w: 7 }]) expect(isClosed(list(own), 'hansard')).toBe(false);
    for (const text of ['no json', '{}', 'null', '{"$userStreamAcl":null}']) expect(isClosed(text, 'hansard')).toBe(false);
    expect(isClosed(list({ $w: '$admins' }), 'hansard')).toBe(true);
  });
});
