import type { Choices } from './choices.ts';

/** The call this tab is in, kept for a reload of the page: who presses F5 comes back to it, as they were, but for what a host took after `revision`, the last that was heard of. */
export type KeptPlace = { readonly conversationId: string; readonly callId: string; readonly revision: number; readonly audio: boolean; readonly video: boolean; readonly audioOnly: boolean };
const storedUnder = 'hansard-call';

export const keepPlace = (place: KeptPlace | undefined): void => {
  if (place) sessionStorage.setItem(storedUnder, JSON.stringify(place));
  else sessionStorage.removeItem(storedUnder);
};
export const keptPlace = (): KeptPlace | undefined => {
  const kept = sessionStorage.getItem(storedUnder);
  return kept === null ? undefined : (JSON.parse(kept) as KeptPlace);
};
/** Is there one to come back to? Asked at the start of the page, before the engine is here. */
export const hasKeptPlace = (): boolean => sessionStorage.getItem(storedUnder) !== null;

export const choicesOf = (place: KeptPlace, remembered: Choices): Choices => ({ ...remembered, muted: !place.audio, withCamera: place.video, audioOnly: place.audioOnly });
