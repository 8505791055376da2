import { html, type TemplateResult } from 'lit';
import type { CallLine } from '#src/contract/calls.ts';
import { workspace } from '../../client/workspace.ts';
import { clock, fullTime } from '../../elements/times.ts';

const nameOf = (account: string): string => workspace.directory.nameOf(account);
const iso = (at: number): string => new Date(at).toISOString();
const lengthOf = (seconds: number): string => (seconds < 60 ? `${seconds} s` : `${Math.round(seconds / 60)} min`);
const takenWords = { audio: 'the sound', video: 'the picture', screen: 'the screen' } as const;

const callWords = (line: CallLine): string => {
  const who = nameOf(line.account);
  const call = line.audioOnly ? 'voice call' : 'video call';
  switch (line.what) {
    case 'started': return `${who} started a ${call}.`;
    case 'joined': return `${who} joined the call.`;
    case 'left': return line.cause === 'connection' ? `${who} lost the connection to the call.` : `${who} left the call.`;
    case 'declined': return `${who} declined the ${call}.`;
    case 'unanswered': return `${who} missed a ${call} from ${nameOf(line.by)}.`;
    case 'shared-screen': return `${who} shared a screen.`;
    case 'screen-ended': return `${who} no longer shares a screen.`;
    case 'muted': return `${nameOf(line.by)} took ${takenWords[line.taken ?? 'audio']} of ${who}.`;
    case 'removed': return `${nameOf(line.by)} removed ${who} from the call.`;
    case 'admitted': return `${nameOf(line.by)} let ${who} into the call.`;
    case 'ended': return `${line.audioOnly ? 'Voice call' : 'Video call'}, ${lengthOf(line.seconds ?? 0)}.`;
  }
};

/** A fact of a call, small. */
export const callRow = (line: CallLine, tabbable: boolean): TemplateResult =>
  html`<li class="row life" data-key=${`call-${line.revision}`} data-revision=${line.revision} tabindex=${tabbable ? 0 : -1} dir="auto">
    ${callWords(line)} <time datetime=${iso(line.at)} title=${fullTime(line.at)}>${clock(line.at)}</time>
  </li>`;
