import type streams from '@eventstore/db-client/generated/streams_pb.js';

import type { Recorded } from './recorded.ts';

type FilterOptions = InstanceType<typeof streams.ReadReq.Options.FilterOptions>;

/** By name of the stream or by type of the event; by prefixes or by a regular expression. */
export const filterOf = (filter: FilterOptions | undefined): ((event: Recorded) => boolean) => {
  const byType = filter?.getEventType();
  const expression = byType ?? filter?.getStreamIdentifier();
  if (expression === undefined) return () => true;
  const subject = (event: Recorded): string => (byType === undefined ? event.stream : event.type);
  const pattern = expression.getRegex();
  if (pattern !== '') {
    const regex = new RegExp(pattern);
    return (event) => regex.test(subject(event));
  }
  const prefixes = expression.getPrefixList();
  return (event) => prefixes.some((prefix) => subject(event).startsWith(prefix));
};
