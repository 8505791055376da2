import type { Opened } from '../every-event.ts';
import type { QuotaEvent } from './events.ts';

/** What a sender's files take, in bytes. `reserved`: uploads that were neither shared nor given up, by file. */
export type QuotaState = { used: number; reserved: Map<string, number> };

export const noQuota = (): QuotaState => ({ used: 0, reserved: new Map() });

/** Everything that is taken: a reservation counts as much as a file that is there. */
export const quotaTaken = ({ used, reserved }: QuotaState): number => [...reserved.values()].reduce((sum, bytes) => sum + bytes, used);

/** Changes the state in place. A file is settled once: again, after a retry, its reservation is gone and nothing is added. */
export const evolveQuota = (quota: QuotaState, event: Opened<QuotaEvent['type']>): void => {
  const { fileId } = event.data;
  if (event.type === 'QuotaReserved') quota.reserved.set(fileId, event.data.bytes);
  else {
    quota.reserved.delete(fileId);
    if (event.type === 'QuotaSettled') quota.used += event.data.bytes;
  }
};
