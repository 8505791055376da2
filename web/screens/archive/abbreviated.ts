/** A hash for the eye: its first eight and last four characters, in fours. The whole of it is in the copy beside it. */
export const abbreviated = (hash: string): string => (hash.length <= 16 ? hash : `${hash.slice(0, 4)} ${hash.slice(4, 8)} … ${hash.slice(-4)}`);
