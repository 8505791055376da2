import { html, type TemplateResult } from 'lit';
import type { SearchHit } from '#src/contract/archive.ts';
import { openDirect } from '#src/contract/conversations.ts';
import { navigate, pathOfConversation } from '../../app/router.ts';
import { call } from '../../client/call.ts';
import { InstantFinder, type Found } from '../../client/instant-finder.ts';
import { workspace } from '../../client/workspace.ts';
import '../../elements/hansard-avatar.ts';
import { toast } from '../../elements/hansard-toasts.ts';
import { icon } from '../../elements/icons.ts';
import { shortTime } from '../../elements/times.ts';
import { foundAloud, whereSaid, whoAnswered } from '../search/found-words.ts';
import { marked } from '../search/marked.ts';

/** What the server found beyond the names that this page knows how to find. */
export type InstantPlace = { readonly key: string; readonly go: () => void; readonly shown: TemplateResult };

type Named = { readonly name: string; readonly marks: [number, number][] };
const aroundFirst = 16;
const shownMax = 160;

/** One line of a message, from a little before its first finding. */
const snippet = ({ text, marks }: Pick<SearchHit, 'text' | 'marks'>): TemplateResult => {
  const first = marks[0]?.[0] ?? 0;
  const word = text.lastIndexOf(' ', first - aroundFirst) + 1;
  // A long address has no word to begin at.
  const from = first <= aroundFirst ? 0 : Math.max(word, first - 2 * aroundFirst);
  const cut = text.slice(from, from + shownMax).toWellFormed().replaceAll(/\s/g, ' ');
  const moved = marks.map(([start, end]) => [start - from, end - from] as const).filter(([start, end]) => start >= 0 && end <= cut.length);
  return html`${from > 0 ? '… ' : ''}${marked(cut, moved)}`;
};

const nameOf = ({ name, marks }: Named): TemplateResult => html`<span class="name one-line" dir="auto">${marked(name, marks)}</span>`;

const messagePlace = (hit: SearchHit): InstantPlace => ({
  key: `${hit.conversationId} ${hit.messageId}`,
  go: () => navigate(pathOfConversation(hit.conversationId, hit.revision)),
  shown: html`<hansard-avatar .name=${workspace.directory.nameOf(hit.author)} .key=${hit.author} .size=${24}></hansard-avatar>
    <span class="said"><span class="one-line" dir="auto">${snippet(hit)}</span><span class="by one-line"><bdi>${workspace.directory.nameOf(hit.author)}</bdi> in <bdi>${whereSaid(workspace.conversation(hit.conversationId))}</bdi> · <time datetime=${new Date(hit.at).toISOString()}>${shortTime(hit.at)}</time></span></span>`,
});
const personPlace = (one: Found['people'][number]): InstantPlace => ({
  key: one.account,
  go: () => void call(openDirect, { with: one.account }).then((answer) => (answer.ok ? navigate(pathOfConversation(answer.output.conversationId)) : toast(answer.sentence, { danger: true }))),
  shown: html`<hansard-avatar .name=${one.name} .key=${one.account} .size=${24}></hansard-avatar>${nameOf(one)}`,
});
const conversationPlace = (one: Found['conversations'][number]): InstantPlace => ({
  key: one.conversationId,
  go: () => navigate(pathOfConversation(one.conversationId)),
  shown: html`<span class="sign">${icon('hash')}</span>${nameOf(one)}`,
});

/** What is not in the list already (`known`: keys of what is). One does not write to oneself, nor to the nicknames of an import. */
const beyond = ({ messages, people, conversations }: Found, known: ReadonlySet<string>): Pick<Found, 'messages' | 'people' | 'conversations'> => ({
  messages,
  people: people.filter(({ account }) => !known.has(account) && account !== workspace.me?.account && workspace.directory.person(account)?.[3] === 'e'),
  conversations: conversations.filter(({ conversationId }) => !known.has(conversationId)),
});

/** The part of the switcher that asks the server; its script comes with the first letter that somebody types. */
export class InstantPart {
  readonly finder = new InstantFinder();

  constructor(onFound: () => void) {
    this.finder.found.watch(onFound);
  }

  /** In the order in which they are shown, and in words for those who listen. */
  beyond(known: ReadonlySet<string>): { readonly places: readonly InstantPlace[]; readonly aloud: string } {
    const found = this.finder.found.value?.found;
    if (!found) return { places: [], aloud: '' };
    const { messages, people, conversations } = beyond(found, known);
    return { places: [...conversations.map(conversationPlace), ...people.map(personPlace), ...messages.map(messagePlace)], aloud: foundAloud({ messages, people, conversations }) };
  }

  /** Why the exact search answered; undefined where the index did. */
  get exactInstead(): string | undefined {
    const found = this.finder.found.value?.found;
    return found && found.because !== null ? whoAnswered(found) : undefined;
  }
}
