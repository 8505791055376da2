import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { AssertionError } from 'node:assert';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { busBodyBytesMax } from '#src/doors/socket/bus.ts';
import { busKey, openEnvelope, sealEnvelope } from '#appliance/bus/envelope.ts';
import { Intake } from '#appliance/bus/intake.ts';

const logSecret = createSecretKey(randomBytes(32));
const logId = randomUUID();
const key = busKey(logSecret, logId);
const here = randomUUID();
const subject = 'hansard.log.presence';
const now = 1_700_000_000_000;

/** What one node makes of what comes in. */
type Take = (subject: string, bytes: Uint8Array, now: number) => { readonly node: string; readonly body: unknown } | undefined;
const sound = (): Take => {
  const intake = new Intake(key, here);
  return (...message) => intake.take(...message);
};

/** Another node that numbers what it says. */
const aNode = (node: string = randomUUID()) => {
  let seq = 0;
  return { node, says: (body: object, at = now, with_ = key, under = subject) => sealEnvelope(with_, under, { node, seq: ++seq, at }, JSON.stringify(body)) };
};

const cases: Readonly<Record<string, (take: Take) => void>> = {
  'listens to another node of the same log, in order'(take) {
    const { node, says } = aNode();
    for (const n of [1, 2, 3]) assert.deepEqual(take(subject, says({ n }), now), { node, body: { n }, seq: n, at: now });
  },
  'drops what no holder of the log secret made'(take) {
    const { says } = aNode();
    const stranger = busKey(createSecretKey(randomBytes(32)), logId);
    assert.equal(take(subject, says({}, now, stranger), now), undefined);
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(32), Buffer.concat([Buffer.alloc(32), says({}).subarray(32)])]) assert.equal(take(subject, bytes, now), undefined);
  },
  'drops what was said in another organisation'(take) {
    assert.equal(take(subject, aNode().says({}, now, busKey(logSecret, randomUUID())), now), undefined);
  },
  'drops what was said under another subject'(take) {
    assert.equal(take(subject, aNode().says({}, now, key, 'hansard.log.typing'), now), undefined);
  },
  'drops what it heard before, and what came before that'(take) {
    const { says } = aNode();
    const [first, second] = [says({}), says({})];
    assert.ok(take(subject, second, now));
    assert.equal(take(subject, second, now), undefined);
    assert.equal(take(subject, first, now), undefined);
  },
  'drops what is old, and what is not yet'(take) {
    const { says } = aNode();
    for (const at of [now - 30_001, now + 30_001]) assert.equal(take(subject, says({}, at), now), undefined);
    assert.ok(take(subject, says({}, now - 30_000), now));
    assert.ok(take(subject, says({}, now + 30_000), now));
  },
  'drops what it said itself'(take) {
    assert.equal(take(subject, aNode(here).says({}), now), undefined);
  },
  'drops what is too big, before looking at it'(take) {
    const { says } = aNode();
    assert.ok(take(subject, says({ text: 'x'.repeat(busBodyBytesMax - 11) }), now));
    assert.equal(take(subject, says({ text: 'x'.repeat(busBodyBytesMax + 500) }), now), undefined);
  },
  'hears each node no more than so often, and the others all the same'(take) {
    const [loud, quiet] = [aNode(), aNode()];
    const heard = Array.from({ length: 6_000 }, () => take(subject, loud.says({}), now)).filter(Boolean).length;
    assert.equal(heard, 4_000);
    assert.ok(take(subject, quiet.says({}), now));
    assert.ok(take(subject, loud.says({}, now + 1_000), now + 1_000));
  },
};

describe('the intake of the bus', () => {
  for (const [what, check] of Object.entries(cases)) it(what, () => check(sound()));

  it('counts what it drops, by the reason', () => {
    const intake = new Intake(key, here);
    const { says } = aNode();
    const once = says({});
    for (const bytes of [Buffer.from('hello'), once, once, says({}, 0), aNode(here).says({}), Buffer.alloc(busBodyBytesMax * 2), sealEnvelope(key, subject, { node: 'nobody', seq: 1, at: now }, '{}')]) intake.take(subject, bytes, now);
    expect([intake.received, intake.dropped]).toEqual([1, { oversize: 1, forged: 1, unreadable: 1, own: 1, stale: 1, replayed: 1, 'too-many': 0 }]);
  });

  it('takes no byte for another one', () => {
    const bytes = aNode().says({ is: 'bye' });
    fc.assert(fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (index, flip) => {
      const changed = Buffer.from(bytes);
      changed[index]! ^= flip;
      expect(openEnvelope(key, subject, changed)).toBe('forged');
    }));
  });

  it('remembers no more nodes than there can be, and each as long as it could be played back', () => {
    const intake = new Intake(key, here);
    const nodes = Array.from({ length: 257 }, () => aNode());
    const first = nodes.map(({ says }) => says({}));
    expect(first.filter((bytes) => intake.take(subject, bytes, now)).length).toBe(256);
    expect(intake.take(subject, aNode().says({}, now + 90_000), now + 90_000)).toBeUndefined();
    expect(intake.take(subject, aNode().says({}, now + 90_001), now + 90_001)).toBeDefined();
    expect(intake.take(subject, first[0]!, now + 90_001)).toBeUndefined();
  });
});

const parsed = (bytes: Uint8Array): { node: string; seq: number; at: number; body: unknown } | undefined => {
  try {
    return JSON.parse(Buffer.from(bytes.subarray(32)).toString()) as never;
  } catch {
    return undefined;
  }
};

const builds: readonly (readonly [what: string, take: () => Take, caughtBy: keyof typeof cases])[] = [
  ['believes everybody', () => (_subject, bytes) => parsed(bytes), 'drops what no holder of the log secret made'],
  ['believes whoever writes what it can read', () => (_subject, bytes) => parsed(bytes), 'drops what was said in another organisation'],
  ['does not look at the subject', () => (_subject, bytes) => {
    const opened = ['hansard.log.typing', subject].map((one) => openEnvelope(key, one, bytes)).find((one) => typeof one !== 'string');
    return opened as ReturnType<Take>;
  }, 'drops what was said under another subject'],
  ['remembers nothing', () => (...message) => new Intake(key, here).take(...message), 'drops what it heard before, and what came before that'],
  ['has no sense of time', () => {
    const intake = new Intake(key, here);
    return (under, bytes) => intake.take(under, bytes, parsed(bytes)?.at ?? now);
  }, 'drops what is old, and what is not yet'],
  ['listens to itself', () => {
    const intake = new Intake(key, randomUUID());
    return (...message) => intake.take(...message);
  }, 'drops what it said itself'],
  ['sets no limit', () => (under, bytes) => {
    const opened = openEnvelope(key, under, bytes);
    return typeof opened === 'string' ? undefined : opened;
  }, 'hears each node no more than so often, and the others all the same'],
  ['reads whatever size', () => (under, bytes) => {
    const opened = openEnvelope(key, under, bytes);
    return typeof opened === 'string' ? undefined : opened;
  }, 'drops what is too big, before looking at it'],
];

describe('the cases of the intake catch a build that', () => {
  for (const [what, take, caughtBy] of builds) it(what, () => expect(() => cases[caughtBy]!(take())).toThrow(AssertionError));
});
