import type { Reading, ReadingLimits } from './reading.ts';

/** To the process that reads. One file at a time; its bytes come in order, `size` of them. */
export type ToProcess = { readonly is: 'file'; readonly type: string; readonly size: number; readonly limits: ReadingLimits } | { readonly is: 'piece'; readonly bytes: Uint8Array };
/** From it. `ready`: whatever fails from here on is the doing of a file. */
export type FromProcess = { readonly is: 'ready' } | { readonly is: 'read'; readonly reading: Reading };
