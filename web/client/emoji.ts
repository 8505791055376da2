/** One emoji: the character, its English name, and words it is found by; the shortcodes are first among them. */
export type Emoji = { readonly emoji: string; readonly name: string; readonly words: readonly string[]; readonly group: number };

type Compact = { readonly label: string; readonly unicode: string; readonly hexcode: string; readonly group?: number; readonly order?: number; readonly tags?: readonly string[] };

/** Groups of Unicode, without the components (2). */
export const emojiGroups: readonly (readonly [group: number, name: string])[] = [[0, 'Smileys'], [1, 'People'], [3, 'Nature'], [4, 'Food'], [5, 'Places'], [6, 'Activities'], [7, 'Objects'], [8, 'Symbols'], [9, 'Flags']];

let loading: Promise<readonly Emoji[]> | undefined;

/** All emoji in their usual order; loaded from our own origin the first time somebody looks for one. None without a connection: asked again the next time. */
export const loadEmoji = (): Promise<readonly Emoji[]> =>
  (loading ??= readEmoji().catch(() => {
    loading = undefined;
    return [];
  }));

const readEmoji = async (): Promise<readonly Emoji[]> => {
  const [{ default: all }, { default: codes }] = await Promise.all([import('emojibase-data/en/compact.json'), import('emojibase-data/en/shortcodes/github.json')]);
  const shortcodes = codes as Readonly<Record<string, string | readonly string[]>>;
  return (all as readonly Compact[])
    .filter((one) => one.group !== undefined && one.group !== 2)
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map(({ unicode, label, hexcode, tags = [], group = 0 }) => ({ emoji: unicode, name: label, group, words: [...[shortcodes[hexcode] ?? []].flat(), ...label.toLowerCase().split(' '), ...tags] }));
};

/** The best by name: shortcode first, then whole words, then beginnings. */
export const findEmoji = (all: readonly Emoji[], typed: string, most: number): Emoji[] => {
  const wanted = typed.toLowerCase();
  const found: [number, Emoji][] = [];
  for (const emoji of all) {
    const place = emoji.words.findIndex((word) => word.startsWith(wanted));
    if (place >= 0) found.push([(emoji.words[place] === wanted ? 0 : 10) + Math.min(place, 9), emoji]);
  }
  return found.sort((a, b) => a[0] - b[0]).slice(0, most).map(([, emoji]) => emoji);
};
