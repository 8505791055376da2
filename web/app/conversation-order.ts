import type { ConversationRow, MyConversations, SpaceRow } from '#src/contract/conversations.ts';

export type SpaceWithChannels = { readonly space: SpaceRow; readonly channels: readonly ConversationRow[]; readonly latest: ConversationRow | undefined };
export type Ordered = { readonly people: readonly ConversationRow[]; readonly spaces: readonly SpaceWithChannels[] };

const activeAt = (row: ConversationRow): number => row.last?.at ?? row.joinedAt;
const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/**
 * The order of the sidebar: direct chats and groups by recent activity; spaces and their channels by name, General first, so that they stay where the
 * hand knows them.
 */
export const orderOf = (mine: MyConversations): Ordered => {
  const people = mine.conversations.filter((row) => row.space === null).sort((a, b) => activeAt(b) - activeAt(a));
  const channelsOf = new Map<string, ConversationRow[]>();
  for (const row of mine.conversations) if (row.space !== null) channelsOf.set(row.space, [...(channelsOf.get(row.space) ?? []), row]);
  const spaces = [...mine.spaces]
    .sort((a, b) => byName.compare(a.name, b.name))
    .map((space) => {
      const channels = (channelsOf.get(space.spaceId) ?? []).sort((a, b) => Number(b.general) - Number(a.general) || byName.compare(a.title, b.title));
      const latest = channels.reduce<ConversationRow | undefined>((best, row) => (row.last && (!best?.last || row.last.at > best.last.at) ? row : best), undefined);
      return { space, channels, latest };
    });
  return { people, spaces };
};

/** The same from top to bottom, for Alt+Up and Alt+Down. */
export const flatOrder = (ordered: Ordered): readonly ConversationRow[] => [...ordered.people, ...ordered.spaces.flatMap(({ channels }) => channels)];

/** Does the row stand out? A muted conversation counts, without a badge. */
export const isUnread = (row: ConversationRow): boolean => row.unread > 0 && !row.muted;
