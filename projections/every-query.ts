import { archiveQueries } from './archive/queries.ts';
import { auditQueries } from './audit/queries.ts';
import { callsQueries } from './calls/queries.ts';
import { conversationsQueries } from './conversations/queries.ts';
import { deskQueries } from './desk/queries.ts';
import { directoryQueries } from './directory/queries.ts';
import { filesQueries } from './files/queries.ts';
import { instantQueries } from './instant/queries.ts';
import { searchQueries } from './search/queries.ts';
import { timelineQueries } from './timeline/queries.ts';
import type { ViewQuery } from './view-queries.ts';

/** Every question that can be asked of the views, by name. */
export const everyQuery = { ...deskQueries, ...directoryQueries, ...conversationsQueries, ...timelineQueries, ...searchQueries, ...filesQueries, ...callsQueries, ...instantQueries, ...archiveQueries, ...auditQueries };

type All = typeof everyQuery;
/** Name to parameters and value; both must survive JSON. */
export type Queries = { readonly [N in keyof All]: All[N] extends ViewQuery<infer P, infer V> ? { readonly params: P; readonly value: V } : never };
export type QueryName = keyof Queries;
