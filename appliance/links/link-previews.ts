import { linksIn, mayHoldLinks } from '#src/contract/markdown.ts';
import type { Opened } from '#src/every-event.ts';
import type { OpenedEvent, RecordedEvent } from '#src/kernel/event.ts';
import { causedId } from '#src/kernel/ids.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import { idOf } from '#src/kernel/streams.ts';
import { recordLinkPreview } from '#src/links/record-link-preview.ts';
import type { Views } from '#projections/views.ts';
import type { EventLog } from '#src/log/event-log.ts';
import { Checkpoint } from '../house/checkpoint.ts';
import type { House } from '../house/house.ts';
import { theAppliance } from '../house/the-appliance.ts';
import type { Previewer } from './previewer.ts';

export type LinkPreviewsPorts = {
  readonly commandAs: House['commandAs'];
  readonly views: Pick<Views, 'ask'>;
  readonly preview: Previewer;
  /** Whether the workspace wants previews now. */
  readonly isOn: () => boolean;
  readonly isForeign: (position: number) => boolean;
  readonly clock: () => number;
  readonly checkpointFile: string;
  readonly onFault: (cause: unknown) => void;
};

/** After so long nobody looks at a message for its preview any more: what a restart, a full disk or a storm left undone is let go. */
export const previewWindowMs = 15 * 60_000;
/** Asked at once, so that a hundred pages that never answer do not make everybody wait. */
const atOnce = 4;
/** Messages that wait; what comes upon more has no preview. */
const waitingMax = 1_000;
const longestWaitMs = 5_000;
/** Refusals that only say that it cannot be done now. */
const notNow = new Set(['read-only', 'disk-reserve', 'unavailable', 'not-confirmed']);

type Said = Opened<'MessagePosted' | 'MessageEdited'>;
const isSaid = ({ type }: Pick<OpenedEvent, 'type'>): boolean => type === 'MessagePosted' || type === 'MessageEdited';

/**
 * Asks once for what links in messages lead to, after the message is on record and beside everything else. What it records has an id from
 * the message's event and the place of the link, and an address is recorded once for each message: doing it again, after a restart
 * or on another node, adds nothing.
 */
export class LinkPreviews {
  readonly #ports: LinkPreviewsPorts;
  readonly #checkpoint: Checkpoint;
  #waiting: Said[] = [];
  /** Positions of messages that are worked on, by message: one version of one message at a time. */
  readonly #working = new Map<string, number>();
  readonly #running = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #seen: number;

  constructor(ports: LinkPreviewsPorts) {
    this.#ports = ports;
    this.#checkpoint = new Checkpoint(ports.checkpointFile, () => this.#done(), ports.onFault);
    this.#seen = this.#checkpoint.position;
  }

  /**
   * Takes up what the last run left undone, up to `size`, and where others write too, what they did meanwhile: what is on record already is
   * not asked for. Without a checkpoint nothing is known to be undone.
   */
  async catchUp(log: EventLog, size: number, open: (page: readonly RecordedEvent[]) => Promise<readonly OpenedEvent[]>): Promise<void> {
    const from = this.#seen + 1;
    if (from > 0 && from < size) {
      for await (const page of log.readAll({ from, limit: size - from })) {
        const said = page.filter((event) => isSaid(event) && !this.#ports.isForeign(event.position));
        this.#take(await open(said) as readonly Opened[], page.at(-1)!.position);
      }
    }
    this.#seen = Math.max(this.#seen, size - 1);
    await this.#checkpoint.save();
  }

  /** Of several appliances the one that recorded a message asks for its links: what another process wrote is passed by. */
  follow(events: readonly Opened[], recorded: readonly RecordedEvent[]): void {
    const own = new Set(recorded.filter(({ carry }) => carry !== undefined).map(({ position }) => position));
    this.#take(events.filter(({ position }) => own.has(position)), recorded.at(-1)!.position);
  }

  /** Only remembers; everything else is done later. */
  #take(events: readonly Opened[], through: number): void {
    for (const event of events) if (this.#isWanted(event)) this.#waiting.push(event as Said);
    this.#seen = Math.max(this.#seen, through);
    if (this.#waiting.length > waitingMax) this.#waiting = this.#waiting.slice(0, waitingMax);
    if (this.#waiting.length > 0) setImmediate(() => this.#start());
  }

  #isWanted(event: Opened): boolean {
    if ((event.type !== 'MessagePosted' && event.type !== 'MessageEdited') || !mayHoldLinks(event.content.text?.text ?? '')) return false;
    // What was imported was said elsewhere, long ago.
    return !('imported' in event.data) && !this.#ports.isForeign(event.position) && this.#ports.isOn();
  }

  #done(): number {
    return Math.min(this.#seen, ...[...this.#waiting.map(({ position }) => position), ...this.#working.values()].map((position) => position - 1));
  }

  #start(): void {
    while (!this.#closing.signal.aborted && this.#running.size < atOnce) {
      const next = this.#waiting.findIndex(({ stream, data }) => !this.#working.has(`${stream}/${data.messageId}`));
      if (next < 0) return;
      const [event] = this.#waiting.splice(next, 1);
      const message = `${event!.stream}/${event!.data.messageId}`;
      this.#working.set(message, event!.position);
      const running: Promise<void> = this.#previewEach(event!).catch(this.#ports.onFault).then(() => {
        this.#running.delete(running);
        // What was not finished stays before the checkpoint.
        if (this.#closing.signal.aborted) return;
        this.#working.delete(message);
        this.#start();
      });
      this.#running.add(running);
    }
  }

  async #previewEach(event: Said): Promise<void> {
    const { text, mentions } = event.content.text!;
    const links = linksIn(text, mentions);
    if (links.length === 0) return;
    const known = await this.#known(event);
    // All of one message at once: each is asked of somebody else.
    if (known) await Promise.all(links.map((url, place) => (known.has(url) ? undefined : this.#previewOne(event, url, place))));
  }

  /** Addresses of this message that were asked before; undefined where it was retracted meanwhile. */
  async #known({ stream, data: { messageId }, position }: Said): Promise<ReadonlySet<string | null> | undefined> {
    const { value } = await this.#ports.views.ask('desk.lookup', [{ stream, messages: [messageId], previewsOf: [messageId] }], position);
    const [answer] = value;
    return answer!.messages.some(({ retracted }) => retracted) ? undefined : new Set(answer!.previewsOf.map(({ url }) => url));
  }

  #isLate({ data }: Said): boolean {
    return this.#closing.signal.aborted || this.#ports.clock() - data.at > previewWindowMs || !this.#ports.isOn();
  }

  async #previewOne(event: Said, url: string, place: number): Promise<void> {
    if (this.#isLate(event)) return;
    const preview = await this.#ports.preview(url);
    if (!preview) return;
    const { author, messageId } = event.data;
    const input = { conversationId: idOf(event.stream), messageId, author, text: event.content.text!.text, mentions: event.content.text!.mentions, preview };
    const bytes = 2_000 + (preview.picture?.bytes.length ?? 0) * 2;
    for (let waitMs = 50; !this.#isLate(event); waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      const result = await this.#ports.commandAs(theAppliance, recordLinkPreview, input, { causation: event.id, commandId: causedId(event.id, place), bytes });
      // Retracted, closed, switched off or there already: that is an answer.
      if (!isRefusal(result) || !notNow.has(result.code)) return;
      await new Promise((resolve) => setTimeout(resolve, waitMs).unref());
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#checkpoint.close();
  }
}
