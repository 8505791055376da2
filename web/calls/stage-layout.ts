export type Tile = { readonly key: string; readonly device: string; readonly account: string; readonly shows: 'person' | 'screen'; readonly own: boolean };
export type OnStage = { readonly device: string; readonly account: string; readonly screen: boolean };
export type StageWish = {
  readonly people: readonly OnStage[];
  readonly own: OnStage;
  readonly spotlight: boolean;
  /** Key of a tile. */
  readonly pinned: string | null;
  readonly speaker: string | null;
};
export type StageLayout = {
  /** What is large; null: everybody is of one size. */
  readonly main: Tile | null;
  readonly others: readonly Tile[];
  /** One's own picture, over the other one's, when two talk. */
  readonly corner: Tile | null;
};

const person = ({ device, account }: OnStage, own: boolean): Tile => ({ key: device, device, account, shows: 'person', own });
const screenOf = ({ device, account }: OnStage): Tile => ({ key: `${device}/screen`, device, account, shows: 'screen', own: false });

/**
 * Who stands where. In the order in which they came, oneself last. A shared screen is large, a pinned tile before it; with `spotlight` whoever speaks. One's own
 * screen is not shown to oneself: it would show itself.
 */
export const layoutOf = ({ people, own, spotlight, pinned, speaker }: StageWish): StageLayout => {
  const persons = people.map((one) => person(one, false));
  const screens = people.filter(({ screen }) => screen).map(screenOf);
  const me = person(own, true);
  const all = [...screens, ...persons, me];
  const main = all.find(({ key }) => key === pinned) ?? screens[0] ?? (spotlight && people.length > 0 ? (persons.find(({ device }) => device === speaker) ?? persons[0]!) : null);
  if (main) return { main, others: all.filter(({ key }) => key !== main.key), corner: null };
  return people.length === 1 ? { main: null, others: persons, corner: me } : { main: null, others: [...persons, me], corner: null };
};

/** How many columns make tiles the largest, for pictures of 16 to 10, in a room of this size. */
export const columnsFor = (tiles: number, width: number, height: number): number => {
  let best = { columns: 1, size: 0 };
  for (let columns = 1; columns <= tiles; columns++) {
    const rows = Math.ceil(tiles / columns);
    const size = Math.min(width / columns, (height / rows) * 1.6);
    if (size > best.size * 1.001) best = { columns, size };
  }
  return best.columns;
};
