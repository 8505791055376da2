import { permitOverseer, type ActivePermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { caseFold, unfiledCase, type CaseState } from './case.ts';
import type { AuditLooked } from './events.ts';

/** `filter`: what was asked for, canonical JSON. */
export type RecordAuditLook = { readonly export: boolean; readonly filter: string };

/** Who oversees is overseen: reading the audit log is in it. */
export const recordAuditLook: UseCase<RecordAuditLook, CaseState, ActivePermit, World> = {
  name: 'recordAuditLook',
  stream: () => streams.case(unfiledCase),
  fold: caseFold,
  permit: (world, acting) => permitOverseer(world, acting),
  decide: ({ account: by }, { export: exported, filter }, _state, { at }) => {
    const looked: AuditLooked = { type: 'AuditLooked', data: { at, by, export: exported, filter } };
    return [looked];
  },
  isSameIntent: ({ export: exported, filter }, recorded) => recordsIntent(recorded, 'AuditLooked', { export: exported, filter }),
};
