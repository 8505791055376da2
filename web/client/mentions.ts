import type { MentionPlace } from '#src/contract/shapes.ts';
import { limits } from '#src/contract/limits.ts';

const fold = (name: string): string => name.toLocaleLowerCase();
const isWordCharacter = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{N}_]/u.test(char);

/** Who can be named here, by what stands after the @ (folded); `everyone` is always among them. */
export class Nameable {
  readonly #byName = new Map<string, string>([['everyone', 'everyone']]);
  #longest = 'everyone'.length;

  /** `people` are [account, name]; of two with one name the first is meant, unless the other was picked. */
  constructor(people: Iterable<readonly [account: string, name: string]>, picked: Readonly<Record<string, string>> = {}) {
    const members = new Set<string>();
    for (const [account, name] of people) {
      members.add(account);
      if (!this.#byName.has(fold(name))) this.#add(account, name);
    }
    for (const [name, account] of Object.entries(picked)) if (members.has(account)) this.#add(account, name);
  }

  #add(account: string, name: string): void {
    this.#byName.set(fold(name), account);
    this.#longest = Math.max(this.#longest, name.length);
  }

  /** The places where somebody is named: an @ at the start of a word and the longest name that follows it and ends with a word. */
  placesIn(text: string): MentionPlace[] {
    const places: MentionPlace[] = [];
    for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
      if (isWordCharacter(text[at - 1])) continue;
      for (let to = Math.min(text.length, at + 1 + this.#longest); to > at + 1; to--) {
        if (isWordCharacter(text[to]) && isWordCharacter(text[to - 1])) continue;
        const account = this.#byName.get(fold(text.slice(at + 1, to)));
        if (!account) continue;
        places.push({ account, from: at, to });
        at = to - 1;
        break;
      }
    }
    return places.slice(0, limits.mentionsMax);
  }
}
