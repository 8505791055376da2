import { tinykeys } from 'tinykeys';
import { workspace } from '../client/workspace.ts';
import { flatOrder, isUnread, orderOf } from './conversation-order.ts';
import { navigate, pathOfConversation, route } from './router.ts';
import { dialog, openDialog, toggleDetails } from './shell-state.ts';

/** What the sheet under Ctrl+/ lists. */
export const shortcuts: readonly (readonly [heading: string, keys: readonly (readonly [keys: string, does: string])[]])[] = [
  ['Going places', [
    ['Ctrl K', 'Find a person, group or channel'],
    ['Ctrl Shift F', 'Search messages'],
    ['Alt ↑ / Alt ↓', 'Conversation above or below'],
    ['Alt Shift ↑ / Alt Shift ↓', 'Unread conversation above or below'],
    ['F6 / Shift F6', 'Next or previous region'],
    ['Esc', 'Close what was opened last'],
    ['F1', 'Help for where you are'],
    ['Ctrl /', 'This sheet'],
  ]],
  ['Writing', [
    ['Enter', 'Send'],
    ['Shift Enter', 'New line'],
    ['↑', 'Edit your last message, from an empty composer'],
    ['@', 'Mention somebody'],
    ['Ctrl B / Ctrl I', 'Bold, italic'],
  ]],
  ['Here', [['Ctrl Shift D', 'Details on and off']]],
  ['Calls', [
    ['F8', 'To the call that rings'],
    ['M', 'Mute, or speak again'],
    ['Space', 'Speak while held, when muted'],
    ['V', 'Camera on and off'],
  ]],
];

/** Moves the focus to the next region that is on screen, from the one that has it. */
export const cycleRegions = (regions: readonly HTMLElement[], backwards: boolean): void => {
  const shown = regions.filter((region) => region.checkVisibility());
  const here = shown.findIndex((region) => region.matches(':focus-within'));
  const step = backwards ? -1 : 1;
  shown[(here + step + shown.length) % shown.length]?.focus();
};

const step = (by: number, onlyUnread: boolean): void => {
  const mine = workspace.conversations.value;
  if (!mine) return;
  const all = flatOrder(orderOf(mine));
  const current = route.value.screen === 'conversation' ? route.value.conversationId : '';
  const here = all.findIndex((row) => row.conversationId === current);
  for (let n = 1; n <= all.length; n++) {
    const row = all[(((here < 0 && by < 0 ? 0 : here) + n * by) % all.length + all.length) % all.length]!;
    if (row.conversationId !== current && (!onlyUnread || isUnread(row))) return navigate(pathOfConversation(row.conversationId));
  }
};

/** The keys of the whole page, for whoever is signed in. Runs for the life of the page. */
export const watchKeys = (): void => {
  const act = (does: () => void) => (event: KeyboardEvent) => {
    if (!workspace.me) return;
    event.preventDefault();
    does();
  };
  const outsideDialogs = (does: () => void) => (event: KeyboardEvent) => {
    if (dialog.value) return;
    act(does)(event);
  };
  /** On the pages of officers and administrators, and in a window of its own, arrows do not lead away. */
  const inList = (does: () => void) => (event: KeyboardEvent) => {
    if (!['archive', 'audit', 'administration', 'window'].includes(route.value.screen)) outsideDialogs(does)(event);
  };
  tinykeys(window, {
    '$mod+KeyK': act(() => dialog.set(dialog.value?.is === 'switcher' ? undefined : { is: 'switcher' })),
    // Two: on many keyboards the stroke is Shift+7.
    '$mod+/': act(() => openDialog({ is: 'shortcuts' })),
    '$mod+Shift+/': act(() => openDialog({ is: 'shortcuts' })),
    'F1': act(() => openDialog({ is: 'help' })),
    '$mod+Shift+KeyF': outsideDialogs(() => navigate('/search')),
    '$mod+Shift+KeyD': inList(() => toggleDetails()),
    'Alt+ArrowUp': inList(() => step(-1, false)),
    'Alt+ArrowDown': inList(() => step(1, false)),
    'Alt+Shift+ArrowUp': inList(() => step(-1, true)),
    'Alt+Shift+ArrowDown': inList(() => step(1, true)),
  });
};
