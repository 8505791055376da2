import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { id } from './shapes.ts';

/** Pictures of which a small one is made; by the type that their bytes show. */
export const previewTypes: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);

/** What a preview fits in, in pixels: twice what a timeline draws, for fine screens. */
export const previewBox = { width: 704, height: 576 } as const;

/** Where the small picture of a file is. */
export const previewUrl = (conversationId: string, fileId: string): string => `/api/conversations/${conversationId}/files/${fileId}/preview`;

export const readPreview = endpoint({
  name: 'readPreview', kind: 'query', method: 'GET', path: '/conversations/:conversationId/files/:fileId/preview', policy: 'member', httpOnly: true, raw: true,
  says: 'A small picture (WebP, at most 704 by 576 pixels) of a file that is one: made when it is first asked for, without what the camera wrote beside it, of an animation from the first frame. Membership is judged at every read.',
  input: z.strictObject({ conversationId: id, fileId: id }), output: z.strictObject({}), refusals: ['not-a-member', 'file-not-found', 'file-withdrawn', 'file-gone', 'no-preview', 'file-damaged', 'files-not-set-up'],
});
export const readOpenedPreview = endpoint({
  name: 'readOpenedPreview', kind: 'query', method: 'GET', path: '/inquiries/:inquiry/files/:look/preview', policy: ['officer'], httpOnly: true, raw: true,
  says: 'A small picture of a file that this officer has opened.',
  input: z.strictObject({ inquiry: id, look: id }), output: z.strictObject({}), refusals: ['not-found', 'file-gone', 'no-preview', 'file-damaged'],
});
