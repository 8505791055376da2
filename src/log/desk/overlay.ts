import type { OpenedEvent } from '../../kernel/event.ts';
import type { Known, KnownFile, KnownMessage, KnownPreview, KnownReaction } from '../../kernel/use-case.ts';
import type { Opened } from '../../every-event.ts';
import { actorKey, type DeskAnswer } from './ports.ts';

export type RecentCommand = { readonly revision: number; readonly events: OpenedEvent[] };

/**
 * What happened in one stream after the desk view's watermark. Look-ups are answered from the view with this laid over it;
 * it is trimmed only behind a watermark that a look-up of this very stream returned.
 */
export class Overlay {
  #events: OpenedEvent[] = [];
  #commands = new Map<string, RecentCommand>();
  #messages = new Map<string, KnownMessage>();
  #reactions = new Map<string, KnownReaction>();
  #files = new Map<string, KnownFile>();
  #previews = new Map<string, KnownPreview>();

  add(event: OpenedEvent): void {
    this.#events.push(event);
    const key = commandKey(actorKey(event.metadata.actor), event.metadata.commandId);
    const known = this.#commands.get(key);
    if (known) known.events.push(event);
    else this.#commands.set(key, { revision: event.revision, events: [event] });
    this.#index(event as Opened);
  }

  #index(event: Opened): void {
    switch (event.type) {
      case 'MessagePosted':
        this.#messages.set(event.data.messageId, { messageId: event.data.messageId, author: event.data.author, ordinal: event.data.ordinal, retracted: false, revision: event.revision });
        break;
      case 'MessageRetracted': {
        const { messageId, author, ordinal } = event.data;
        const known = this.#messages.get(messageId);
        this.#messages.set(messageId, { messageId, author, ordinal, retracted: true, revision: known?.revision ?? -1 });
        break;
      }
      case 'FileShared':
        this.#files.set(event.data.fileId, { fileId: event.data.fileId, author: event.data.author, ordinal: event.data.ordinal, withdrawn: false, revision: event.revision });
        break;
      case 'FileWithdrawn': {
        const { fileId, author, ordinal } = event.data;
        this.#files.set(fileId, { fileId, author, ordinal, withdrawn: true, revision: this.#files.get(fileId)?.revision ?? -1 });
        break;
      }
      case 'ReactionAdded':
        this.#reactions.set(event.data.reactionId, { author: event.data.author, emoji: event.content.reaction?.emoji ?? null, messageId: event.data.messageId, reactionId: event.data.reactionId, withdrawn: false });
        break;
      case 'ReactionWithdrawn':
        this.#reactions.set(event.data.reactionId, { author: event.data.author, emoji: this.#reactions.get(event.data.reactionId)?.emoji ?? null, messageId: event.data.messageId, reactionId: event.data.reactionId, withdrawn: true });
        break;
      case 'LinkPreviewed': {
        const { messageId, link, author } = event.data;
        this.#previews.set(`${messageId}/${link}`, { messageId, link, author, url: event.content.preview?.url ?? null, withdrawn: false });
        break;
      }
      case 'LinkPreviewWithdrawn': {
        const { messageId, link, author } = event.data;
        this.#previews.set(`${messageId}/${link}`, { messageId, link, author, url: this.#previews.get(`${messageId}/${link}`)?.url ?? null, withdrawn: true });
        break;
      }
      default:
    }
  }

  command(actor: string, commandId: string): RecentCommand | undefined {
    return this.#commands.get(commandKey(actor, commandId));
  }

  get size(): number {
    return this.#events.length;
  }

  /** Drops what the view has. Whatever is kept is indexed anew: the overlay is short. */
  trim(watermark: number): void {
    const first = this.#events[0];
    if (!first || first.position > watermark) return;
    const kept = this.#events.filter((event) => event.position > watermark);
    this.clear();
    for (const event of kept) this.add(event);
  }

  clear(): void {
    this.#events = [];
    this.#commands.clear();
    this.#messages.clear();
    this.#reactions.clear();
    this.#files.clear();
    this.#previews.clear();
  }

  /** What a decision may know: the view's answer with the overlay upon it. */
  over(answer: DeskAnswer): Known {
    const message = (messageId: string): KnownMessage | undefined => {
      const below = answer.messages.find((known) => known.messageId === messageId);
      const above = this.#messages.get(messageId);
      return above && below ? { ...below, retracted: above.retracted } : (above ?? below);
    };
    const merged = (below: KnownReaction | undefined, above: KnownReaction | undefined): KnownReaction | undefined =>
      above && below ? { ...below, withdrawn: above.withdrawn } : (above ?? below);
    const file = (fileId: string): KnownFile | undefined => {
      const below = answer.files.find((known) => known.fileId === fileId);
      const above = this.#files.get(fileId);
      return above && below ? { ...below, withdrawn: above.withdrawn } : (above ?? below);
    };
    return {
      message,
      file,
      previewsOf: (messageId) => {
        const below = answer.previews.filter((known) => known.messageId === messageId);
        const above = [...this.#previews.values()].filter((known) => known.messageId === messageId);
        return [...below.map((known) => ({ ...known, withdrawn: known.withdrawn || above.some(({ link, withdrawn }) => link === known.link && withdrawn) })), ...above.filter(({ link }) => !below.some((known) => known.link === link))];
      },
      reaction: (reactionId) => merged(answer.reactions.find((known) => known.reactionId === reactionId), this.#reactions.get(reactionId)),
      reactionsOf: (messageId) => {
        const below = answer.reactions.filter((known) => known.messageId === messageId);
        const above = [...this.#reactions.values()].filter((known) => known.messageId === messageId && !below.some((b) => b.reactionId === known.reactionId));
        return [...below.map((known) => merged(known, this.#reactions.get(known.reactionId))!), ...above];
      },
    };
  }
}

const commandKey = (actor: string, commandId: string): string => `${actor}|${commandId}`;
