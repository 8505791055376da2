/** Sounds are made here and not fetched: a few sine waves each. Frequencies in hertz, times in seconds. */
type Note = { readonly at: number; readonly lasts: number; readonly hertz: readonly number[] };
type Tone = { readonly notes: readonly Note[]; readonly everySeconds: number | null; readonly loudness: number };

export const tones = {
  /** Somebody calls. */
  ring: { notes: [{ at: 0, lasts: 0.35, hertz: [587, 880] }, { at: 0.45, lasts: 0.55, hertz: [659, 988] }], everySeconds: 3, loudness: 0.16 },
  /** Theirs rings (ETSI: 425 Hz, one second in five). */
  ringBack: { notes: [{ at: 0, lasts: 1, hertz: [425] }], everySeconds: 5, loudness: 0.07 },
  /** Somebody calls while one is in another call. */
  knock: { notes: [{ at: 0, lasts: 0.12, hertz: [523] }, { at: 0.2, lasts: 0.12, hertz: [523] }], everySeconds: 6, loudness: 0.07 },
  joined: { notes: [{ at: 0, lasts: 0.1, hertz: [523] }, { at: 0.1, lasts: 0.16, hertz: [784] }], everySeconds: null, loudness: 0.06 },
  dropped: { notes: [{ at: 0, lasts: 0.14, hertz: [494] }, { at: 0.15, lasts: 0.24, hertz: [330] }], everySeconds: null, loudness: 0.09 },
  test: { notes: [{ at: 0, lasts: 0.3, hertz: [523] }, { at: 0.3, lasts: 0.3, hertz: [659] }, { at: 0.6, lasts: 0.5, hertz: [784] }], everySeconds: null, loudness: 0.16 },
} as const satisfies Readonly<Record<string, Tone>>;

const sound = (context: AudioContext, { notes, loudness }: Tone): void => {
  for (const { at, lasts, hertz } of notes) {
    for (const frequency of hertz) {
      const gain = new GainNode(context, { gain: 0 });
      const wave = new OscillatorNode(context, { frequency });
      const from = context.currentTime + at;
      gain.gain.setValueAtTime(0, from);
      gain.gain.linearRampToValueAtTime(loudness / hertz.length, from + 0.02);
      gain.gain.setTargetAtTime(0, from + lasts, 0.04);
      wave.connect(gain).connect(context.destination);
      wave.start(from);
      wave.stop(from + lasts + 0.4);
    }
  }
};

/** Plays a tone, again and again where it is one that rings, until the returned function is called. `speaker`: where to, '' the system's own. */
export const playTone = (name: keyof typeof tones, speaker = ''): (() => void) => {
  const tone: Tone = tones[name];
  const context = new AudioContext() as AudioContext & { setSinkId?: (id: string) => Promise<void> };
  let again: ReturnType<typeof setInterval> | undefined;
  const end = (): void => {
    clearInterval(again);
    if (context.state !== 'closed') void context.close();
  };
  const begin = async (): Promise<void> => {
    if (speaker) await context.setSinkId?.(speaker).catch(() => undefined);
    if (context.state === 'closed') return;
    sound(context, tone);
    const whole = Math.max(...tone.notes.map(({ at, lasts }) => at + lasts)) + 0.5;
    if (tone.everySeconds === null) setTimeout(end, whole * 1_000);
    else again = setInterval(() => sound(context, tone), tone.everySeconds * 1_000);
  };
  void begin();
  return end;
};
