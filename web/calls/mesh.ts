import type { CallParticipant, Signal } from '#src/contract/calls.ts';
import { Store } from '../client/store.ts';
import { capsFor, type WorkspaceCaps } from './caps.ts';
import { Link } from './link.ts';
import { Loudspeakers } from './loudspeakers.ts';
import type { OwnTracks } from './own-media.ts';
import { qualityOf, sampleOf, type Quality, type Sample } from './quality.ts';

/** One of the others, as the screen shows them. */
export type OtherPerson = {
  readonly account: string;
  readonly device: string;
  readonly audio: boolean;
  readonly video: boolean;
  readonly screen: boolean;
  readonly picture: MediaStream;
  readonly screenPicture: MediaStream;
  /** `connecting` until the first time, then `lost` while it is being brought back. */
  readonly quality: Quality | 'connecting';
};
export type MeshPort = { readonly send: (to: string, signal: Signal) => void; readonly configuration: () => RTCConfiguration };
export type MeshSetting = { readonly own: OwnTracks; readonly audioOnly: boolean; readonly caps: WorkspaceCaps };

const looksEveryMs = 2_000;
const earlyMax = 100;

/** The connections of this device with every other in the call: one each, up to seven. */
export class Mesh {
  readonly people = new Store<readonly OtherPerson[]>([]);
  readonly loudspeakers = new Loudspeakers();
  readonly device: string;
  readonly #port: MeshPort;
  readonly #links = new Map<string, Link>();
  /** Said by a device that the roster has not shown yet: frames about the record and signals come on two ways. */
  readonly #early = new Map<string, { readonly account: string; readonly signal: Signal }[]>();
  readonly #looks = new Map<string, { readonly sample: Sample; readonly quality: Quality }>();
  readonly #looking: ReturnType<typeof setInterval>;
  #setting: MeshSetting;

  constructor(device: string, setting: MeshSetting, port: MeshPort) {
    this.device = device;
    this.#setting = setting;
    this.#port = port;
    this.#looking = setInterval(() => void this.#look(), looksEveryMs);
  }

  /** Connects to who came and lets go of who left. Who came later offers. */
  follow(participants: readonly CallParticipant[]): void {
    const mine = participants.findIndex(({ device }) => device === this.device);
    if (mine < 0) return;
    const devices = new Set(participants.map(({ device }) => device));
    for (const device of this.#links.keys()) if (!devices.has(device)) this.#part(device);
    participants.forEach(({ account, device }, at) => {
      if (device !== this.device && !this.#links.has(device)) this.#meet(account, device, mine > at);
    });
    this.#caps();
    this.#show();
  }

  /** What another device of that account said, and what it does now is told to it too. Whose the device is says the record: under another account nothing is heard. */
  take(from: string, account: string, signal: Signal): void {
    const link = this.#links.get(from);
    if (!link) return void this.#early.set(from, [...(this.#early.get(from) ?? []), { account, signal }].slice(-earlyMax));
    if (link.account !== account) return;
    if (signal.is === 'bye') return this.#parted(from);
    void link.take(signal);
    if (signal.is === 'description' && signal.type === 'offer') this.#tellState(from);
  }

  /** A signal was not handed on. */
  refused(to: string): void {
    this.#links.get(to)?.refused();
  }
  /** Fresh credentials for relays; they are used from the next attempt on. */
  configure(configuration: RTCConfiguration): void {
    for (const { connection } of this.#links.values()) connection.setConfiguration(configuration);
  }

  /** What this person sends now. */
  async send(own: OwnTracks): Promise<void> {
    this.#setting = { ...this.#setting, own };
    for (const device of this.#links.keys()) this.#tellState(device);
    await Promise.all([...this.#links.values()].map((link) => link.send(own)));
  }

  setAudioOnly(audioOnly: boolean): void {
    this.#setting = { ...this.#setting, audioOnly };
    for (const link of this.#links.values()) link.setAudioOnly(audioOnly);
    this.#show();
  }

  /** Loudness of each of the others now, 0 to 1. */
  levels(): ReadonlyMap<string, number> {
    return new Map([...this.#links.values()].map((link) => {
      const receiver = link.connection.getReceivers()[0];
      return [link.device, link.their.audio ? Math.max(0, ...(receiver?.getSynchronizationSources() ?? []).map(({ audioLevel }) => audioLevel ?? 0)) : 0];
    }));
  }

  /** For those who measure: the connections by device. */
  get connections(): ReadonlyMap<string, RTCPeerConnection> {
    return new Map([...this.#links].map(([device, { connection }]) => [device, connection]));
  }

  close(): void {
    clearInterval(this.#looking);
    for (const device of [...this.#links.keys()]) this.#part(device);
    this.loudspeakers.stopAll();
    this.people.set([]);
  }

  #meet(account: string, device: string, offers: boolean): void {
    const link = new Link(
      { account, device, offers, configuration: this.#port.configuration() },
      { send: (signal) => this.#port.send(device, signal), changed: () => this.#changed(device), rebuild: () => this.#abandon(device) },
    );
    this.#links.set(device, link);
    link.start(this.#setting.own, capsFor(this.#setting.caps, this.#links.size), this.#setting.audioOnly);
    if (offers) this.#tellState(device);
    const early = this.#early.get(device) ?? [];
    this.#early.delete(device);
    for (const said of early) this.take(device, said.account, said.signal);
  }
  #part(device: string): void {
    this.#links.get(device)?.close();
    this.#links.delete(device);
    this.#looks.delete(device);
    this.#early.delete(device);
    this.loudspeakers.stop(device);
  }
  #rebuild(device: string): void {
    const before = this.#links.get(device);
    if (!before) return;
    this.#part(device);
    this.#meet(before.account, device, before.offers);
    this.#show();
  }
  /** Both sides begin anew. Who offers leads, so that the two do not begin twice: the other one asks for it by the same word. */
  #abandon(device: string): void {
    this.#port.send(device, { is: 'bye' });
    if (this.#links.get(device)?.offers) this.#rebuild(device);
  }
  #parted(device: string): void {
    if (this.#links.get(device)?.offers) this.#abandon(device);
    else this.#rebuild(device);
  }

  #tellState(device: string): void {
    const { audio, video, screen } = this.#setting.own;
    this.#port.send(device, { is: 'state', audio: audio !== null, video: video !== null, screen: screen !== null, screenStream: null });
  }
  /** A path that came (back) may have missed what was said meanwhile. */
  #changed(device: string): void {
    const link = this.#links.get(device);
    if (link && link.received.sound.getTracks().length > 0) this.loudspeakers.play(device, link.received.sound);
    if (link?.state === 'connected' && this.#looks.get(device)?.sample.connected !== true) {
      this.#looks.set(device, { sample: { connected: true, roundTrip: null, received: 0, lost: 0 }, quality: 'good' });
      this.#tellState(device);
    } else if (link?.hasConnected && (link.state === 'disconnected' || link.state === 'failed')) this.#looks.set(device, { sample: { connected: false, roundTrip: null, received: 0, lost: 0 }, quality: 'lost' });
    this.#show();
  }

  #caps(): void {
    const caps = capsFor(this.#setting.caps, this.#links.size);
    for (const link of this.#links.values()) void link.cap(caps);
  }

  async #look(): Promise<void> {
    await Promise.all([...this.#links.values()].map(async (link) => {
      if (!link.hasConnected) return;
      const sample = sampleOf((await link.connection.getStats()).values() as Iterable<{ type: string }>, link.state === 'connected');
      this.#looks.set(link.device, { sample, quality: qualityOf(this.#looks.get(link.device)?.sample, sample) });
    }));
    this.#show();
  }

  #show(): void {
    const { audioOnly } = this.#setting;
    const people = [...this.#links.values()].map((link): OtherPerson => ({
      account: link.account, device: link.device, audio: link.their.audio, video: link.their.video && !audioOnly, screen: link.their.screen && !audioOnly,
      picture: link.received.picture, screenPicture: link.received.screen, quality: link.hasConnected ? (this.#looks.get(link.device)?.quality ?? 'good') : 'connecting',
    }));
    if (JSON.stringify(people.map(plain)) !== JSON.stringify(this.people.value.map(plain)) || people.some(({ picture, screenPicture }, at) => picture !== this.people.value[at]?.picture || screenPicture !== this.people.value[at]?.screenPicture)) this.people.set(people);
  }
}

const plain = ({ picture: _picture, screenPicture: _screen, ...rest }: OtherPerson): unknown => rest;
