import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { custodyFold, type CustodyState } from './custody.ts';
import type { SigningKeyAnnounced } from './events.ts';

export type AnnounceSigningKey = { readonly publicKey: string };

export const announceSigningKey: UseCase<AnnounceSigningKey, CustodyState, SystemPermit, World> = {
  name: 'announceSigningKey',
  stream: () => streams.custody,
  fold: custodyFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { publicKey }, state, { at }) => {
    if (state.signingKeys.has(publicKey)) return nothingToRecord;
    const fact: SigningKeyAnnounced = { type: 'SigningKeyAnnounced', data: { at, publicKey } };
    return [fact];
  },
  isSameIntent: ({ publicKey }, recorded) => recordsIntent(recorded, 'SigningKeyAnnounced', { publicKey }),
};
