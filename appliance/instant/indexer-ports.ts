import type { Views } from '#projections/views.ts';
import type { EventLog } from '#src/log/event-log.ts';
import type { Backlog } from './backlog.ts';
import type { IndexServer } from './index-server.ts';

/** What the writer of the index works with. */
export type IndexerPorts = {
  readonly server: IndexServer;
  readonly backlog: Backlog;
  readonly views: Pick<Views, 'ask' | 'watermark'>;
  readonly log: Pick<EventLog, 'readAll' | 'isShared'>;
  /** Of the index: the same for all appliances on one log. */
  readonly uid: string;
  readonly checkpointFile: string;
  /** One appliance writes the index at a time; the others watch it. */
  readonly active: () => boolean;
  /** Which one does, where it is known and not this one. */
  readonly writer: () => string | undefined;
};
