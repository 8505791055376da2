import * as accounts from './accounts.ts';
import * as administration from './administration.ts';
import * as archive from './archive.ts';
import * as calls from './calls.ts';
import * as classes from './classes.ts';
import * as conversations from './conversations.ts';
import type { Endpoint } from './endpoint.ts';
import * as files from './files.ts';
import * as instant from './instant.ts';
import * as links from './links.ts';
import * as meetings from './meetings.ts';
import * as previews from './previews.ts';
import * as reading from './reading.ts';
import * as timeline from './timeline.ts';

const isEndpoint = (value: unknown): value is Endpoint => typeof value === 'object' && value !== null && 'policy' in value && 'input' in value;

/** All that can be asked of Hansard. The reference page, the doors and the endpoint x role test are made from this list. */
export const everyEndpoint: readonly Endpoint[] = [accounts, classes, conversations, calls, meetings, timeline, links, files, previews, reading, archive, instant, administration].flatMap((part) => Object.values(part).filter(isEndpoint));
