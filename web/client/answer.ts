/** What came back: the output, or a refusal with a sentence for the person. `offline` is ours: nobody could be asked. */
export type Answer<T> = { readonly ok: true; readonly output: T } | Refusal;
export type Refusal = { readonly ok: false; readonly code: string; readonly sentence: string; readonly limit?: number };

export const offline: Refusal = { ok: false, code: 'offline', sentence: 'Hansard cannot be reached at the moment. Nothing is lost; try again when the connection is back.' };

/** Refusals that say nothing about the intent itself: the same command, with the same commandId, is asked again later. */
export const isPassing = (refusal: Refusal): boolean => ['unavailable', 'not-confirmed', 'offline'].includes(refusal.code);
