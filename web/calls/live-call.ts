import { joinCall, leaveCall, shareScreen, startCall, type Signal } from '#src/contract/calls.ts';
import type { CallHappened } from '#src/contract/socket.ts';
import type { Answer } from '../client/answer.ts';
import { call, socket } from '../client/call.ts';
import { newId } from '../client/new-id.ts';
import { Store } from '../client/store.ts';
import { workspace } from '../client/workspace.ts';
import { toast } from '../elements/hansard-toasts.ts';
import { heard, silence, type Speaking } from './active-speaker.ts';
import { callState, isAt, isEntering, isOpen, isTaking, type CallAct, type CallState } from './call-state.ts';
import { rememberChoices, rememberedChoices, type Choices } from './choices.ts';
import { watchDevices } from './devices.ts';
import { Ice } from './ice.ts';
import { Mesh, type OtherPerson } from './mesh.ts';
import { OwnMedia } from './own-media.ts';
import { choicesOf, keepPlace, keptPlace } from './place-kept.ts';
import { callIn, callNow, onCall } from './rosters.ts';
import { keepScreenAwake } from './screen-awake.ts';
import { takenSince, type Taken } from './taken.ts';
import { ringAtStart } from './whom-to-ring.ts';

const listensEveryMs = 120;
const unheardMax = 300;

/** This tab's part in a call: what the person does and what the appliance says, put together with microphones, cameras and connections. One per tab. */
class LiveCall {
  readonly state: Store<CallState> = callNow;
  readonly own = new OwnMedia(rememberedChoices());
  readonly people = new Store<readonly OtherPerson[]>([]);
  /** Device of whoever speaks. */
  readonly speaker = new Store<string | null>(null);
  readonly audioOnly = new Store(false);
  /** The browser plays nothing until somebody presses something. */
  readonly silenced = new Store(false);
  mesh: Mesh | undefined;
  readonly #ice = new Ice(() => this.mesh?.configure(this.#ice.configuration));
  readonly #say: (sentence: string) => void;
  #speaking: Speaking = silence;
  /** Said by others while this tab was still joining: the record shows it to them before the answer is here. */
  #unheard: readonly { readonly from: string; readonly account: string; readonly signal: Signal }[] = [];
  /** What the record says of this person's screen. */
  #isSharing = false;
  /** Of the device that is coming in: what a host took after this revision is off. Before the first roster with it nothing else is known. */
  #knownTo = -1;
  #listening: ReturnType<typeof setInterval> | undefined;
  #endOfDevices = (): void => undefined;
  #endOfLight = (): void => undefined;

  /** `say` tells the person something, small. */
  constructor(say: (sentence: string) => void) {
    this.#say = say;
    onCall(({ conversationId, roster, happened }) => this.#heard({ is: 'roster', conversationId, roster, me: this.#me, happened }, happened));
    socket.listen('signal', ({ callId, from, account, signal }) => {
      if (this.#callId !== callId) return;
      if (this.mesh) this.mesh.take(from, account, signal);
      else this.#unheard = [...this.#unheard, { from, account, signal }].slice(-unheardMax);
    });
    socket.listen('signal-refused', ({ callId, to, why }) => {
      if (this.#callId !== callId) return;
      if (why === 'not-in-call') this.#present();
      this.mesh?.refused(to);
    });
    socket.connection.watch((connection) => {
      if (connection === 'connected') {
        this.#present();
        this.#ice.mayBeStale(isOpen(this.state.value));
      }
      this.#act({ is: 'connection', connected: connection === 'connected' });
    });
    workspace.session.watch(({ state }) => state === 'signed-out' && this.#act({ is: 'left' }));
    this.own.tracks.watch(() => this.#ownChanged());
    addEventListener('beforeunload', (event) => isTaking(this.state.value) && event.preventDefault());
  }

  /** Camera and microphone open for the person alone. Nothing is sent from a lobby. False in a call, which goes on as it is: whoever wants another one leaves it first. */
  enterLobby(conversationId: string): boolean {
    const { value } = this.state;
    if (isEntering(value)) {
      if (value.conversationId !== conversationId) this.#say('You are in another call, which goes on as it was. Leave it first, then call here.');
      return false;
    }
    const { audioOnly } = rememberedChoices();
    const callId = callIn(conversationId)?.callId ?? null;
    void this.#ice.ready();
    this.#act({ is: 'lobby-opened', conversationId, callId });
    void this.own.use(rememberedChoices());
    this.audioOnly.set(audioOnly);
    const { muted, withCamera } = this.own.choices;
    void this.own.open({ audio: !muted, video: withCamera && !audioOnly });
    return true;
  }

  /** From the lobby into the call, as the lobby shows it. */
  async join(): Promise<void> {
    const { value } = this.state;
    if (value.phase !== 'lobby') return;
    rememberChoices({ ...this.own.choices, muted: !this.own.isWanted('audio') && this.own.choices.microphone !== null, withCamera: this.audioOnly.value ? this.own.choices.withCamera : this.own.isWanted('video'), audioOnly: this.audioOnly.value });
    await this.#enter(value.conversationId, value.callId);
  }
  /**
   * Takes a ring, or comes in from elsewhere, without a lobby: with the devices of the last one. A `callId` of null starts a call. Another call is left;
   * the one of this conversation goes on as it is. `knownTo`: what a host took after this revision holds; without one, whatever they took.
   */
  async accept(conversationId: string, callId: string | null, how: { readonly video: boolean; readonly audioOnly?: boolean; readonly muted?: boolean; readonly knownTo?: number }): Promise<void> {
    const { value } = this.state;
    if (isEntering(value) && value.conversationId === conversationId) return;
    if (isEntering(value)) void this.leave();
    void this.own.use(rememberedChoices());
    this.audioOnly.set(how.audioOnly ?? false);
    const wanted = { audio: !how.muted, video: how.video && !how.audioOnly };
    for (const kind of ['audio', 'video'] as const) if (!wanted[kind]) this.own.stop(kind); // A lobby may have opened it.
    void this.own.open(wanted);
    await this.#enter(conversationId, callId, how.knownTo);
  }
  /** After a reload of the page: back to where this tab was. */
  async comeBack(): Promise<void> {
    const place = keptPlace();
    if (!place || this.state.value.phase !== 'idle') return;
    const choices = choicesOf(place, rememberedChoices());
    await this.accept(place.conversationId, place.callId, { video: choices.withCamera, audioOnly: choices.audioOnly, muted: choices.muted, knownTo: place.revision });
  }

  async leave(): Promise<void> {
    const { value } = this.state;
    this.#act({ is: 'left' });
    this.#act({ is: 'closed' });
    if (isEntering(value)) await call(leaveCall, { conversationId: value.conversationId, callId: value.callId, device: value.device });
  }
  /** A lobby, or what is said after a call. */
  close(): void {
    this.#act({ is: 'closed' });
  }

  async toggle(kind: 'audio' | 'video', on = !this.own.isOn(kind)): Promise<void> {
    if (!on) return this.own.stop(kind);
    const chosen = kind === 'audio' ? 'microphone' : 'camera';
    if (this.own.choices[chosen] === null) {
      rememberChoices({ ...rememberedChoices(), [chosen]: '' }); // Who turns it on wants one, in the next call too.
      await this.own.use({ ...this.own.choices, [chosen]: '' });
    }
    await this.own.open({ audio: kind === 'audio', video: kind === 'video' && !this.audioOnly.value });
  }
  async share(): Promise<void> {
    if (this.audioOnly.value) return;
    if (this.own.isOn('screen')) this.own.stop('screen');
    else await this.own.share();
  }
  /** No picture either way, and no screens. */
  setAudioOnly(audioOnly: boolean): void {
    this.audioOnly.set(audioOnly);
    if (audioOnly) {
      this.own.stop('video');
      this.own.stop('screen');
    }
    this.mesh?.setAudioOnly(audioOnly);
    this.#keep();
  }
  /** Chosen and done: what is open is opened anew, what was remembered is replaced. */
  async useDevices(choices: Choices): Promise<void> {
    const hadNoMicrophone = this.own.choices.microphone === null;
    const hadNoCamera = this.own.choices.camera === null;
    rememberChoices({ ...rememberedChoices(), microphone: choices.microphone, camera: choices.camera, speaker: choices.speaker });
    const using = this.own.use(choices);
    // What there was none of is asked for at once: later it may have been taken, or the call left.
    await Promise.all([using, this.own.open({ audio: hadNoMicrophone, video: hadNoCamera && !this.audioOnly.value }), this.mesh?.loudspeakers.use(choices.speaker)]);
  }
  async unsilence(): Promise<void> {
    await this.mesh?.loudspeakers.unblock();
  }

  get #me(): string {
    return workspace.me?.account ?? '';
  }
  get #callId(): string | undefined {
    const { value } = this.state;
    return 'callId' in value && value.callId !== null ? value.callId : undefined;
  }

  async #enter(conversationId: string, callId: string | null, knownTo = -1): Promise<void> {
    this.#knownTo = knownTo;
    const device = newId();
    const place = { conversationId, callId: callId ?? newId(), device };
    this.#act({ is: 'joining', ...place });
    const [answer] = await Promise.all([this.#ask(place, callId === null), this.#ice.ready()]);
    const { value } = this.state;
    if (!isAt(value, device)) {
      // Left before it was answered, and perhaps in another call by now. Where the appliance heard of the leaving first, it found nobody to leave: once more, or this device rings people and keeps a seat.
      if (answer.ok) await call(leaveCall, place);
      return;
    }
    if (!answer.ok) {
      const there = callIn(conversationId);
      if (answer.code === 'call-in-progress' && there) return this.#enter(conversationId, there.callId, knownTo);
      return this.#act({ is: 'refused', code: answer.code, sentence: answer.sentence });
    }
    this.#present();
    this.#begin(device);
    this.#heard({ is: 'roster', conversationId, roster: callIn(conversationId) ?? null, me: this.#me }, undefined);
  }
  #ask(place: { readonly conversationId: string; readonly callId: string; readonly device: string }, starts: boolean): Promise<Answer<unknown>> {
    return starts ? call(startCall, { ...place, audioOnly: this.audioOnly.value, ring: [...ringAtStart(workspace.conversation(place.conversationId), this.#me)] }) : call(joinCall, place);
  }

  #begin(device: string): void {
    const { conversationId, callId } = this.state.value as Extract<CallState, { phase: 'joining' }>;
    this.mesh?.close();
    this.mesh = new Mesh(device, { own: this.own.tracks.value, audioOnly: this.audioOnly.value, caps: this.#ice.caps }, {
      configuration: () => this.#ice.configuration,
      send: (to, signal) => socket.tell({ is: 'signal', conversationId, callId, to, signal }),
    });
    const { mesh } = this;
    mesh.people.watch((people) => this.people.set(people));
    mesh.loudspeakers.blocked.watch((blocked) => this.silenced.set(blocked));
    void mesh.loudspeakers.use(this.own.choices.speaker);
    for (const { from, account, signal } of this.#unheard) mesh.take(from, account, signal);
    this.#unheard = [];
    this.#listening = setInterval(() => this.#listen(), listensEveryMs);
    this.#endOfDevices = watchDevices((came, went) => this.#say(came.length > 0 ? `${came.join(', ')} is here now. Choose it under Devices.` : `${went.join(', ')} is gone.`));
    this.#endOfLight = keepScreenAwake();
  }
  #end(): void {
    clearInterval(this.#listening);
    this.#endOfDevices();
    this.mesh?.close();
    this.mesh = undefined;
    this.people.set([]);
    this.speaker.set(null);
    this.silenced.set(false);
    this.#isSharing = false;
    this.#unheard = [];
    this.own.stopAll();
    this.#endOfLight();
    keepPlace(undefined);
  }

  /** This socket is that device, from now on. */
  #present(): void {
    const { value } = this.state;
    if (isEntering(value)) socket.tell({ is: 'in-call', conversationId: value.conversationId, callId: value.callId, device: value.device });
  }

  #act(act: CallAct): void {
    const before = this.state.value;
    const now = callState(before, act);
    if (now === before) return;
    this.state.set(now);
    const wasOn = { muted: !this.own.isWanted('audio'), video: this.own.isWanted('video'), audioOnly: this.audioOnly.value };
    if (isTaking(now)) {
      this.mesh?.follow(now.roster.participants);
      this.#keep();
    } else if (isOpen(before) && !isOpen(now)) this.#end();
    if (!isOpen(now)) this.#ice.rest();
    // The appliance took a device for gone that is here again.
    if (now.phase === 'left' && now.why === 'lost') void this.accept(now.conversationId, now.callId, wasOn);
  }

  #heard(act: Extract<CallAct, { is: 'roster' }>, happened: CallHappened | undefined): void {
    const before = this.state.value;
    this.#act(act);
    const { value } = this.state;
    if (!isTaking(value) || act.conversationId !== value.conversationId) return;
    for (const taken of takenSince(isTaking(before) ? before.roster.revision : this.#knownTo, value.roster, this.#me, happened)) this.#obey(taken);
  }
  #obey({ what: taken, by }: Taken): void {
    const wasWanted = this.own.isWanted(taken);
    this.own.stop(taken);
    if (!wasWanted) return;
    this.#keep();
    const name = by === undefined ? 'The host' : workspace.directory.nameOf(by);
    this.#say(taken === 'audio' ? `${name} muted you. Unmute when you want to speak.` : taken === 'video' ? `${name} turned your camera off.` : `${name} ended your screen share.`);
  }

  #ownChanged(): void {
    void this.mesh?.send(this.own.tracks.value);
    const { value } = this.state;
    if (!isTaking(value)) return;
    this.#keep();
    const sharing = this.own.isOn('screen');
    if (this.#isSharing === sharing) return;
    this.#isSharing = sharing;
    void call(shareScreen, { conversationId: value.conversationId, callId: value.callId, sharing });
  }

  #keep(): void {
    const { value } = this.state;
    if (isTaking(value)) keepPlace({ conversationId: value.conversationId, callId: value.callId, revision: value.roster.revision, audio: this.own.isWanted('audio'), video: this.own.isWanted('video'), audioOnly: this.audioOnly.value });
  }

  #listen(): void {
    if (!this.mesh) return;
    this.#speaking = heard(this.#speaking, this.mesh.levels(), performance.now());
    this.speaker.set(this.#speaking.speaker);
  }
}

export const liveCall = new LiveCall(toast);
