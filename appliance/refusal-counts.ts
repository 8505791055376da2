import type { Door } from '#src/doors/door.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import type { House } from './house/house.ts';

/** How often the doors of a house refused since its start, by code. Codes are those of the contract, so there are few. */
export class RefusalCounts {
  readonly #counts = new Map<string, number>();

  get byCode(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** The same door, counted. */
  over(door: Door): Door {
    return {
      ...door,
      call: async (name, input, call) => {
        const output = await door.call(name, input, call);
        if (isRefusal(output)) this.#counts.set(output.code, (this.#counts.get(output.code) ?? 0) + 1);
        return output;
      },
    };
  }
}

const countsOfHouses = new WeakMap<House, RefusalCounts>();

export const refusalCountsOf = (house: House): RefusalCounts => {
  let counts = countsOfHouses.get(house);
  if (!counts) countsOfHouses.set(house, (counts = new RefusalCounts()));
  return counts;
};
