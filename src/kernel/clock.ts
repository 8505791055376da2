/** Milliseconds since 1970, UTC. Order never depends on it. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();
