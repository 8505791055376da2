/** A finger leaves no row by itself: what it pressed stays active until something else is pressed. */
export const pressedOutside = (element: HTMLElement, act: () => void): (() => void) => {
  const pressed = (event: Event): void => void (event.composedPath().includes(element) || act());
  document.addEventListener('pointerdown', pressed, { capture: true, passive: true });
  return () => document.removeEventListener('pointerdown', pressed, { capture: true });
};
