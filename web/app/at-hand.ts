import { workspace } from '../client/workspace.ts';

const signsOfAHand = ['keydown', 'pointermove', 'pointerdown'] as const;

/**
 * Fetches a script once somebody moves: then it is there when it is asked for, with or without a connection, and is no part of the first screen.
 * Without a connection it waits for the next move.
 */
export const fetchOnceAtHand = (fetch: () => void): void => {
  const moved = (): void => {
    if (['reconnecting', 'offline'].includes(workspace.connection.value)) return;
    for (const sign of signsOfAHand) removeEventListener(sign, moved);
    fetch();
  };
  for (const sign of signsOfAHand) addEventListener(sign, moved);
};
