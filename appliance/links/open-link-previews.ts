import { wantsPreviews } from '#src/links/permits.ts';
import { openPictures } from '../pictures/pictures.ts';
import type { Config } from '../config.ts';
import { placesIn } from '../config.ts';
import type { House } from '../house/house.ts';
import { version } from '../version.ts';
import { aFetcher } from './fetcher.ts';
import { LinkPreviews } from './link-previews.ts';
import { aPreviewer } from './previewer.ts';

type Ports = Pick<House, 'commandAs' | 'views' | 'world' | 'foreign' | 'clock' | 'onFault'>;

/** Previews of links as the appliance makes them, with a process of its own for their pictures. */
export const openLinkPreviews = ({ dataFolder, linkReach }: Config, { commandAs, views, world, foreign, clock, onFault }: Ports): { readonly previews: LinkPreviews; readonly close: () => Promise<void> } => {
  const pictures = openPictures();
  const stopping = new AbortController();
  const fetch = aFetcher({ reach: linkReach, agent: `Hansard/${version} (previews of links)`, stopped: stopping.signal });
  const previews = new LinkPreviews({
    commandAs, views, clock, onFault, preview: aPreviewer({ fetch, makePicture: pictures.makePicture }), isOn: () => wantsPreviews(world), isForeign: (position) => foreign.has(position),
    checkpointFile: placesIn(dataFolder).linkPreviews,
  });
  return {
    previews,
    async close() {
      stopping.abort();
      pictures.close();
      await previews.close();
    },
  };
};
