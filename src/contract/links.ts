import { z } from 'zod';
import { endpoint, recorded } from './endpoint.ts';
import { id, revision } from './shapes.ts';

/** `width` and `height` in pixels: its box stands before it comes. `alt`: what the page says of it, empty where it says nothing. */
export const linkPicture = z.strictObject({ width: z.int().min(1), height: z.int().min(1), alt: z.string() });

/**
 * What a page said of itself when the appliance asked it, once: never what it says now. All of it is text that a stranger wrote. `url` is
 * the address as it stands in the message. `link` numbers the previews of one message, from 0. `revision`: where it is on record. `site` is empty where the page does not name itself.
 */
export const linkPreview = z.strictObject({ link: z.int().min(0), revision, url: z.string(), title: z.string(), site: z.string(), description: z.string(), picture: linkPicture.nullable() });
export type LinkPreview = z.infer<typeof linkPreview>;

/** Where the picture of a preview is. */
export const linkPictureUrl = (conversationId: string, messageId: string, link: number): string => `/api/conversations/${conversationId}/messages/${messageId}/links/${link}/picture`;

const named = { conversationId: id, messageId: id, link: z.coerce.number().int().min(0) };

export const withdrawLinkPreview = endpoint({
  name: 'withdrawLinkPreview', kind: 'command', method: 'DELETE', path: '/conversations/:conversationId/messages/:messageId/links/:link', policy: 'member',
  says: 'Takes the preview of a link from under a message of one\'s own. The link stays, the record keeps the preview, and no other is made of that address there.',
  input: z.strictObject(named), output: recorded, refusals: ['not-a-member', 'conversation-closed', 'link-preview-not-found'],
});
export const readLinkPicture = endpoint({
  name: 'readLinkPicture', kind: 'query', method: 'GET', path: '/conversations/:conversationId/messages/:messageId/links/:link/picture', policy: 'member', httpOnly: true, raw: true,
  says: 'The picture of a link\'s preview, made small and made anew by the appliance (WebP). Membership is judged at every read.',
  input: z.strictObject(named), output: z.strictObject({}), refusals: ['not-a-member', 'link-preview-not-found'],
});
