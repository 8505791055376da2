import { html, nothing, type TemplateResult } from 'lit';
import type { CallLine } from '#src/contract/calls.ts';
import { callIn, enterLobby } from '../../calls/rosters.ts';
import { workspace } from '../../client/workspace.ts';
import { icon } from '../../elements/icons.ts';
import { clock, fullTime } from '../../elements/times.ts';

const nameOf = (account: string): string => (account === workspace.me?.account ? 'You' : workspace.directory.nameOf(account));
const iso = (at: number): string => new Date(at).toISOString();
const lengthOf = (seconds: number): string => (seconds < 60 ? `${seconds} s` : `${Math.round(seconds / 60)} min`);
const takenWords = { audio: 'muted', video: 'turned off the camera of', screen: 'ended the screen share of' } as const;

const callWords = (line: CallLine): string => {
  const who = nameOf(line.account);
  const by = nameOf(line.by);
  const call = line.audioOnly ? 'voice call' : 'video call';
  switch (line.what) {
    case 'started': return `${who} started a ${call}.`;
    case 'joined': return `${who} joined the call.`;
    case 'left': return line.cause === 'connection' ? `${who} lost the connection to the call.` : `${who} left the call.`;
    case 'declined': return `${who} declined the ${call}.`;
    case 'unanswered': return `${who} missed a ${call} from ${by === 'You' ? 'you' : by}.`;
    case 'shared-screen': return `${who} shared a screen.`;
    case 'screen-ended': return `${who} stopped sharing a screen.`;
    case 'muted': return `${by} ${takenWords[line.taken ?? 'audio']} ${who === 'You' ? 'you' : who}.`;
    case 'removed': return `${by} removed ${who === 'You' ? 'you' : who} from the call.`;
    case 'admitted': return `${by} let ${who === 'You' ? 'you' : who} into the call.`;
    case 'ended': return `${line.audioOnly ? 'Voice call' : 'Video call'}${line.seconds ? `, ${lengthOf(line.seconds)}` : ' ended'}.`;
  }
};

/** One act where the line is about something that can still be done: to call back, or to join. */
const actOf = (line: CallLine, conversationId: string): TemplateResult | typeof nothing => {
  const enter = (): void => void enterLobby(conversationId);
  const now = callIn(conversationId);
  if (line.what === 'unanswered' && line.account === workspace.me?.account && !now) return html` <button class="text-button" @click=${enter}>Call back</button>`;
  const isIn = now?.participants.some(({ account }) => account === workspace.me?.account);
  return line.what === 'started' && now?.callId === line.callId && !isIn ? html` <button class="text-button" @click=${enter}>Join</button>` : nothing;
};

/** A fact of a call, small. */
export const callRow = (line: CallLine, conversationId: string, tabbable: boolean): TemplateResult =>
  html`<li class=${line.what === 'unanswered' && line.account === workspace.me?.account ? 'row life call missed' : 'row life call'} data-key=${`call-${line.revision}`} data-revision=${line.revision} tabindex=${tabbable ? 0 : -1} dir="auto">
    ${icon('phone', 13)} ${callWords(line)} <time datetime=${iso(line.at)} title=${fullTime(line.at)}>${clock(line.at)}</time>${actOf(line, conversationId)}
  </li>`;
