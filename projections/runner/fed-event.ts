import type { Opened } from '#src/every-event.ts';
import type { Content, JsonObject, Metadata, OpenedEvent, RecordedEvent } from '#src/kernel/event.ts';

/**
 * An event on its way into the views. `content` is the JSON text of what could be opened, part name to object, as the
 * thread that appended it knows it: trusted. Null: the writer checks leaf and mac and opens the parts itself.
 */
export type FedEvent = Omit<RecordedEvent, 'carry'> & { readonly content: string | null };

/** What travels to the writer: one flat array a batch, because cloning objects is what costs the main thread most. */
export type Parcel = (string | number | null)[];
const fields = 9;

export const pack = (events: readonly FedEvent[], into: Parcel = []): Parcel => {
  for (const e of events) into.push(e.position, e.stream, e.revision, e.id, e.type, e.data, e.metadata, e.leafHash, e.content);
  return into;
};

export const unpack = (parcel: Parcel): FedEvent[] => {
  const events: FedEvent[] = [];
  for (let i = 0; i < parcel.length; i += fields) {
    events.push({
      position: parcel[i] as number, stream: parcel[i + 1] as string, revision: parcel[i + 2] as number, id: parcel[i + 3] as string, type: parcel[i + 4] as string,
      data: parcel[i + 5] as string, metadata: parcel[i + 6] as string, leafHash: parcel[i + 7] as string, content: parcel[i + 8] as string | null,
    });
  }
  return events;
};

/** Packs an event that is opened already. */
export const fedFrom = (event: OpenedEvent): FedEvent => ({
  position: event.position, stream: event.stream, revision: event.revision, id: event.id, type: event.type, leafHash: event.leafHash,
  data: JSON.stringify(event.data), metadata: JSON.stringify(event.metadata), content: JSON.stringify(event.content),
});

// Canonical metadata begin and end like this; whatever does not is parsed.
const beginning = /^\{"actor":\{"id":"([^"\\]*)","kind":"([a-z]+)"\},"basis":\[[^{}\\]*?\],(?:"causation":"[^"\\]*",)?"commandId":"([^"\\]*)",/;
const ending = /,"schema":(\d+)(?:,"session":"[^"\\]*")?\}$/;

/** The same text in memory of its own: V8 keeps all of the metadata for a piece of them, and a view may hold it until its commit. */
const detached = (piece: string): string => ` ${piece}`.slice(1);

/** What nearly every event is asked for is found without parsing the rest, which is long: hashes, and what the permit rested on. */
class LazyMetadata implements Metadata {
  readonly #text: string;
  #parsed: Metadata | undefined;
  #begins: RegExpExecArray | null | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  get #all(): Metadata {
    return (this.#parsed ??= JSON.parse(this.#text) as Metadata);
  }

  get #beginning(): RegExpExecArray | null {
    return this.#begins === undefined ? (this.#begins = beginning.exec(this.#text)) : this.#begins;
  }

  get actor(): Metadata['actor'] {
    const found = this.#beginning;
    return found ? { id: found[1]!, kind: found[2]! as Metadata['actor']['kind'] } : this.#all.actor;
  }

  get commandId(): string {
    const found = this.#beginning;
    return found ? detached(found[3]!) : this.#all.commandId;
  }

  get schema(): number {
    const found = ending.exec(this.#text);
    return found ? Number(found[1]) : this.#all.schema;
  }

  get basis(): Metadata['basis'] {
    return this.#all.basis;
  }

  get causation(): string {
    return this.#all.causation!;
  }

  get correlation(): string {
    return this.#all.correlation;
  }

  get door(): Metadata['door'] {
    return this.#all.door;
  }

  get ledger(): Metadata['ledger'] {
    return this.#all.ledger;
  }

  get session(): string {
    return this.#all.session!;
  }
}

/** Parses on demand: most views need one of the three texts. A text that is no JSON throws where it is read, so it stops only the views that read it. */
class LazyEvent {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly leafHash: string;
  readonly #texts: FedEvent;
  readonly #open: ((event: Opened) => string) | undefined;
  #contentText: string | null;
  #data: JsonObject | undefined;
  #metadata: Metadata | undefined;
  #content: Content | undefined;

  constructor(fed: FedEvent, open: ((event: Opened) => string) | undefined, contentText: string | null) {
    this.position = fed.position;
    this.stream = fed.stream;
    this.revision = fed.revision;
    this.id = fed.id;
    this.type = fed.type;
    this.leafHash = fed.leafHash;
    this.#texts = fed;
    this.#open = open;
    this.#contentText = contentText;
  }

  get data(): JsonObject {
    return (this.#data ??= JSON.parse(this.#texts.data) as JsonObject);
  }

  get metadata(): Metadata {
    return (this.#metadata ??= new LazyMetadata(this.#texts.metadata));
  }

  get content(): Content {
    return (this.#content ??= JSON.parse(this.contentText) as Content);
  }

  get contentText(): string {
    return (this.#contentText ??= this.#open?.(this as unknown as Opened) ?? '{}');
  }
}

/**
 * The event as projectors see it. `open` opens its parts, at most once, when the first view asks for them, and gives them as JSON
 * text; `content` is that text where they were opened elsewhere.
 */
export const openedFrom = (fed: FedEvent, open?: (event: Opened) => string, content = fed.content): Opened => new LazyEvent(fed, open, content) as unknown as Opened;

/** The content of an event from `openedFrom`, as JSON text. */
export const contentTextOf = (event: Opened): string => (event as unknown as LazyEvent).contentText;
