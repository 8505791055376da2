import type { Socket } from 'node:net';
import { Deframer, frameBytesMax, padded } from './deframer.ts';
import type { RelayLimits } from './relay-settings.ts';
import type { Caller, Way } from './ways.ts';

/** Two requests make an allocation, of some 300 bytes each: more is nobody's who wants to be relayed. */
const strangerFrameBytesMax = 2_048;
const strangerBytesMax = 16_384;
/** What waits here for a client that reads too slowly. Before it the system keeps as much as it likes (docs/decisions/026): Node cannot tell it how much. */
const dataWaitingMax = 128 * 1_024;
/** And the answers that it does not read either. */
const answersWaitingMax = 32 * 1_024;
const firstBacklog = 16 * 1_024;
/** So little at a time that whoever reads at all takes one of them in time; nothing is said of a part of one. */
const pieceBytes = 16 * 1_024;
const nothing = Buffer.alloc(0);

/** `onStanding`: it has an allocation now, or none any more. `onEnd`: once. `isCut`: the relay did it. */
export type ConnectionPorts = {
  readonly clock: () => number; readonly limits: Pick<RelayLimits, 'connectionWaitsS' | 'connectionStallsS'>;
  readonly onFrame: (frame: Buffer, caller: Caller) => void; readonly onStanding: (connection: Connection) => void; readonly onEnd: (connection: Connection, isCut: boolean) => void;
};

/** A client that came by TCP (RFC 8656, 3.1): one 5-tuple, with one allocation at most, which ends with it. */
export class Connection implements Way {
  readonly bind: string;
  readonly port: number;
  readonly caller: Caller;
  readonly #socket: Socket;
  readonly #ports: ConnectionPorts;
  readonly #deframer = new Deframer();
  #hasAllocation = false;
  #isEnded = false;
  /** Since when it has or has no allocation, and what came over it meanwhile if it has none. */
  #since: number;
  #strangerBytes = 0;
  #hasSpared = false;
  #frameSince: number | undefined;
  /** What waits until the system has taken what it was given before: copied together, so that packets cost their bytes and nothing besides. */
  #backlog = nothing;
  #waiting = 0;
  /** What waited and goes next, piece by piece. */
  #next = nothing;
  /** Since when the system has taken nothing, of what there is. */
  #stuckSince: number | undefined;

  /** `place`: where it came in. `number`: no other connection of this process has it. The same addresses and ports may come again before it is known that they had gone. */
  constructor(socket: Socket, place: { readonly bind: string; readonly port: number }, remote: Caller['remote'], number: number, ports: ConnectionPorts) {
    this.bind = place.bind;
    this.port = place.port;
    this.caller = { way: this, remote, source: `tcp ${remote.address}:${remote.port}`, key: `tcp ${number}` };
    this.#socket = socket;
    this.#ports = ports;
    this.#since = ports.clock();
    // A client that has said its last word is not waited for, whatever it might still read.
    socket.on('error', () => this.end()).on('close', () => this.end()).on('end', () => this.end()).on('data', (chunk) => this.#came(chunk));
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  get hasAllocation(): boolean {
    return this.#hasAllocation;
  }

  answer(bytes: Buffer): void {
    if (this.#unread + bytes.length > dataWaitingMax + answersWaitingMax) this.cut();
    else this.#write(bytes);
  }

  carry(bytes: Buffer): boolean {
    if (this.#isEnded || this.#unread + bytes.length > dataWaitingMax) return false;
    this.#write(bytes);
    return true;
  }

  spares(isDue: () => boolean): boolean {
    if (this.#hasSpared || !isDue()) return false;
    this.#hasSpared = true;
    return true;
  }

  standing(hasAllocation: boolean): void {
    if (this.#isEnded || this.#hasAllocation === hasAllocation) return;
    [this.#hasAllocation, this.#since, this.#strangerBytes] = [hasAllocation, this.#ports.clock(), 0];
    this.#ports.onStanding(this);
  }

  /** Without an allocation for too long, or with the rest of a frame still to come, or with nothing read of what it is sent. */
  isOverdue(now: number): boolean {
    const { connectionWaitsS, connectionStallsS } = this.#ports.limits;
    const after = (since: number | undefined, seconds: number): boolean => since !== undefined && now - since > seconds * 1_000;
    return this.#hasAllocation ? after(this.#frameSince, connectionStallsS) || after(this.#stuckSince, connectionStallsS) : after(this.#since, connectionWaitsS);
  }

  cut(): void {
    this.#end(true);
  }

  end(): void {
    this.#end(false);
  }

  #end(isCut: boolean): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    [this.#backlog, this.#waiting, this.#next] = [nothing, 0, nothing];
    // Without a reset the system would keep for minutes what was not read, megabytes of it.
    if (this.#socket.writableLength > 0) this.#socket.resetAndDestroy();
    this.#socket.destroy();
    this.#ports.onEnd(this, isCut);
  }

  get #unread(): number {
    return this.#socket.writableLength + this.#next.length + this.#waiting;
  }

  #came(chunk: Buffer): void {
    if (this.#isEnded) return;
    if (!this.#hasAllocation) this.#strangerBytes += chunk.length;
    if (this.#strangerBytes > strangerBytesMax || !this.#deframer.take(chunk, this.#hasAllocation ? frameBytesMax : strangerFrameBytesMax, this.#frame)) return this.cut();
    if (!this.#deframer.isMidway) this.#frameSince = undefined;
    else this.#frameSince ??= this.#ports.clock();
  }

  readonly #frame = (frame: Buffer): void => {
    this.#frameSince = undefined;
    if (!this.#isEnded) this.#ports.onFrame(frame, this.caller);
  };

  #write(bytes: Buffer): void {
    if (this.#isEnded) return;
    // ChannelData is padded here; STUN has the right length anyway.
    if (this.#unread > 0) this.#wait(bytes);
    else this.#give(bytes.length % 4 === 0 ? bytes : Buffer.concat([bytes], padded(bytes.length)));
  }

  #give(bytes: Buffer): void {
    this.#socket.write(bytes, this.#given);
    this.#stuckSince = this.#socket.writableLength > 0 ? this.#ports.clock() : undefined;
  }

  #wait(bytes: Buffer): void {
    const end = this.#waiting + padded(bytes.length);
    if (end > this.#backlog.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(end, this.#backlog.length * 2, firstBacklog));
      this.#backlog.copy(grown, 0, 0, this.#waiting);
      this.#backlog = grown;
    }
    bytes.copy(this.#backlog, this.#waiting);
    this.#backlog.fill(0, this.#waiting + bytes.length, end);
    this.#waiting = end;
  }

  readonly #given = (): void => {
    if (this.#isEnded || this.#socket.writableLength > 0) return;
    this.#stuckSince = undefined;
    if (this.#next.length === 0) [this.#next, this.#backlog, this.#waiting] = [this.#backlog.subarray(0, this.#waiting), nothing, 0];
    const piece = this.#next.subarray(0, pieceBytes);
    this.#next = this.#next.length > pieceBytes ? this.#next.subarray(pieceBytes) : nothing;
    if (piece.length > 0) this.#give(piece);
  };
}
