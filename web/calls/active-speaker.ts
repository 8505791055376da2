/** Below this level (0 to 1, linear, RTP audio level) nobody speaks. */
export const speechLevel = 0.02;
/** So long somebody must be the loudest before the frame moves to them; so long it stays after they stopped. */
export const steadyMs = 400;

export type Speaking = {
  /** Who is shown as speaking; null when nobody is. */
  readonly speaker: string | null;
  /** Who is the loudest now, since when. */
  readonly candidate: string | null;
  readonly since: number;
};
export const silence: Speaking = { speaker: null, candidate: null, since: 0 };

const loudest = (levels: ReadonlyMap<string, number>): string | null => {
  let best: string | null = null;
  for (const [who, level] of levels) if (level >= speechLevel && level > (best === null ? 0 : (levels.get(best) ?? 0))) best = who;
  return best;
};

/** With hysteresis, so that a cough does not move the picture: whoever has been the loudest for 400 ms is the speaker. `now` in milliseconds of any steady clock. */
export const heard = (before: Speaking, levels: ReadonlyMap<string, number>, now: number): Speaking => {
  const candidate = loudest(levels);
  const since = candidate === before.candidate ? before.since : now;
  if (candidate === before.speaker) return { speaker: before.speaker, candidate, since };
  return { speaker: now - since >= steadyMs ? candidate : before.speaker, candidate, since };
};
