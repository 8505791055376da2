import type { Signal } from '#src/contract/calls.ts';
import { askingForSilence, isReachable } from './asked-for.ts';
import { applyCap, preferring, type SendCaps } from './caps.ts';
import type { OwnTracks } from './own-media.ts';
import { careOf } from './upkeep.ts';

export type TheirState = { readonly audio: boolean; readonly video: boolean; readonly screen: boolean };
export type Received = Readonly<Record<'sound' | 'picture' | 'screen', MediaStream>>;
export type LinkPort = {
  readonly send: (signal: Signal) => void;
  /** Something that people see changed. */
  readonly changed: () => void;
  /** ICE could not bring it back; both sides begin anew. */
  readonly rebuild: () => void;
};
export type LinkSetting = {
  readonly account: string;
  readonly device: string;
  /** This side came later, makes the first offer, and does not yield when two offers meet: its sections must never be rolled back (JSEP 5.10 would make new ones beside them). */
  readonly offers: boolean;
  readonly configuration: RTCConfiguration;
};

/** Order of the media sections in every connection of ours. They are made once; muting, a camera or a screen changes what flows in them and negotiates nothing. */
const sections = ['audio', 'video', 'video'] as const;
const receives = ['sound', 'picture', 'screen'] as const;
const [soundAt, pictureAt, screenAt] = [0, 1, 2];
const beatMs = 500;
const refusedAgainMs = 300;

/**
 * The connection of this device with one other: W3C WebRTC 1.0, "perfect negotiation" (section 10.7). Signals are applied strictly in the order
 * in which they came. `close` is for ever.
 */
export class Link {
  readonly account: string;
  readonly device: string;
  readonly connection: RTCPeerConnection;
  readonly offers: boolean;
  /** What the other one sends; empty until it comes, then another stream: with eight in a call an element that waited on an empty one was seen to play nothing of what was decoded. */
  received: Received = { sound: new MediaStream(), picture: new MediaStream(), screen: new MediaStream() };
  their: TheirState = { audio: false, video: false, screen: false };
  /** It worked at least once. */
  hasConnected = false;
  readonly #port: LinkPort;
  #own: OwnTracks = { audio: null, video: null, screen: null };
  #caps: SendCaps | undefined;
  #audioOnly = false;
  #makingOffer = false;
  /** Number of this side's last offer. It grows from one connection to the next too, so that no answer is taken for that to another offer. */
  #offered = Date.now();
  /** Number of the other side's last offer. */
  #answers: number | undefined;
  #ignoresOffer = false;
  #queue: Promise<void> = Promise.resolve();
  #limiting: Promise<void> = Promise.resolve();
  #stateSince = performance.now();
  #triedAt = performance.now();
  #tried = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  readonly #beat: ReturnType<typeof setInterval>;

  constructor({ account, device, offers, configuration }: LinkSetting, port: LinkPort) {
    this.account = account;
    this.device = device;
    this.offers = offers;
    this.#port = port;
    this.connection = new RTCPeerConnection(configuration);
    this.connection.addEventListener('negotiationneeded', () => void this.#negotiate());
    this.connection.addEventListener('icecandidate', ({ candidate }) => candidate && isReachable(candidate) && port.send(candidateSignal(candidate)));
    this.connection.addEventListener('track', (event) => this.#took(event));
    this.connection.addEventListener('connectionstatechange', () => this.#moved());
    this.#beat = setInterval(() => this.#care(), beatMs);
  }

  /** Begins. Who offers makes the sections; the other side finds them in the offer. */
  start(own: OwnTracks, caps: SendCaps, audioOnly: boolean): void {
    this.#own = own;
    this.#caps = caps;
    this.#audioOnly = audioOnly;
    if (!this.offers) return;
    for (const kind of sections) this.connection.addTransceiver(kind, { direction: 'sendrecv' });
    this.#prepare();
  }

  get state(): RTCPeerConnectionState {
    return this.connection.connectionState;
  }

  /** What this device sends from now on. Nothing is negotiated. */
  async send(own: OwnTracks): Promise<void> {
    this.#own = own;
    await this.#fill();
  }

  async cap(caps: SendCaps): Promise<void> {
    this.#caps = caps;
    await this.#limit();
  }

  /** Neither pictures nor screens, sent or received (negotiated: the other side stops sending them). */
  setAudioOnly(audioOnly: boolean): void {
    this.#audioOnly = audioOnly;
    this.#direct();
  }

  /** Applies what the other device said, after everything it said before. */
  take(signal: Signal): Promise<void> {
    this.#queue = this.#queue.then(() => this.#apply(signal)).catch((cause: unknown) => {
      if (this.state !== 'closed') console.info('A signal of a call could not be applied; it will be asked for again.', cause);
    });
    return this.#queue;
  }

  /** Something this side said was not handed on: its description goes out again. */
  refused(): void {
    if (this.state === 'connected') return;
    this.#again ??= setTimeout(() => {
      this.#again = undefined;
      if (this.state !== 'connected' && this.state !== 'closed') this.#describe();
    }, refusedAgainMs);
  }

  close(): void {
    clearInterval(this.#beat);
    clearTimeout(this.#again);
    this.connection.close();
  }

  async #negotiate(): Promise<void> {
    if (this.connection.signalingState !== 'stable') return;
    if (!this.offers && !this.connection.remoteDescription) return; // The first offer is the other side's.
    try {
      this.#makingOffer = true;
      this.#offered++;
      await this.connection.setLocalDescription();
      this.#describe();
    } catch (cause) {
      if (this.state !== 'closed') console.info('An offer could not be made; it will be tried again.', cause);
    } finally {
      this.#makingOffer = false;
    }
  }

  #describe(): void {
    const described = this.connection.localDescription;
    if (!described || described.type === 'pranswer') return;
    this.#port.send({ is: 'description', type: described.type, sdp: askingForSilence(described.sdp), offer: described.type === 'offer' ? this.#offered : this.#answers });
  }

  async #apply(signal: Signal): Promise<void> {
    if (this.state === 'closed') return;
    if (signal.is === 'state') {
      this.their = { audio: signal.audio, video: signal.video, screen: signal.screen };
      return this.#port.changed();
    }
    if (signal.is === 'candidate') {
      if (!this.connection.remoteDescription || this.#ignoresOffer) return; // It is in the description that comes again.
      const { candidate, sdpMid, sdpMLineIndex, usernameFragment } = signal;
      return this.connection.addIceCandidate({ candidate, sdpMid, sdpMLineIndex, usernameFragment });
    }
    if (signal.is === 'description') await this.#described(signal);
  }

  /** An answer counts for the offer it names alone: one that was said twice, and comes while the next offer is out, would be taken for its answer, and the path would break. */
  async #described({ type, sdp, offer }: Extract<Signal, { is: 'description' }>): Promise<void> {
    const { connection } = this;
    if (type === 'answer' && (connection.signalingState !== 'have-local-offer' || offer !== this.#offered)) return;
    if (type === 'offer' && offer === this.#answers && connection.localDescription?.type === 'answer') return this.#describe(); // Said again; so is the answer.
    this.#ignoresOffer = type === 'offer' && this.offers && (this.#makingOffer || connection.signalingState !== 'stable');
    if (this.#ignoresOffer) return;
    // Its own offer would be rolled back, and Chromium shows nothing more of what it receives in sections that were: both begin anew.
    if (type === 'offer' && this.hasConnected && (this.#makingOffer || connection.signalingState === 'have-local-offer')) return this.#port.rebuild();
    await connection.setRemoteDescription({ type, sdp });
    if (type !== 'offer') return void this.#limit();
    this.#answers = offer;
    if (this.hasConnected) [this.#triedAt, this.#tried] = [performance.now(), Math.max(1, this.#tried)]; // The other side tries; this one waits for what comes of it.
    this.#prepare();
    await connection.setLocalDescription();
    this.#describe();
    void this.#limit();
  }

  /** Sections as they should be, before an offer or an answer is made of them. */
  #prepare(): void {
    this.connection.getTransceivers().forEach((transceiver, at) => {
      const kind = sections[at];
      const codecs = kind && RTCRtpReceiver.getCapabilities(kind)?.codecs;
      if (codecs) transceiver.setCodecPreferences(preferring(codecs, kind === 'audio' ? 'audio/opus' : 'video/VP8'));
    });
    this.#direct();
    void this.#fill();
  }

  #direct(): void {
    for (const transceiver of this.connection.getTransceivers()) {
      const wanted = this.#audioOnly && transceiver.receiver.track.kind === 'video' ? 'inactive' : 'sendrecv';
      if (transceiver.direction !== wanted && transceiver.direction !== 'stopped') transceiver.direction = wanted;
    }
  }

  async #fill(): Promise<void> {
    const { audio, video, screen } = this.#own;
    await Promise.all(this.connection.getTransceivers().map(async ({ sender }, at) => {
      const track = [audio, video, screen][at] ?? null;
      if (sender.track !== track) await sender.replaceTrack(track).catch(() => undefined);
    }));
    await this.#limit();
  }

  /** One after the other: of two at once a sender refuses the later, which is the one that holds. */
  #limit(): Promise<void> {
    this.#limiting = this.#limiting.then(() => this.#applyCaps());
    return this.#limiting;
  }
  async #applyCaps(): Promise<void> {
    const caps = this.#caps;
    if (!caps) return;
    const senders = this.connection.getTransceivers().map(({ sender }) => sender);
    await Promise.all([[soundAt, caps.audio], [pictureAt, caps.video], [screenAt, caps.screen]].map(async ([at, cap]) => {
      const sender = senders[at as number];
      if (sender) await applyCap(sender, cap as Partial<RTCRtpEncodingParameters>);
    }));
  }

  #took({ track, transceiver }: RTCTrackEvent): void {
    const at = this.connection.getTransceivers().indexOf(transceiver);
    const what = receives[at];
    if (what && !this.received[what].getTracks().includes(track)) this.received = { ...this.received, [what]: new MediaStream([track]) };
    this.#port.changed();
  }

  #moved(): void {
    this.#stateSince = performance.now();
    if (this.state === 'connected') {
      this.#tried = 0;
      this.hasConnected = true;
      void this.#limit();
    }
    this.#port.changed();
    this.#care();
  }

  #care(): void {
    const now = performance.now();
    const { signalingState } = this.connection;
    const care = careOf({ state: this.state, signaling: signalingState, forMs: now - this.#stateSince, sinceTriedMs: now - this.#triedAt, tried: this.#tried, offers: this.offers, hasConnected: this.hasConnected });
    if (care === 'leave') return;
    this.#tried++;
    this.#triedAt = now;
    if (care === 'rebuild') this.#port.rebuild();
    else if (care === 'resend') this.#describe();
    else this.connection.restartIce();
  }
}

const candidateSignal = ({ candidate, sdpMid, sdpMLineIndex, usernameFragment }: RTCIceCandidate): Signal => ({ is: 'candidate', candidate, sdpMid, sdpMLineIndex, usernameFragment });
