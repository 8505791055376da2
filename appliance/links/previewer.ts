import type { Pictures } from '#appliance/pictures/pictures.ts';
import type { PreviewContent, PreviewPicture } from '#src/links/events.ts';
import { fetchBytesMax, type Fetcher } from './fetcher.ts';
import { PageReader } from './page-reader.ts';

export type PreviewerPorts = { readonly fetch: Fetcher; readonly makePicture: Pictures['makePicture'] };
export type Previewer = (url: string) => Promise<PreviewContent | undefined>;

/** A picture is part of an event, and an event is limited. */
export const pictureBytesMax = 48 * 1024;
/** Twice what it is drawn at, for screens that draw finely; the next where the first made too many bytes. */
const boxes = [{ width: 480, height: 480 }, { width: 256, height: 256 }] as const;

const isPage = (type: string): boolean => /^(text\/html|application\/xhtml\+xml)\s*(;|$)/.test(type);
const isPicture = (type: string): boolean => /^image\/(jpeg|png|gif|webp|avif)\s*(;|$)/.test(type);

/** What a page says of itself, with its picture made anew; undefined where it cannot be asked, is no page, or says nothing. */
export const aPreviewer = ({ fetch, makePicture }: PreviewerPorts): Previewer => {
  const pictureAt = async ({ url, alt }: { readonly url: string; readonly alt: string }): Promise<PreviewPicture | null> => {
    const parts: Buffer[] = [];
    const fetched = await fetch(url, { accept: 'image/webp, image/png, image/jpeg, image/gif', isWanted: isPicture, take: (chunk) => parts.push(chunk) > 0 });
    if ('refused' in fetched || !fetched.isWhole) return null;
    for (const box of boxes) {
      const made = await makePicture({ bytes: Buffer.concat(parts), box, maxBytes: fetchBytesMax });
      if ('refused' in made) return null;
      if (made.bytes.length <= pictureBytesMax) return { alt, bytes: Buffer.from(made.bytes).toString('base64url'), height: made.height, width: made.width };
    }
    return null;
  };
  return async (url) => {
    const page = new PageReader();
    let type = '';
    const fetched = await fetch(url, { accept: 'text/html, application/xhtml+xml', isWanted: isPage, take: (chunk, its) => page.take(chunk, (type = its)) });
    if ('refused' in fetched) return undefined;
    const says = page.says(type, fetched.url);
    if (!says) return undefined;
    const { title, description, site } = says;
    return { description, picture: says.picture ? await pictureAt(says.picture) : null, site, title, url };
  };
};
