import { readIceServers } from '#src/contract/calls.ts';
import { call } from '../client/call.ts';
import type { WorkspaceCaps } from './caps.ts';

const renewBeforeMs = 60_000;
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
  readonly #renewed: () => void;

  /** `renewed` is called when there are other credentials than before. */
  constructor(renewed: () => void) {
    this.#renewed = renewed;
  }

  /** Resolves when there are credentials that hold for a while; false where there are none. Two on one network reach each other without. */
  ready(): Promise<boolean> {
    if (this.#expiresAt - Date.now() > renewBeforeMs) return Promise.resolve(true);
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
    return this.#reading;
  }
  /** The appliance may have started anew, and its relay takes nothing that was made before. `isInUse`: by a call that goes on. */
  mayBeStale(isInUse: boolean): void {
    this.#expiresAt = 0;
    if (isInUse) void this.ready().then((read) => read && this.#renewed());
  }
  /** Nothing is renewed any more. */
  rest(): void {
    clearTimeout(this.#renewal);
  }

  async #read(): Promise<boolean> {
    const answer = await call(readIceServers, {});
    if (!answer.ok) return false;
    const { servers, relayOnly, expiresAt, participantBitsPerSecond, screenBitsPerSecond } = answer.output;
    this.configuration = { ...onePath, iceServers: servers as RTCIceServer[], ...(relayOnly ? { iceTransportPolicy: 'relay' } : {}) };
    this.caps = { participantBitsPerSecond, screenBitsPerSecond };
    this.#expiresAt = expiresAt;
    clearTimeout(this.#renewal);
    this.#renewal = setTimeout(() => void this.#read().then((read) => read && this.#renewed()), Math.min(2 ** 31 - 1, Math.max(10_000, expiresAt - Date.now() - renewBeforeMs)));
    return true;
  }
}
