import { Store } from '../client/store.ts';
import type { Choices } from './choices.ts';
import { deviceFault } from './devices.ts';

export type OwnTracks = { readonly audio: MediaStreamTrack | null; readonly video: MediaStreamTrack | null; readonly screen: MediaStreamTrack | null };
type Kind = keyof OwnTracks;
const sources = { audio: 'microphone', video: 'camera', screen: 'screen' } as const;
export type Faults = Readonly<Partial<Record<(typeof sources)[Kind], string>>>;

/** Of a picture: what is asked of a camera; it gives what it can. */
const pictureWanted: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } };

/**
 * This person's microphone, camera and screen. What is off is stopped: the device is let go and its light goes out. A track that ends by itself (the
 * browser's own Stop, a cable that was pulled) turns it off here too.
 */
export class OwnMedia {
  readonly tracks = new Store<OwnTracks>({ audio: null, video: null, screen: null });
  readonly faults = new Store<Faults>({});
  /** Being opened at the moment; the browser may be asking. */
  readonly opening = new Store<ReadonlySet<Kind>>(new Set());
  #choices: Choices;
  /** Counts what was asked of each, so that a late answer to an earlier wish is dropped. */
  readonly #wishes: Record<Kind, number> = { audio: 0, video: 0, screen: 0 };

  constructor(choices: Choices) {
    this.#choices = choices;
  }

  get choices(): Choices {
    return this.#choices;
  }
  isOn(kind: Kind): boolean {
    return this.tracks.value[kind] !== null;
  }

  /** On, or about to be: the browser has not answered yet. */
  isWanted(kind: Kind): boolean {
    return this.isOn(kind) || this.opening.value.has(kind);
  }

  /** Turns microphone and camera on, with one question to the person where both are wanted. Resolves when both are open or have failed. */
  async open({ audio, video }: { readonly audio: boolean; readonly video: boolean }): Promise<void> {
    const audioWish = audio && this.#choices.microphone !== null && !this.isOn('audio') ? this.#wish('audio') : undefined;
    const videoWish = video && this.#choices.camera !== null && !this.isOn('video') ? this.#wish('video') : undefined;
    if (audioWish !== undefined && videoWish !== undefined && (await this.#openBoth(audioWish, videoWish))) return;
    await Promise.all([audioWish !== undefined && this.#open('audio', audioWish), videoWish !== undefined && this.#open('video', videoWish)]);
  }

  async share(): Promise<boolean> {
    await this.#open('screen');
    return this.isOn('screen');
  }

  /** Stops the track and lets the device go. */
  stop(kind: Kind): void {
    this.#wishes[kind]++;
    if (this.opening.value.has(kind)) this.#isOpening(kind, false);
    const track = this.tracks.value[kind];
    this.#set(kind, null);
    track?.stop();
  }
  stopAll(): void {
    for (const kind of ['audio', 'video', 'screen'] as const) this.stop(kind);
    this.faults.set({});
  }

  /** From now on these devices, for what is asked for next too. What is open, or being opened, is opened anew where its device is another one. */
  async use(choices: Choices): Promise<void> {
    const before = this.#choices;
    this.#choices = choices;
    const changed: ('audio' | 'video')[] = [];
    if (before.microphone !== choices.microphone && this.isWanted('audio')) changed.push('audio');
    if (before.camera !== choices.camera && this.isWanted('video')) changed.push('video');
    const isNone = (kind: 'audio' | 'video'): boolean => this.#choices[kind === 'audio' ? 'microphone' : 'camera'] === null;
    // What is to be none is off before the browser asks about the other one.
    for (const kind of changed) if (isNone(kind)) this.stop(kind);
    for (const kind of changed) if (this.isWanted(kind)) await this.#open(kind); // Not what was turned off while the other one was opened.
  }

  /** From now on it is to be on. Whatever is answered to an earlier wish is dropped; what is done for this one asks first whether it still holds. */
  #wish(kind: Kind): number {
    this.#isOpening(kind, true);
    return ++this.#wishes[kind];
  }

  async #openBoth(audioWish: number, videoWish: number): Promise<boolean> {
    const stream = await navigator.mediaDevices?.getUserMedia({ audio: this.#microphone(), video: this.#camera() }).catch(() => undefined);
    if (!stream) return false;
    this.#take('audio', audioWish, stream.getAudioTracks()[0]);
    this.#take('video', videoWish, stream.getVideoTracks()[0]);
    return true;
  }

  async #open(kind: Kind, wish = this.#wish(kind)): Promise<void> {
    if (wish !== this.#wishes[kind]) return;
    const source = sources[kind];
    try {
      const stream = await this.#ask(kind);
      this.#take(kind, wish, stream.getTracks()[0]);
    } catch (cause) {
      if (wish !== this.#wishes[kind]) return;
      this.faults.set({ ...this.faults.value, [source]: deviceFault(cause, source) });
      this.#isOpening(kind, false);
    }
  }

  #ask(kind: Kind): Promise<MediaStream> {
    const media = navigator.mediaDevices;
    if (!media) return Promise.reject(new DOMException('Media needs a secure context.', 'SecurityError'));
    if (kind === 'screen') return media.getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: false });
    return media.getUserMedia(kind === 'audio' ? { audio: this.#microphone() } : { video: this.#camera() });
  }
  #microphone(): MediaTrackConstraints {
    const { microphone } = this.#choices;
    return { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...(microphone ? { deviceId: { exact: microphone } } : {}) };
  }
  #camera(): MediaTrackConstraints {
    const { camera } = this.#choices;
    return { ...pictureWanted, ...(camera ? { deviceId: { exact: camera } } : { facingMode: 'user' }) };
  }

  #take(kind: Kind, wish: number, track: MediaStreamTrack | undefined): void {
    if (wish !== this.#wishes[kind]) return track?.stop();
    if (track) this.#turnOn(kind, track);
    this.#isOpening(kind, false);
  }
  #turnOn(kind: Kind, track: MediaStreamTrack): void {
    const before = this.tracks.value[kind];
    if (kind === 'screen') track.contentHint = 'detail';
    track.addEventListener('ended', () => this.tracks.value[kind] === track && this.stop(kind));
    const { [sources[kind]]: _gone, ...faults } = this.faults.value;
    this.faults.set(faults);
    this.#set(kind, track);
    before?.stop();
  }
  #set(kind: Kind, track: MediaStreamTrack | null): void {
    if (this.tracks.value[kind] !== track) this.tracks.set({ ...this.tracks.value, [kind]: track });
  }
  #isOpening(kind: Kind, now: boolean): void {
    const opening = new Set(this.opening.value);
    if (now) opening.add(kind);
    else opening.delete(kind);
    this.opening.set(opening);
  }
}
