import { describe, expect, it } from 'vitest';
import { heard, silence, steadyMs } from '#web/calls/active-speaker.ts';
import { lasted, leftWords } from '#web/calls/call-words.ts';
import { capsFor, preferring } from '#web/calls/caps.ts';
import { choicesFrom, firstChoices } from '#web/calls/choices.ts';
import { changedDevices, deviceFault } from '#web/calls/devices.ts';
import { qualityOf, sampleOf } from '#web/calls/quality.ts';
import { careOf, type Upkeep } from '#web/calls/upkeep.ts';
import { ringAtStart } from '#web/calls/whom-to-ring.ts';

describe('the speaker', () => {
  const levels = (...pairs: readonly (readonly [string, number])[]): Map<string, number> => new Map(pairs);
  it('is whoever has been the loudest for a while, not who coughs', () => {
    let now = heard(silence, levels(['bob', 0.2]), 1_000);
    expect(now.speaker).toBeNull();
    now = heard(now, levels(['bob', 0.2]), 1_000 + steadyMs);
    expect(now.speaker).toBe('bob');
    now = heard(now, levels(['bob', 0.1], ['carol', 0.5]), 1_500);
    now = heard(now, levels(['bob', 0.1]), 1_600);
    now = heard(now, levels(['bob', 0.1], ['carol', 0.5]), 1_700);
    expect(heard(now, levels(['bob', 0.1], ['carol', 0.5]), 1_950).speaker).toBe('bob');
    expect(heard(now, levels(['bob', 0.1], ['carol', 0.5]), 2_150).speaker).toBe('carol');
  });
  it('is nobody in silence', () => {
    const speaking = heard(heard(silence, levels(['bob', 0.2]), 0), levels(['bob', 0.2]), steadyMs);
    expect(heard(heard(speaking, levels(['bob', 0.001]), 1_000), levels(), 1_000 + steadyMs).speaker).toBeNull();
  });
});

describe('the quality of a connection', () => {
  const sample = (more: object) => ({ connected: true, roundTrip: 0.05, received: 1_000, lost: 0, ...more });
  it('is what people would hear between two looks', () => {
    expect(qualityOf(sample({}), sample({ received: 1_100, lost: 2 }))).toBe('good');
    expect(qualityOf(sample({}), sample({ received: 1_100, lost: 10 }))).toBe('poor');
    expect(qualityOf(sample({}), sample({ received: 1_100, roundTrip: 0.6 }))).toBe('poor');
    expect(qualityOf(sample({ lost: 500 }), sample({ received: 1_100, lost: 500 }))).toBe('good');
    expect(qualityOf(sample({}), sample({ connected: false }))).toBe('lost');
  });
  it('is read from the nominated pair and from what came in', () => {
    expect(sampleOf([{ type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.1 }, { type: 'candidate-pair', nominated: false, currentRoundTripTime: 9 }, { type: 'inbound-rtp', packetsReceived: 5, packetsLost: 1 }, { type: 'inbound-rtp', packetsReceived: 7, packetsLost: 0 }], true)).toEqual({ connected: true, roundTrip: 0.1, received: 12, lost: 1 });
  });
});

describe('bringing a connection back', () => {
  const at = (more: Partial<Upkeep>): Upkeep => ({ state: 'connected', signaling: 'stable', forMs: 60_000, sinceTriedMs: 60_000, tried: 0, offers: true, hasConnected: true, ...more });
  it('never touches one that works', () => {
    for (const tried of [0, 9]) expect(careOf(at({ tried }))).toBe('leave');
  });
  it('waits three seconds of a blink, and none of a failure', () => {
    expect(careOf(at({ state: 'disconnected', forMs: 2_900 }))).toBe('leave');
    expect(careOf(at({ state: 'disconnected', forMs: 3_000 }))).toBe('restart');
    expect(careOf(at({ state: 'failed', forMs: 0 }))).toBe('restart');
  });
  it('goes on trying, and sends again what was never answered', () => {
    expect(careOf(at({ state: 'failed', tried: 1, sinceTriedMs: 4_000 }))).toBe('leave');
    expect(careOf(at({ state: 'failed', tried: 3, sinceTriedMs: 5_000 }))).toBe('restart');
    expect(careOf(at({ state: 'new', signaling: 'have-local-offer', sinceTriedMs: 5_000 }))).toBe('resend');
    expect(careOf(at({ state: 'failed', tried: 4, sinceTriedMs: 5_000 }))).toBe('rebuild');
  });
  it('leaves the first offer to the side that came later', () => {
    expect(careOf(at({ state: 'new', offers: false, hasConnected: false }))).toBe('leave');
    expect(careOf(at({ state: 'connecting', offers: false, hasConnected: false }))).toBe('leave');
    expect(careOf(at({ state: 'failed', offers: false, tried: 1, sinceTriedMs: 6_000 }))).toBe('leave');
    expect(careOf(at({ state: 'failed', offers: false, tried: 1, sinceTriedMs: 8_000 }))).toBe('restart');
    expect(careOf(at({ state: 'failed', offers: false, hasConnected: false, sinceTriedMs: 8_000 }))).toBe('resend');
  });
  it('lets the side that came later begin, and begins itself where that side does not', () => {
    expect(careOf(at({ state: 'failed', offers: false, forMs: 1_900 }))).toBe('leave');
    expect(careOf(at({ state: 'failed', offers: false, forMs: 2_000 }))).toBe('restart');
    expect(careOf(at({ state: 'disconnected', offers: false, forMs: 4_900 }))).toBe('leave');
    expect(careOf(at({ state: 'disconnected', offers: false, forMs: 5_000 }))).toBe('restart');
  });
  it('gives a slow beginning twice the time with each attempt, and a broken path none', () => {
    expect(careOf(at({ state: 'connecting', signaling: 'have-local-offer', hasConnected: false, tried: 1, sinceTriedMs: 9_000 }))).toBe('leave');
    expect(careOf(at({ state: 'connecting', signaling: 'have-local-offer', hasConnected: false, tried: 1, sinceTriedMs: 10_000 }))).toBe('resend');
    expect(careOf(at({ state: 'connecting', signaling: 'have-local-offer', hasConnected: false, tried: 4, sinceTriedMs: 20_000 }))).toBe('rebuild');
    expect(careOf(at({ state: 'connecting', hasConnected: false, tried: 1, sinceTriedMs: 19_000 }))).toBe('leave');
    expect(careOf(at({ state: 'connecting', hasConnected: false, tried: 1, sinceTriedMs: 20_000 }))).toBe('restart');
    expect(careOf(at({ state: 'failed', tried: 3, sinceTriedMs: 5_000 }))).toBe('restart');
  });
});

describe('what is sent', () => {
  const workspace = { participantBitsPerSecond: 1_000_000, screenBitsPerSecond: 2_500_000 };
  it('keeps picture and sound of one participant under their cap', () => {
    const caps = capsFor(workspace, 1);
    expect(caps.audio.maxBitrate + caps.video.maxBitrate).toBe(1_000_000);
    expect(caps.screen.maxBitrate).toBe(2_500_000);
  });
  it('is smaller the more people there are, so that seven copies fit a line', () => {
    const caps = capsFor(workspace, 7);
    expect(7 * (caps.audio.maxBitrate + caps.video.maxBitrate)).toBeLessThan(3_300_000);
    expect(caps.video.scaleResolutionDownBy).toBe(2);
  });
  it('prefers one codec and forgets none', () => {
    expect(preferring([{ mimeType: 'video/H264' }, { mimeType: 'video/rtx' }, { mimeType: 'video/VP8' }], 'video/vp8').map(({ mimeType }) => mimeType)).toEqual(['video/VP8', 'video/H264', 'video/rtx']);
  });
});

describe('what is remembered of the lobby', () => {
  it('comes back as it was, and wrong fields as at first', () => {
    expect(choicesFrom(JSON.stringify({ ...firstChoices, microphone: null, camera: 'abc', muted: true }))).toEqual({ ...firstChoices, microphone: null, camera: 'abc', muted: true });
    expect(choicesFrom('{"microphone":7,"muted":"yes"}')).toEqual(firstChoices);
    expect(choicesFrom('not json')).toEqual(firstChoices);
    expect(choicesFrom(null)).toEqual(firstChoices);
  });
});

describe('devices', () => {
  const device = (deviceId: string, label: string) => ({ deviceId, label }) as MediaDeviceInfo;
  it('are named once when they come or go', () => {
    const before = { microphones: [device('1', 'Desk')], cameras: [], speakers: [] };
    const now = { microphones: [device('1', 'Desk'), device('2', 'Headset')], cameras: [], speakers: [device('3', 'Headset')] };
    expect(changedDevices(before, now)).toEqual({ came: ['Headset'], went: [] });
    expect(changedDevices(now, before)).toEqual({ came: [], went: ['Headset'] });
  });
  it('say what to do when the browser may not use them', () => {
    expect(deviceFault(new DOMException('', 'NotAllowedError'), 'camera')).toMatch(/address bar/);
    expect(deviceFault(new DOMException('', 'NotFoundError'), 'microphone')).toMatch(/No microphone was found/);
  });
});

describe('words about calls', () => {
  it('say how long', () => expect([40, 60, 18 * 60 + 59, 3_600 + 240].map(lasted)).toEqual(['40 s', '1 min', '18 min', '1 h 04 min']));
  it('say by whom it was declined', () => expect(leftWords('declined', 'Bob Bytner').title).toBe('Bob Bytner declined'));
});

describe('whose devices ring', () => {
  it('is the other of a direct chat, everybody of a group, nobody of a channel', () => {
    expect(ringAtStart({ kind: 'direct', members: ['alice', 'bob'] }, 'alice')).toEqual(['bob']);
    expect(ringAtStart({ kind: 'group', members: ['alice', 'bob', 'carol'] }, 'alice')).toEqual(['bob', 'carol']);
    expect(ringAtStart({ kind: 'channel', members: ['alice', 'bob'] }, 'alice')).toEqual([]);
  });
});
