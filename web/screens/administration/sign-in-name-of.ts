import { limits } from '#src/contract/limits.ts';

/** A sign-in name to begin with, made of a display name: "Mara Okonjo" gives "mara.okonjo". Empty where nothing Latin is in it. */
export const signInNameOf = (displayName: string): string =>
  displayName.normalize('NFKD').replace(/\p{M}/gu, '').replace(/ß/g, 'ss').replace(/[øØ]/g, 'o').replace(/[łŁ]/g, 'l').replace(/[æÆ]/g, 'ae').toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '.').replace(/^[._-]+|[._-]+$/g, '').slice(0, limits.signInNameMax);
