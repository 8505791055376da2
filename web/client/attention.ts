import { socket } from './call.ts';
import { Store } from './store.ts';

const idleAfterMs = 5 * 60_000;

/** Is this tab used: visible, focused, and touched within the last five minutes? */
export const isLooking = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

/** True while the tab is visible and focused. */
export const looking = new Store(false);

/** Tells the server when this tab is used and when it is not; presence follows from that. Runs for the life of the page. */
export const watchAttention = (): void => {
  let active = true;
  let idle: ReturnType<typeof setTimeout> | undefined;
  const tell = (now: boolean): void => {
    if (now === active) return;
    active = now;
    socket.tell({ is: 'attention', active });
  };
  const used = (): void => {
    looking.set(isLooking());
    clearTimeout(idle);
    idle = setTimeout(() => tell(false), idleAfterMs);
    tell(document.visibilityState === 'visible');
  };
  for (const event of ['visibilitychange', 'pointerdown', 'keydown']) document.addEventListener(event, used, { passive: true });
  for (const event of ['focus', 'blur']) globalThis.addEventListener(event, used);
  socket.connection.watch((state) => state === 'connected' && socket.tell({ is: 'attention', active }));
  used();
};
