import { z } from 'zod';
import { recordRebuild } from '#src/custody/record-rebuild.ts';
import { refuse } from '#src/kernel/refusal.ts';
import { operator, verb } from './verb.ts';

const progressEveryMs = 250;

export const rebuild = verb({
  name: 'rebuild',
  input: z.strictObject({ view: z.string().max(60).optional() }),
  async run({ views, log, commandAs }, { view }, { onProgress }) {
    const known = views.states().map((state) => state.view);
    const wanted = known.filter((name) => view === undefined || name === view);
    if (wanted.length === 0) return refuse('not-found', `There is no view "${view}". There are: ${known.join(', ')}.`);
    const timer = setInterval(() => {
      for (const { view: name, rebuilding } of views.states()) if (rebuilding) onProgress(rebuilding.done, rebuilding.of, `Rebuilding ${name}`);
    }, progressEveryMs);
    const rebuilt: { readonly view: string; readonly position: number; readonly seconds: number }[] = [];
    try {
      for (const name of wanted) {
        const began = performance.now();
        const { size } = await log.head();
        await views.rebuild(name);
        rebuilt.push({ view: name, position: size - 1, seconds: Math.round((performance.now() - began) / 100) / 10 });
        await commandAs(operator, recordRebuild, { position: size - 1, view: name }, { appendClass: 'essential' });
      }
    } finally {
      clearInterval(timer);
    }
    return { output: { rebuilt }, says: rebuilt.map(({ view: name, position, seconds }) => `Rebuilt ${name}, complete to position ${position.toLocaleString('en')}, in ${seconds} s.`) };
  },
});
