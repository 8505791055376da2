import { PictureMaker, type PictureAsked, type PictureMade } from './picture-maker.ts';

/** Two, so that a picture that holds one up until its time is over does not hold up everybody. */
const processes = 2;
/** Pictures of one long timeline, for some people at once. */
const waitingMax = 500;
const timeoutMs = 10_000;

/**
 * Makes pictures small: `makePicture` answers with WebP that fits `box`, or says why not. It rejects only where the stream it is given
 * fails, or no process can be started (`Fault`). What was asked first is begun first; what waits when it is closed is `busy`.
 */
export type Pictures = { readonly makePicture: (asked: PictureAsked) => Promise<PictureMade>; readonly close: () => void };

/** `limitMs`: for one picture, from its first byte. */
export const openPictures = (limitMs = timeoutMs): Pictures => {
  const free = Array.from({ length: processes }, () => new PictureMaker(limitMs));
  const every = [...free];
  const waiting: ((maker: PictureMaker | undefined) => void)[] = [];
  let isClosed = false;
  const give = (maker: PictureMaker): void => {
    const next = waiting.shift();
    if (next) next(maker);
    else free.push(maker);
  };
  return {
    async makePicture(asked) {
      if (isClosed || (free.length === 0 && waiting.length >= waitingMax)) return { refused: 'busy' };
      // The one used last is warm.
      const maker = free.pop() ?? (await new Promise<PictureMaker | undefined>((resolve) => waiting.push(resolve)));
      if (!maker) return { refused: 'busy' };
      try {
        return await maker.make(asked);
      } finally {
        give(maker);
      }
    },
    close() {
      isClosed = true;
      for (const maker of every) maker.end();
      for (const next of waiting.splice(0)) next(undefined);
    },
  };
};
