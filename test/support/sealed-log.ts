import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyring, type DiskKeyring } from '#appliance/keys/keyring.ts';
import { openViews, type Views } from '#projections/views.ts';
import type { FedEvent } from '#projections/runner/fed-event.ts';
import type { Opened } from '#src/every-event.ts';
import type { EventLog } from '#src/log/event-log.ts';
import { openSqliteLog } from '#src/log/sqlite/open-sqlite-log.ts';
import { scopesOf } from '#src/sealing/scopes.ts';
import { sealEvent } from '#src/sealing/seal.ts';

/** The real engine and a real keyring in a folder of their own, with the views over them. */
export class SealedLog {
  readonly folder: string;
  readonly log: EventLog;
  readonly keyring: DiskKeyring;
  readonly logId = '00000000-0000-7000-8000-000000000001';
  readonly #leaves = new Map<string, string>();

  private constructor(folder: string, log: EventLog, keyring: DiskKeyring) {
    this.folder = folder;
    this.log = log;
    this.keyring = keyring;
  }

  static async open(): Promise<SealedLog> {
    const folder = mkdtempSync(join(tmpdir(), 'hansard-sealed-'));
    mkdirSync(folder, { recursive: true });
    return new SealedLog(folder, await openSqliteLog({ file: join(folder, 'log.sqlite'), reserveBytes: 0 }), await createKeyring(folder));
  }

  get logFile(): string {
    return join(this.folder, 'log.sqlite');
  }

  /** Seals and appends, in order; events of one stream that follow each other travel in one batch. Returns them as they are fed. */
  async append(events: readonly Opened[]): Promise<FedEvent[]> {
    const fed: FedEvent[] = [];
    for (let at = 0; at < events.length; ) {
      const { stream } = events[at]!;
      let end = at;
      while (end < events.length && events[end]!.stream === stream && end - at < 200) end += 1;
      fed.push(...(await this.#appendTo(stream, events.slice(at, end))));
      at = end;
    }
    return fed;
  }

  async #appendTo(stream: string, events: readonly Opened[]): Promise<FedEvent[]> {
    const decided = events.map(({ type, data, content }) => ({ type, data: data as never, content: content as never }));
    await this.keyring.ready(decided.flatMap((event) => [...scopesOf(stream, event)]));
    const sealed = events.map((event, n) => {
      const { actor, commandId, correlation } = event.metadata;
      const { eventToAppend } = sealEvent({ actor, basis: [], commandId, correlation, door: 'web', schema: 1, event: decided[n]!, eventId: event.id, log: this.logId, previous: this.#leaves.get(stream) ?? null, revision: event.revision, stream }, this.keyring);
      this.#leaves.set(stream, eventToAppend.leafHash);
      return eventToAppend;
    });
    const outcome = await this.log.append(stream, events[0]!.revision - 1, sealed);
    if (outcome.kind !== 'appended') throw new Error(`The append was not taken: ${JSON.stringify(outcome)}`);
    return sealed.map(({ id, type, data, metadata, leafHash }, n) => ({ position: outcome.position + n, stream, revision: events[n]!.revision, id, type, data, metadata, leafHash, content: JSON.stringify(events[n]!.content) }));
  }

  openViews(folder = 'views'): Promise<Views> {
    return openViews({ folder: join(this.folder, folder), logFile: this.logFile, logId: this.logId, keyring: { module: new URL('../../appliance/keys/keyring-reader.ts', import.meta.url).href, places: { dataFolder: this.folder } } });
  }

  async close(): Promise<void> {
    await this.log.close();
    await this.keyring.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
