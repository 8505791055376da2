type Lock = { release(): Promise<void> };

/** Keeps the screen from going dark until what it gives back is called. Browsers end the lock when the page is hidden (W3C Screen Wake Lock), so it is asked for again whenever the page is seen. */
export const keepScreenAwake = (): (() => void) => {
  let lock: Lock | undefined;
  let isOver = false;
  const ask = async (): Promise<void> => {
    if (document.visibilityState !== 'visible') return;
    const { wakeLock } = navigator as Navigator & { wakeLock?: { request(kind: 'screen'): Promise<Lock> } };
    const given = await wakeLock?.request('screen').catch(() => undefined);
    void (isOver ? given : lock)?.release();
    lock = given;
  };
  document.addEventListener('visibilitychange', ask);
  void ask();
  return () => {
    isOver = true;
    document.removeEventListener('visibilitychange', ask);
    void lock?.release();
  };
};
