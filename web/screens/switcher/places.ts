import type { Person } from '#src/contract/accounts.ts';
import type { ConversationRow } from '#src/contract/conversations.ts';
import { workspace } from '../../client/workspace.ts';
import { prepare, type Findable, type Prepared } from './fuzzy.ts';

/** Somewhere the switcher can go. */
export type Place = Findable & { readonly key: string; readonly row?: ConversationRow; readonly person?: Person; readonly hint: string };

let people: { readonly version: number; readonly prepared: Prepared<Place>[] } = { version: -1, prepared: [] };

/** The directory, folded once for each of its versions: 24,000 names are not folded for a key press. */
const preparedPeople = (): readonly Prepared<Place>[] => {
  const version = workspace.directory.version.value;
  if (people.version === version) return people.prepared;
  const all = workspace.directory.find('', { most: Infinity });
  people = { version, prepared: prepare(all.map((person): Place => ({ key: person[0], name: person[1], also: person[2] ?? '', person, hint: person[3] === 's' ? 'suspended' : person[3] === 'n' ? 'imported' : person[3] === 'g' ? 'guest' : (person[2] ?? '') }))) };
  return people.prepared;
};

/** One's own conversations first, then everybody in the directory whom one has no chat with yet. */
export const everyPlace = (onlyPeople: boolean): readonly Prepared<Place>[] => {
  const mine = workspace.conversations.value;
  const me = workspace.me?.account;
  const chats = new Set<string>();
  const own: Place[] = [];
  for (const row of mine?.conversations ?? []) {
    const other = row.kind === 'direct' ? row.members.find((account) => account !== me) : undefined;
    const person = other ? workspace.directory.person(other) : undefined;
    if (other) chats.add(other);
    if (onlyPeople && !other) continue;
    const space = row.space ? mine?.spaces.find(({ spaceId }) => spaceId === row.space)?.name : undefined;
    own.push({ key: row.conversationId, name: row.general ? `${row.title}` : workspace.titleOf(row), also: person?.[2] ?? space ?? '', row, ...(person ? { person } : {}), hint: row.general ? 'General' : (space ?? (row.kind === 'group' ? `${row.memberCount} members` : (person?.[2] ?? ''))) });
  }
  return [...prepare(own), ...preparedPeople().filter(({ item }) => item.key !== me && !chats.has(item.key))];
};
