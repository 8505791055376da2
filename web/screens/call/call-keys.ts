import { liveCall } from '../../calls/live-call.ts';

const isPressable = (target: EventTarget | undefined): boolean => target instanceof HTMLElement && (/^(BUTTON|A|SELECT|INPUT|TEXTAREA)$/.test(target.tagName) || target.isContentEditable);

/**
 * M mutes, V turns the camera off and on, holding Space speaks while muted. They hold only while the focus is on the stage (WCAG 2.1.4), and Space not
 * on a button, which it presses.
 */
export class CallKeys {
  #speaksByKey = false;

  readonly down = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    const target = event.composedPath()[0];
    const isTyping = target instanceof HTMLElement && /^(SELECT|INPUT|TEXTAREA)$/.test(target.tagName);
    if (isTyping) return;
    if (event.key === ' ' && !isPressable(target)) {
      event.preventDefault();
      if (event.repeat || liveCall.own.isOn('audio')) return;
      this.#speaksByKey = true;
      void liveCall.toggle('audio', true);
    } else if (event.repeat || event.shiftKey) return;
    else if (event.key.toLowerCase() === 'm') void liveCall.toggle('audio');
    else if (event.key.toLowerCase() === 'v') void liveCall.toggle('video');
  };
  readonly up = (event: KeyboardEvent): void => {
    if (event.key !== ' ' || !this.#speaksByKey) return;
    this.#speaksByKey = false;
    void liveCall.toggle('audio', false);
  };
}
