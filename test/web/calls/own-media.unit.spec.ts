import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { firstChoices } from '#web/calls/choices.ts';
import { OwnMedia } from '#web/calls/own-media.ts';

/** Stands in for a browser's track. */
const aTrack = (kind: string) => ({ kind, readyState: 'live', stop(): void { this.readyState = 'ended'; }, addEventListener: () => undefined });
type Asked = { readonly wanted: MediaStreamConstraints; readonly give: () => void; readonly refuse: () => void };
/** What the browser was asked for, in order. */
let asked: Asked[];
/** Everything it ever gave. */
let given: ReturnType<typeof aTrack>[];
let own: OwnMedia;
beforeEach(() => {
  [asked, given] = [[], []];
  own = new OwnMedia(firstChoices);
  const getUserMedia = (wanted: MediaStreamConstraints): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const give = (): void => {
        const tracks = (['audio', 'video'] as const).filter((kind) => wanted[kind]).map(aTrack);
        given.push(...tracks);
        const of = (kind: string) => () => tracks.filter((track) => track.kind === kind);
        resolve({ getTracks: () => tracks, getAudioTracks: of('audio'), getVideoTracks: of('video') });
      };
      asked.push({ wanted, give, refuse: () => reject(new DOMException('in use', 'NotReadableError')) });
    });
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } });
});
afterEach(() => vi.unstubAllGlobals());

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const live = (): readonly string[] => given.filter(({ readyState }) => readyState === 'live').map(({ kind }) => kind);

describe('microphone and camera', () => {
  it('come one by one where they do not come together, and a fault of one is no fault of the other', async () => {
    void own.open({ audio: true, video: true });
    asked[0]!.refuse();
    await settled();
    expect([own.isWanted('audio'), own.isWanted('video')]).toEqual([true, true]);
    asked[1]!.give();
    asked[2]!.refuse();
    await settled();
    expect([live(), own.isOn('audio'), own.isOn('video'), own.opening.value.size, Object.keys(own.faults.value)]).toEqual([['audio'], true, false, 0, ['camera']]);
  });

  it('stay off that were taken while both were asked for, though both together failed', async () => {
    void own.open({ audio: true, video: true });
    own.stop('audio');
    asked[0]!.refuse();
    await settled();
    expect(asked.slice(1).map(({ wanted }) => Object.keys(wanted))).toEqual([['video']]);
    for (const one of asked.slice(1)) one.give();
    await settled();
    expect([live(), own.isWanted('audio'), own.isOn('video')]).toEqual([['video'], false, true]);
  });

  it('stay off both when one has left meanwhile', async () => {
    void own.open({ audio: true, video: true });
    own.stopAll();
    asked[0]!.refuse();
    await settled();
    expect([asked.length, own.opening.value.size]).toEqual([1, 0]);
  });

  it('are wanted for as long as the last wish is not answered, whatever comes of an earlier one', async () => {
    void own.open({ audio: true, video: false });
    own.stop('audio');
    void own.open({ audio: true, video: false });
    asked[0]!.give();
    await settled();
    expect([live(), own.isWanted('audio'), own.isOn('audio')]).toEqual([[], true, false]);
    own.stop('audio');
    asked[1]!.give();
    await settled();
    expect([live(), own.isWanted('audio')]).toEqual([[], false]);
  });

  it('are told apart in their faults: an earlier wish that failed says nothing of the one that holds', async () => {
    void own.open({ audio: true, video: false });
    own.stop('audio');
    void own.open({ audio: true, video: false });
    asked[0]!.refuse();
    await settled();
    expect([own.isWanted('audio'), own.faults.value]).toEqual([true, {}]);
    asked[1]!.give();
    await settled();
    expect([live(), own.opening.value.size]).toEqual([['audio'], 0]);
  });

  it('stay off that were taken while the other one was opened anew', async () => {
    void own.open({ audio: true, video: true });
    asked[0]!.give();
    await settled();
    void own.use({ ...firstChoices, microphone: 'another', camera: 'another' });
    own.stop('video');
    asked[1]!.give();
    await settled();
    expect([asked.length, live(), own.isWanted('video')]).toEqual([2, ['audio'], false]);
  });

  it('are off at once where None is chosen, whatever the browser is asked about the other one', async () => {
    void own.open({ audio: true, video: true });
    asked[0]!.give();
    await settled();
    void own.use({ ...firstChoices, microphone: 'another', camera: null });
    expect([live(), own.isOn('video')]).toEqual([['audio'], false]);
  });

  it('are those that were chosen last, also where the choice before still waits for the browser', async () => {
    void own.open({ audio: true, video: true });
    asked[0]!.give();
    await settled();
    void own.use({ ...firstChoices, microphone: 'another', camera: 'this' });
    void own.use({ ...firstChoices, microphone: 'another', camera: 'that' });
    for (let n = 1; n < asked.length; n += 1) {
      asked[n]!.give();
      await settled();
    }
    expect([live().toSorted(), own.isOn('video')]).toEqual([['audio', 'video'], true]);
    expect(asked.findLast(({ wanted }) => wanted.video)!.wanted.video).toMatchObject({ deviceId: { exact: 'that' } });
  });

  it('are not opened once None was chosen, though the browser still asked at the time', async () => {
    void own.open({ audio: true, video: false });
    void own.use({ ...firstChoices, microphone: null });
    asked[0]!.give();
    await settled();
    expect([live(), own.isWanted('audio')]).toEqual([[], false]);
  });
});
