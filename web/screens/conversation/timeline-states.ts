import { html, nothing, type TemplateResult } from 'lit';
import { workspace } from '../../client/workspace.ts';
import { longDay } from '../../elements/times.ts';
import type { About } from './open-conversation.ts';

const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'long' });
const dayMs = 86_400_000;

/** Today, Yesterday, Thursday 19 November 2026. */
export const dayName = (at: number, now = Date.now()): string => {
  const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / dayMs);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return `${weekday.format(at)} ${longDay(at)}`;
};

const shapes = ['wide', 'short', 'wide', 'middle', 'short'];

/** The shape of messages that are on their way; it shows itself after 200 ms. */
export const loadingRows = (): TemplateResult => html`${shapes.map((shape) => html`<li class="message starts" aria-hidden="true">
  <div class="face"><span class="skeleton disc"></span></div>
  <div class="what"><span class="skeleton bar name-bar"></span><span class=${`skeleton bar ${shape}`}></span></div>
</li>`)}`;

/** Above the first line of all: where a conversation begins. `silent`: nothing has been said in it. */
export const beginning = (conversation: About['conversation'] | undefined, silent: boolean): TemplateResult =>
  html`<li class="begins">${conversation ? html`<h2 dir="auto">${workspace.titleOf(conversation)}</h2><p>${silent ? (conversation.closed ? 'Nothing was said here.' : 'Nothing has been said here yet. What you write is kept in the record from the first word.') : `Opened on ${longDay(conversation.openedAt)}. This is where it begins.`}</p>` : nothing}</li>`;
