import { rememberedChoices } from './choices.ts';
import { playTone, type tones } from './tones.ts';

/** Sounds in one tab of this browser alone, however many are open. Gives back how to end it. */
export const ringSound = (tone: keyof typeof tones): (() => void) => {
  const { speaker } = rememberedChoices();
  let end: (() => void) | undefined;
  let over: (() => void) | undefined;
  if (!navigator.locks) return playTone(tone, speaker);
  let isWanted = true;
  void navigator.locks.request('hansard-ring', () => {
    if (!isWanted) return undefined;
    end = playTone(tone, speaker);
    return new Promise<void>((resolve) => (over = resolve));
  });
  return () => {
    isWanted = false;
    end?.();
    over?.();
  };
};
