import { readIceServers } from '#src/contract/calls.ts';
import { call } from '../client/call.ts';
import type { WorkspaceCaps } from './caps.ts';

const renewBeforeMs = 60_000;
/** Where nobody answered, or asked one to slow down: sooner than credentials end, and less often than anybody minds. */
const againMs = 15_000;
/** One path for sound, picture and screen, from the first candidate on: one port, and one allocation of each relay, for each of the others. */
const onePath: RTCConfiguration = { bundlePolicy: 'max-bundle' };
/** Until the appliance has said something else. */
const capsBefore: WorkspaceCaps = { participantBitsPerSecond: 1_000_000, screenBitsPerSecond: 2_500_000 };

/** Relays, with credentials of this person's own that end; they are fetched anew before they do. */
export class Ice {
  configuration: RTCConfiguration = onePath;
  caps: WorkspaceCaps = capsBefore;
  #expiresAt = 0;
  #renewal: ReturnType<typeof setTimeout> | undefined;
  #reading: Promise<boolean> | undefined;
  #isResting = true;
  readonly #renewed: () => void;

  /** `renewed` is called when there are other credentials than before. */
  constructor(renewed: () => void) {
    this.#renewed = renewed;
  }

  /** Resolves when there are credentials that hold for a while; false where there are none yet. Two on one network reach each other without. From now on they are renewed, until `rest`. */
  ready(): Promise<boolean> {
    this.#isResting = false;
    if (this.#expiresAt - Date.now() <= renewBeforeMs) return this.#renew();
    this.#plan(this.#untilRenewal());
    return Promise.resolve(true);
  }
  /** The appliance may have started anew, and its relay takes nothing that was made before. `isInUse`: by a call that goes on, or by one that is about to be joined. */
  mayBeStale(isInUse: boolean): void {
    this.#expiresAt = 0;
    this.#reading = undefined; // It may be answered with what was made before.
    if (isInUse) void this.ready().then((read) => read && this.#renewed());
  }
  /** Nothing is renewed any more. */
  rest(): void {
    this.#isResting = true;
    clearTimeout(this.#renewal);
  }

  #renew(): Promise<boolean> {
    if (this.#reading) return this.#reading;
    const isLatest = (): boolean => this.#reading === reading;
    const reading: Promise<boolean> = this.#read(isLatest).finally(() => isLatest() && (this.#reading = undefined));
    return (this.#reading = reading);
  }
  #untilRenewal(): number {
    return Math.min(2 ** 31 - 1, Math.max(10_000, this.#expiresAt - Date.now() - renewBeforeMs));
  }
  #plan(inMs: number): void {
    clearTimeout(this.#renewal);
    if (!this.#isResting) this.#renewal = setTimeout(() => void this.#renew().then((read) => read && this.#renewed()), inMs);
  }

  /** Whoever waits for a reading that is not the latest any more waits for that one. */
  async #read(isLatest: () => boolean): Promise<boolean> {
    const answer = await call(readIceServers, {});
    if (!isLatest()) return !this.#isResting && this.ready();
    if (!answer.ok) {
      this.#plan(againMs);
      return false;
    }
    const { servers, relayOnly, expiresAt, participantBitsPerSecond, screenBitsPerSecond } = answer.output;
    this.configuration = { ...onePath, iceServers: servers as RTCIceServer[], ...(relayOnly ? { iceTransportPolicy: 'relay' } : {}) };
    this.caps = { participantBitsPerSecond, screenBitsPerSecond };
    this.#expiresAt = expiresAt;
    this.#plan(this.#untilRenewal());
    return true;
  }
}
