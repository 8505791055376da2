/** As the appliance made it anew: WebP, base64url without padding. `width` and `height` in pixels. `alt`: what the page says of it, or empty. */
export type PreviewPicture = { readonly alt: string; readonly bytes: string; readonly height: number; readonly width: number };
/** What a page said of itself when it was asked: text alone, limited (`limits.link...`). `site` and `description` are empty where it said nothing. `url`: as it stands in the message. */
export type PreviewContent = { readonly description: string; readonly picture: PreviewPicture | null; readonly site: string; readonly title: string; readonly url: string };

/** In `conversation-<id>`, under the message's author, whose text erases it too. `link`: dense number of the previews of this message, from 0. */
export type LinkPreviewed = { type: 'LinkPreviewed'; data: { at: number; author: string; link: number; messageId: string }; content: { preview: PreviewContent } };
/** Gone from people's view. */
export type LinkPreviewWithdrawn = { type: 'LinkPreviewWithdrawn'; data: { at: number; author: string; by: string; link: number; messageId: string } };

export type LinkEvent = LinkPreviewed | LinkPreviewWithdrawn;
