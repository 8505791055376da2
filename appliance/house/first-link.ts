import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { timingSafeEqual } from 'node:crypto';
import { placesIn } from '../config.ts';
import type { House } from './house.ts';
import { newToken, tokenHash } from './sessions.ts';

/** Whether the first administrator is still to come: nobody ever had the role. */
export const isFirstAccountWanted = ({ standing }: Pick<House, 'standing'>): boolean => standing.holdersOf('administrator').length === 0;

/** The one-time token that makes the first administrator: kept 0600 until it is used, so that every start prints the same. */
export const firstToken = (house: Pick<House, 'standing' | 'config'>): string | undefined => {
  if (!isFirstAccountWanted(house)) return undefined;
  const { firstLink } = placesIn(house.config.dataFolder);
  if (existsSync(firstLink)) return (JSON.parse(readFileSync(firstLink, 'utf8')) as { readonly token: string }).token;
  const token = newToken();
  writeFileSync(firstLink, JSON.stringify({ token }), { mode: 0o600 });
  return token;
};

export const isFirstToken = (house: Pick<House, 'standing' | 'config'>, token: string): boolean => {
  const wanted = firstToken(house);
  return wanted !== undefined && timingSafeEqual(Buffer.from(tokenHash(wanted)), Buffer.from(tokenHash(token)));
};
