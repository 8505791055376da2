import { limits } from '#src/contract/limits.ts';

/** What the fragment of a meeting's link says. `guests`: whether whoever is not signed in may come as a guest; undefined where it says nothing. */
export type MeetingFragment = {
  readonly guests: boolean | undefined;
  readonly key: string | undefined;
  /** Undefined: a name is made up. */
  readonly name: string | undefined;
  /** Past the lobby: with sound alone, or with sound and picture. */
  readonly enters: 'audio' | 'video' | undefined;
  readonly muted: boolean;
  readonly withoutCamera: boolean;
};

/** `%` where it stands for itself is left as it is; a plus is a plus. */
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Of characters that are never seen, and of more than a name may have, nothing is kept. */
const nameFrom = (text: string | undefined): string | undefined => {
  const name = [...(text ?? '').replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, ' ').replace(/\s+/g, ' ').trim()].slice(0, limits.guestNameMax).join('').slice(0, limits.guestNameMax).trim();
  return name === '' || !name.isWellFormed() ? undefined : name;
};

/**
 * Reads `guest=0|1&name=John%20Doe&auto=1|2&mute=1|2|3&key=...` in any order and combination. Where something stands twice, the later one
 * counts, so that a link is changed by writing at its end. What has no meaning is passed over. `fragment` without its `#`.
 */
export const meetingFragment = (fragment: string): MeetingFragment => {
  const said = new Map<string, string>();
  for (const pair of fragment.split('&')) {
    const sign = pair.indexOf('=');
    if (sign > 0) said.set(decoded(pair.slice(0, sign)), decoded(pair.slice(sign + 1)));
  }
  const guest = said.get('guest');
  const [auto, mute, key] = [said.get('auto'), said.get('mute'), said.get('key')];
  return {
    guests: guest === '0' ? false : guest === '1' ? true : undefined,
    key: key !== undefined && /^[\w-]{43}$/.test(key) ? key : undefined,
    name: nameFrom(said.get('name')),
    enters: auto === '1' ? 'audio' : auto === '2' ? 'video' : undefined,
    muted: mute === '1' || mute === '3',
    withoutCamera: mute === '2' || mute === '3',
  };
};
