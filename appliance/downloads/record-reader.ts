import { openKeyringReader } from '#appliance/keys/keyring-reader.ts';
import type { Opened } from '#src/every-event.ts';
import type { RecordedEvent } from '#src/kernel/event.ts';
import { streams } from '#src/kernel/streams.ts';
import { PageReader } from '#src/log/sqlite/page-reader.ts';
import { openEvent } from '#src/sealing/seal.ts';

/** Reads and opens the record in a thread of its own, beside the appliance that writes it. */
export class RecordReader {
  readonly #log: PageReader;
  readonly #keyring: ReturnType<typeof openKeyringReader>;
  readonly #logId: string;
  readonly #names = new Map<string, string>();

  readonly #foreign: ReadonlySet<number>;

  /** `foreign`: positions that are passed over. */
  constructor(logFile: string, dataFolder: string, logId: string, foreign: readonly number[]) {
    this.#foreign = new Set(foreign);
    this.#log = new PageReader({ file: logFile });
    this.#keyring = openKeyringReader(dataFolder);
    this.#logId = logId;
  }

  open(recorded: RecordedEvent): Opened {
    return openEvent(recorded, this.#logId, this.#keyring).event as unknown as Opened;
  }

  stream(stream: string, from: number, limit: number): AsyncIterable<readonly RecordedEvent[]> {
    return this.#ours(this.#log.stream(stream, from, false, limit));
  }

  all(from: number, limit: number): AsyncIterable<readonly RecordedEvent[]> {
    return this.#ours(this.#log.all(from, limit));
  }

  async *#ours(pages: AsyncIterable<readonly RecordedEvent[]>): AsyncGenerator<readonly RecordedEvent[]> {
    for await (const page of pages) {
      const ours = this.#foreign.size === 0 ? page : page.filter(({ position }) => !this.#foreign.has(position));
      if (ours.length > 0) yield ours;
    }
  }

  /** The event at this revision, opened. */
  async at(stream: string, revision: number): Promise<Opened | undefined> {
    for await (const page of this.stream(stream, revision, 1)) return page[0] && this.open(page[0]);
    return undefined;
  }

  /** A name that `nameOf` has found before. */
  knownName(account: string): string {
    return this.#names.get(account) ?? account;
  }

  /** Display name as it stands in the person's own stream; the id where the profile is gone. */
  async nameOf(account: string): Promise<string> {
    const known = this.#names.get(account);
    if (known !== undefined) return known;
    let name = account;
    for await (const page of this.stream(streams.account(account), 0, Infinity)) {
      for (const recorded of page) {
        if (recorded.type !== 'AccountOpened' && recorded.type !== 'ProfileChanged') continue;
        const event = this.open(recorded);
        if (event.type === 'AccountOpened' || event.type === 'ProfileChanged') name = event.content.profile?.displayName ?? name;
      }
    }
    this.#names.set(account, name);
    return name;
  }

  async close(): Promise<void> {
    this.#keyring.close();
    await this.#log.close();
  }
}
