import type { House } from '#appliance/house/house.ts';
import type { SharedFiles } from '#appliance/files/shared-files.ts';
import type { Downloads } from '#appliance/web/download-routes.ts';
import type { Served } from '#src/doors/door.ts';
import { administrationEndpoints } from './administration.ts';
import { archiveEndpoints } from './archive.ts';
import { auditEndpoints } from './audit.ts';
import { callEndpoints } from './calls.ts';
import { conversationEndpoints } from './conversations.ts';
import { fileExportEndpoints } from './file-export.ts';
import { fileEndpoints } from './files.ts';
import { instantEndpoints } from './instant.ts';
import { linkEndpoints } from './links.ts';
import { meetingEndpoints } from './meetings.ts';
import { messageEndpoints } from './messages.ts';
import { peopleEndpoints } from './people.ts';
import { readingEndpoints } from './reading.ts';
import { searchEndpoints } from './search.ts';
import { sessionEndpoints } from './session.ts';
import { spaceEndpoints } from './spaces.ts';

/** The one list of what is served; `openDoor` refuses to start where the contract has more. */
export const everyServed = (house: House, downloads: Downloads, files: SharedFiles): readonly Served[] => [
  ...sessionEndpoints(house), ...peopleEndpoints(house), ...conversationEndpoints(house), ...callEndpoints(house), ...meetingEndpoints(house), ...spaceEndpoints(house), ...messageEndpoints(house), ...linkEndpoints(house), ...fileEndpoints(house, files), ...fileExportEndpoints(house, downloads), ...readingEndpoints(house),
  ...searchEndpoints(house, downloads), ...instantEndpoints(house), ...archiveEndpoints(house, downloads), ...auditEndpoints(house, downloads), ...administrationEndpoints(house),
];
