import { randomUUID } from 'node:crypto';
import { joinCall, startCall, type CallRoster, type Signal } from '#src/contract/calls.ts';
import type { InputOf } from '#src/contract/endpoint.ts';
import type { ServerFrame } from '#src/contract/socket.ts';
import type { Person } from './people.ts';
import type { PersonSocket } from './person-socket.ts';

export type CallAt = { readonly conversationId: string; readonly callId: string };

/** One browser tab of somebody who calls: a socket that follows their conversations, and a device. It makes no media; signals are texts of the test. */
export class CallTab {
  readonly person: Person;
  readonly device: string;
  socket: PersonSocket;

  static async open(person: Person, device: string = randomUUID()): Promise<CallTab> {
    const socket = await person.opensSocket();
    await socket.subscribe('conversations', person.account);
    return new CallTab(person, socket, device);
  }

  private constructor(person: Person, socket: PersonSocket, device: string) {
    this.person = person;
    this.socket = socket;
    this.device = device;
  }

  /** Starts a call and says that this tab is in it. */
  async starts(conversationId: string, rest: Partial<InputOf<typeof startCall>> = {}): Promise<CallAt> {
    const callId = randomUUID();
    await this.socket.call(startCall, { conversationId, callId, device: this.device, ...rest });
    await this.saysItIsIn({ conversationId, callId });
    return { conversationId, callId };
  }

  async joins(call: CallAt): Promise<void> {
    await this.socket.call(joinCall, { ...call, device: this.device });
    await this.saysItIsIn(call);
  }

  /** Resolves once the appliance has read it. */
  async saysItIsIn(call: CallAt, device = this.device): Promise<void> {
    this.socket.write({ is: 'in-call', ...call, device });
    await this.socket.caughtUp();
  }

  signals(call: CallAt, to: string, signal: Signal): void {
    this.socket.write({ is: 'signal', ...call, to, signal });
  }

  /** What happened in a call, as this tab was told. */
  hears(what: Extract<ServerFrame, { is: 'call' }>['happened']['what'], isSo: (frame: Extract<ServerFrame, { is: 'call' }>) => boolean = () => true): Promise<Extract<ServerFrame, { is: 'call' }>> {
    return this.socket.hears('call', (frame) => frame.happened.what === what && isSo(frame));
  }

  /** The roster of the last frame about this call; null once it is over. */
  roster({ conversationId }: CallAt): CallRoster | null | undefined {
    return this.socket.frames.findLast((frame): frame is Extract<ServerFrame, { is: 'call' }> => frame.is === 'call' && frame.conversationId === conversationId)?.call;
  }

  heard(): readonly Extract<ServerFrame, { is: 'signal' }>[] {
    return this.socket.frames.filter((frame) => frame.is === 'signal');
  }

  /** The connection broke, and the browser made a new one. */
  async reconnects(): Promise<void> {
    this.socket.socket.terminate();
    this.socket = await this.person.opensSocket();
    await this.socket.subscribe('conversations', this.person.account);
  }
}

export const candidate = (n: number): Signal => ({ is: 'candidate', candidate: `candidate:${n}`, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: null });
export const offer = (sdp = 'v=0'): Signal => ({ is: 'description', type: 'offer', sdp });
