import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { accountFold, type AccountState } from './account.ts';
import type { PasswordResetAcknowledged } from './events.ts';
import { permitActive, type ActivePermit } from './permits.ts';
import type { World } from './standing.ts';

export type AcknowledgePasswordReset = Readonly<Record<string, never>>;

export const acknowledgePasswordReset: UseCase<AcknowledgePasswordReset, AccountState, ActivePermit, World> = {
  name: 'acknowledgePasswordReset',
  stream: (_input, { actor }) => streams.account(actor.id),
  fold: accountFold,
  permit: (world, acting) => permitActive(world, acting),
  decide: ({ account }, _input, state, { at }) => {
    if (!state.resetNotice) return nothingToRecord;
    const acknowledged: PasswordResetAcknowledged = { type: 'PasswordResetAcknowledged', data: { account, at } };
    return [acknowledged];
  },
  isSameIntent: (_input, recorded) => recordsIntent(recorded, 'PasswordResetAcknowledged', {}),
};
