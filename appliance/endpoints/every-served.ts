import type { House } from '#appliance/house/house.ts';
import type { Downloads } from '#appliance/web/download-routes.ts';
import { everyEndpoint } from '#src/contract/every-endpoint.ts';
import type { Served } from '#src/doors/door.ts';
import { refuse } from '#src/kernel/refusal.ts';
import { administrationEndpoints } from './administration.ts';
import { conversationEndpoints } from './conversations.ts';
import { messageEndpoints } from './messages.ts';
import { peopleEndpoints } from './people.ts';
import { readingEndpoints } from './reading.ts';
import { searchEndpoints } from './search.ts';
import { sessionEndpoints } from './session.ts';
import { spaceEndpoints } from './spaces.ts';

/** The one list of what is served. */
export const everyServed = (house: House, downloads: Downloads): readonly Served[] => {
  const served = [...sessionEndpoints(house), ...peopleEndpoints(house), ...conversationEndpoints(house), ...spaceEndpoints(house), ...messageEndpoints(house), ...readingEndpoints(house), ...administrationEndpoints(house), ...searchEndpoints(house, downloads)];
  const done = new Set(served.map(({ endpoint }) => endpoint.name));
  return [...served, ...everyEndpoint.filter(({ name }) => !done.has(name)).map((endpoint): Served => ({ endpoint, handler: () => refuse('unavailable', 'Not here yet.') }))];
};
