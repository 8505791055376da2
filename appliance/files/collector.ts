import type { House } from '#appliance/house/house.ts';
import { theAppliance } from '#appliance/house/the-appliance.ts';
import { limits } from '#src/contract/limits.ts';
import { releaseQuota } from '#src/files/release-quota.ts';
import { settleQuota } from '#src/files/settle-quota.ts';
import type { Files } from './files.ts';
import type { InTurn } from './shared-files.ts';
import { uploadName } from './uploads.ts';

const everyMs = 60 * 60_000;
const firstAfterMs = 60_000;
const dayMs = limits.uploadHours * 3_600_000;
const namesAtOnce = 1_000;

/**
 * Tidies up after uploads that ended on their way: a reservation whose file is in the record is settled, one that is a day old is released
 * and its bytes are forgotten, and stored bytes that the record does not name are removed when nobody asked for them for a day.
 */
export class Collector {
  readonly #house: House;
  readonly #files: Files;
  readonly #inTurn: InTurn;
  readonly #timers: readonly NodeJS.Timeout[];
  #running: Promise<void> = Promise.resolve();
  #closing = false;

  constructor(house: House, files: Files, inTurn: InTurn) {
    this.#house = house;
    this.#files = files;
    this.#inTurn = inTurn;
    const round = (): void => void this.collect().catch(house.onFault);
    this.#timers = [setTimeout(round, firstAfterMs).unref(), setInterval(round, everyMs).unref()];
  }

  /** One round; rounds follow one another. */
  collect(): Promise<void> {
    this.#running = this.#running.catch(() => undefined).then(() => this.#round());
    return this.#running;
  }

  async #round(): Promise<void> {
    const before = this.#house.clock() - dayMs;
    await this.#settle(before);
    if (!this.#closing) await this.#forgetUploads(before);
    if (!this.#closing) await this.#files.sweep(before);
    if (!this.#closing) await this.#removeOrphans(before);
  }

  async #settle(before: number): Promise<void> {
    const { value: uploads } = await this.#house.views.ask('files.uploads', { before }, this.#house.hub.position);
    for (const { account, fileId, bytes, shared } of uploads) {
      if (this.#closing) return;
      if (shared) await this.#house.commandAs(theAppliance, settleQuota, { account, bytes, fileId });
      else {
        // Bytes first: what is reserved is more than what is there, never less.
        await this.#inTurn(account, fileId, async () => {
          await this.#files.forget(account, fileId);
          await this.#house.commandAs(theAppliance, releaseQuota, { account, fileId });
        });
      }
    }
  }

  /** What nothing reserves any more: its sharing was recorded, and the process ended before it was forgotten. */
  async #forgetUploads(before: number): Promise<void> {
    const { value: open } = await this.#house.views.ask('files.uploads', { before: Number.MAX_SAFE_INTEGER }, this.#house.hub.position);
    const reserved = new Set(open.map(({ account, fileId }) => uploadName(account, fileId)));
    for (const { name, changedAt } of await this.#files.uploads()) {
      const [account, fileId] = name.split('.');
      if (changedAt < before && !reserved.has(name) && account !== undefined && fileId !== undefined) await this.#files.forget(account, fileId);
    }
  }

  async #removeOrphans(before: number): Promise<void> {
    const held = new Set((await this.#files.uploads()).map(({ blob }) => blob));
    const old = (await this.#files.blobs()).filter(({ blob, youngAt }) => youngAt < before && !held.has(blob)).map(({ blob }) => blob);
    // A node that lost touch with the log does not know what the others have named meanwhile.
    if (old.length > 0) await this.#house.currency.caughtUp();
    for (let at = 0; at < old.length && !this.#closing; at += namesAtOnce) {
      const blobs = old.slice(at, at + namesAtOnce);
      // Asked last, and complete to what this node has followed: what is recorded later was made young before.
      const named = new Set((await this.#house.views.ask('files.named', { blobs }, this.#house.hub.position)).value);
      for (const blob of blobs) if (!named.has(blob)) await this.#files.remove(blob);
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#running.catch(() => undefined);
  }
}
