import { z } from 'zod';
import { readFilesAgain } from '#appliance/file-words/file-words.ts';
import type { House } from '#appliance/house/house.ts';
import { recordRebuild } from '#src/custody/record-rebuild.ts';
import { isRefusal, refuse } from '#src/kernel/refusal.ts';
import { operator, verb, type VerbAnswer } from './verb.ts';

const progressEveryMs = 250;
/** No view, and not of this machine: made anew only when it is named. */
const instantIndex = 'instant' as const;
/** No view either: it is made from the bytes of the files, which may take hours. */
const fileWords = 'file-words' as const;

export const rebuild = verb({
  name: 'rebuild',
  input: z.strictObject({ view: z.string().max(60).optional() }),
  async run(house, { view }, { onProgress }) {
    const { views, log, commandAs, instant } = house;
    if (view === fileWords) return readAgain(house);
    const known = [...views.states().map((state) => state.view), ...(instant ? [instantIndex] : [])];
    const wanted = known.filter((name) => (view === undefined ? name !== instantIndex : name === view));
    if (wanted.length === 0) return refuse('not-found', `There is no view "${view}". There are: ${[...known, fileWords].join(', ')}.`);
    const timer = setInterval(() => {
      for (const { view: name, rebuilding } of views.states()) if (rebuilding) onProgress(rebuilding.done, rebuilding.of, `Rebuilding ${name}`);
      const making = instant?.state().rebuilding;
      if (making) onProgress(making.done, making.of, `Rebuilding ${instantIndex}`);
    }, progressEveryMs);
    const rebuilt: { readonly view: string; readonly position: number; readonly seconds: number }[] = [];
    try {
      for (const name of wanted) {
        const began = performance.now();
        const { size } = await log.head();
        const position = name === instantIndex ? await instant!.rebuild() : await views.rebuild(name).then(() => size - 1);
        if (isRefusal(position)) return position;
        rebuilt.push({ view: name, position, seconds: Math.round((performance.now() - began) / 100) / 10 });
        await commandAs(operator, recordRebuild, { position, view: name }, { appendClass: 'essential' });
      }
    } finally {
      clearInterval(timer);
    }
    return { output: { rebuilt }, says: rebuilt.map(({ view: name, position, seconds }) => `Rebuilt ${name}, complete to position ${position.toLocaleString('en')}, in ${seconds} s.`) };
  },
});

/** Begins only: whoever searches meanwhile is told how many are still to be read. */
const readAgain = async (house: House): Promise<VerbAnswer> => {
  const { size } = await house.log.head();
  await readFilesAgain(house);
  await house.commandAs(operator, recordRebuild, { position: size - 1, view: fileWords }, { appendClass: 'essential' });
  return { output: { readAgain: true, position: size - 1 }, says: ['The files are being read again for the words inside, one after the other while the appliance runs. Until a file is read, a search says that it waits.'] };
};
