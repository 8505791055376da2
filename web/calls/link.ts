import type { Signal } from '#src/contract/calls.ts';
import { applyCap, preferring, type SendCaps } from './caps.ts';
import type { OwnTracks } from './own-media.ts';
import { careOf } from './upkeep.ts';

export type TheirState = { readonly audio: boolean; readonly video: boolean; readonly screen: boolean };
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
  /** Who yields when two offers meet: the device with the lower id. */
  readonly polite: boolean;
  /** This side came later and makes the first offer. */
  readonly offers: boolean;
  readonly configuration: RTCConfiguration;
};

/** Order of the media sections in every connection of ours. They are made once; muting, a camera or a screen changes what flows in them and negotiates nothing. */
const sections = ['audio', 'video', 'video'] as const;
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
  readonly sound = new MediaStream();
  readonly picture = new MediaStream();
  readonly screen = new MediaStream();
  their: TheirState = { audio: false, video: false, screen: false };
  /** It worked at least once. */
  hasConnected = false;
  readonly #polite: boolean;
  readonly #port: LinkPort;
  #own: OwnTracks = { audio: null, video: null, screen: null };
  #caps: SendCaps | undefined;
  #audioOnly = false;
  #makingOffer = false;
  #ignoresOffer = false;
  #queue: Promise<void> = Promise.resolve();
  #stateSince = performance.now();
  #triedAt = performance.now();
  #tried = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  readonly #beat: ReturnType<typeof setInterval>;

  constructor({ account, device, polite, offers, configuration }: LinkSetting, port: LinkPort) {
    this.account = account;
    this.device = device;
    this.offers = offers;
    this.#polite = polite;
    this.#port = port;
    this.connection = new RTCPeerConnection(configuration);
    this.connection.addEventListener('negotiationneeded', () => void this.#negotiate());
    this.connection.addEventListener('icecandidate', ({ candidate }) => candidate && port.send(candidateSignal(candidate)));
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
    try {
      this.#makingOffer = true;
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
    if (described && described.type !== 'pranswer') this.#port.send({ is: 'description', type: described.type, sdp: described.sdp });
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

  async #described({ type, sdp }: Extract<Signal, { is: 'description' }>): Promise<void> {
    const { connection } = this;
    if (type === 'answer' && connection.signalingState !== 'have-local-offer') return; // To an offer that went out twice.
    this.#ignoresOffer = type === 'offer' && !this.#polite && (this.#makingOffer || connection.signalingState !== 'stable');
    if (this.#ignoresOffer) return;
    await connection.setRemoteDescription({ type, sdp });
    if (type !== 'offer') return void this.#limit();
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

  async #limit(): Promise<void> {
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
    const stream = [this.sound, this.picture, this.screen][at];
    if (stream && !stream.getTracks().includes(track)) stream.addTrack(track);
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
    const care = careOf({ state: this.state, signaling: signalingState, forMs: now - this.#stateSince, sinceTriedMs: now - this.#triedAt, tried: this.#tried, offers: this.offers });
    if (care === 'leave') return;
    this.#tried++;
    this.#triedAt = now;
    if (care === 'rebuild') this.#port.rebuild();
    else if (care === 'resend') this.#describe();
    else this.connection.restartIce();
  }
}

const candidateSignal = ({ candidate, sdpMid, sdpMLineIndex, usernameFragment }: RTCIceCandidate): Signal => ({ is: 'candidate', candidate, sdpMid, sdpMLineIndex, usernameFragment });
