import { css, html, type TemplateResult } from 'lit';
import type { CallRoster } from '#src/contract/calls.ts';
import { workspace } from '../../client/workspace.ts';
import { icon } from '../../elements/icons.ts';
import { clock } from '../../elements/times.ts';

const namedMax = 3;
const whoIsIn = ({ participants }: CallRoster): string => {
  const names = participants.slice(0, namedMax).map(({ account }) => (account === workspace.me?.account ? 'you' : workspace.directory.nameOf(account).split(' ')[0]!));
  const more = participants.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? 'nobody now');
};

/** In the header of a conversation: starts a call, or joins the one that is there. Either leads to the lobby. */
export const callButton = (call: CallRoster | undefined, enter: () => void): TemplateResult =>
  call ? html`<button class="button call" @click=${enter}>${icon('video')}Join call</button>` : html`<button class="icon-button" aria-label="Call" data-tip="Call" @click=${enter}>${icon('video')}</button>`;

/** Under the header while a call is in progress. */
export const callBanner = (call: CallRoster, enter: () => void): TemplateResult => html`<div class="call-banner" role="status">${icon('phone')}<p class="one-line"><b>Call in progress</b><span dir="auto">${whoIsIn(call)}, since ${clock(call.startedAt)}</span></p>
  <button class="button primary small" aria-label="Join the call" @click=${enter}>Join</button></div>`;

export const callEntryStyles = css`
  .button.call { margin-inline: 0.25rem; }
  .call-banner { display: flex; align-items: center; gap: 0.75rem; padding: 0.5rem 1.4375rem; background: var(--accent-soft); font-size: var(--text-s); }
  .call-banner p { flex: 1; }
  .call-banner b { margin-inline-end: 0.75rem; font-weight: 600; }
  @media (max-width: 719px) { .call-banner { padding-inline: 0.75rem; } .button.call { display: none; } }
`;
