import { z } from 'zod';
import { recordRebuild } from '#src/custody/record-rebuild.ts';
import { isRefusal, refuse } from '#src/kernel/refusal.ts';
import { operator, verb } from './verb.ts';

const progressEveryMs = 250;
/** No view, and not of this machine: made anew only when it is named. */
const instantIndex = 'instant' as const;

export const rebuild = verb({
  name: 'rebuild',
  input: z.strictObject({ view: z.string().max(60).optional() }),
  async run({ views, log, commandAs, instant }, { view }, { onProgress }) {
    const known = [...views.states().map((state) => state.view), ...(instant ? [instantIndex] : [])];
    const wanted = known.filter((name) => (view === undefined ? name !== instantIndex : name === view));
    if (wanted.length === 0) return refuse('not-found', `There is no view "${view}". There are: ${known.join(', ')}.`);
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
