import { readSpace, type MyConversations } from '#src/contract/conversations.ts';
import { call } from '../../client/call.ts';
import { Store } from '../../client/store.ts';

/** How many open channels of each space one has not joined. Asked once, and again when one's own channels there change. */
class ChannelsToBrowse {
  readonly version = new Store(0);
  readonly #counts = new Map<string, number>();
  readonly #asked = new Map<string, string>();

  countOf(spaceId: string): number {
    return this.#counts.get(spaceId) ?? 0;
  }
  /** To be called whenever one's list has changed. */
  follow(mine: MyConversations): void {
    for (const { spaceId } of mine.spaces) {
      const joined = mine.conversations.filter((row) => row.space === spaceId).map((row) => row.conversationId).sort().join();
      if (this.#asked.get(spaceId) !== joined) void this.ask(spaceId, joined);
    }
  }
  /** Asks now: somebody looked, or opened a channel. */
  async ask(spaceId: string, joined = this.#asked.get(spaceId) ?? ''): Promise<void> {
    this.#asked.set(spaceId, joined);
    const answer = await call(readSpace, { spaceId });
    if (!answer.ok) return;
    this.#counts.set(spaceId, answer.output.channels.filter((channel) => !channel.joined && !channel.closed).length);
    this.version.set(this.version.value + 1);
  }
}
export const channelsToBrowse = new ChannelsToBrowse();
