/** What a picture must fit in, in pixels. A smaller one keeps its size. */
export type Box = { readonly width: number; readonly height: number };

/**
 * `not-a-picture`: its bytes are of no type that is taken (JPEG, PNG, GIF, WebP, AVIF). `too-large`: more bytes, pixels or memory than
 * allowed. `broken`: begins as a picture and cannot be read to its end. `timeout`: took too long. `busy`: too many wait already.
 */
export type PictureRefused = 'not-a-picture' | 'too-large' | 'broken' | 'timeout' | 'busy';
/** `bytes`: WebP, without anything that came along in the original (place, camera, comments). */
export type Picture = { readonly bytes: Uint8Array; readonly width: number; readonly height: number };

/** To the process: whether it is there, then the bytes of one picture, part by part, then what is to be made of it. */
export type ToPictureProcess = { readonly greet: true } | { readonly part: Uint8Array } | { readonly make: Box };
export type FromPictureProcess = 'ready' | Picture | { readonly refused: PictureRefused };

/** How the process ends when a picture takes more memory than it may. */
export const memoryExit = 77;
