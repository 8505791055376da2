import type { ArchiveFilter, AuditRow } from '#src/contract/archive.ts';
import type { FileFilter } from '#src/contract/files.ts';
import { streams } from '#src/kernel/streams.ts';
import type { ViewReader } from '../view-queries.ts';

/** What the rows keep as ids, in the words an officer reads. */

export const nameOf = (view: ViewReader, account: string): string => view.get<{ name: string }>('SELECT name FROM names WHERE account = ?', account)?.name ?? '';

const withoutAccount: Readonly<Record<string, string>> = { operator: 'The operator', appliance: 'The appliance', unknown: 'Somebody unknown' };
/** Who did it, where it may have been nobody with an account. */
export const actorOf = (view: ViewReader, by: string): string => nameOf(view, by) || (withoutAccount[by] ?? '');

type Place = { readonly title: string | null; readonly space: string | null; readonly founders: string | null };

/** In quotes; General by its space, a direct chat by the two people. Undefined where nothing is known, or the title was erased. */
const titleOf = (view: ViewReader, stream: string): string | undefined => {
  const place = view.get<Place>('SELECT title, space, founders FROM places WHERE stream = ?', stream);
  if (!place) return undefined;
  if (place.founders !== null) return `the chat of ${listed(place.founders.split(' ').map((account) => nameOf(view, account)))}`;
  if (place.title) return `“${place.title}”`;
  return place.space === null ? undefined : titleOf(view, place.space);
};

/** The same sentence with the title where it said "a conversation" or "a space". */
export const withTitle = (view: ViewReader, says: string, stream: string): string => {
  const title = titleOf(view, stream);
  if (title === undefined) return says;
  return says.includes('a conversation') ? says.replace('a conversation', () => title) : says.replace('a space', () => `the space ${title}`);
};

/** Filters of the archive and of the audit log have no field in common that means two things. */
type Filter = Partial<Omit<ArchiveFilter, 'kinds'>> & Partial<FileFilter> & { readonly kinds?: readonly string[]; readonly person?: string; /** Inside of files. */ readonly words?: string };
const kindWords: Readonly<Record<ArchiveFilter['kinds'][number] | AuditRow['kind'], string>> = {
  'message': 'messages', 'file': 'files', 'link': 'previews of links', 'reaction': 'reactions', 'membership': 'membership', 'life': 'opening and naming', 'call': 'calls',
  'sign-in': 'sign-ins', 'refusal': 'refusals', 'role': 'roles', 'account': 'accounts', 'inquiry': 'inquiries', 'export': 'exports', 'download': 'downloads', 'setting': 'settings', 'custody': 'custody', 'space': 'spaces',
};
const stateWords: Readonly<Record<ArchiveFilter['states'][number], string>> = { current: 'as they stand', earlier: 'earlier versions', retracted: 'retracted' };

/** What narrowed the search, in brackets; nothing where nothing did. Days are UTC and included. */
export const narrowedBy = (view: ViewReader, canonical: string): string => {
  const { kinds = [], states = [], people = [], conversations = [], senders = [], types = [], person, from, until, words, unread, sizeFrom, sizeTo, hash } = JSON.parse(canonical) as Filter;
  const names = [...people, ...senders, ...(person === undefined ? [] : [person])].map((account) => actorOf(view, account) || 'somebody unknown');
  const parts = [
    kinds.length > 0 && `only ${listed(kinds.map((kind) => kindWords[kind as keyof typeof kindWords] ?? kind))}`,
    states.length > 0 && `only ${listed(states.map((state) => stateWords[state]))}`,
    words !== undefined && `inside “${words}”`,
    unread === true && 'only what was not read inside',
    types.length > 0 && `of type ${listed(types)}`,
    sizeFrom !== undefined && `at least ${sizeFrom} bytes`,
    sizeTo !== undefined && `at most ${sizeTo} bytes`,
    hash !== undefined && `SHA-256 ${hash}`,
    names.length > 0 && `of ${listed(names)}`,
    conversations.length > 0 && `in ${listed(conversations.map((id) => titleOf(view, streams.conversation(id)) ?? 'a conversation'))}`,
    from !== undefined && `from ${dayOf(from)}`,
    until !== undefined && `to ${dayOf(until - 1)}`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
};

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const listed = (words: readonly string[]): string => (words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`);
