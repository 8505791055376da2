import { fileKindOf, inlineTypes, type FileLine, type SharedFile } from '#src/contract/files.ts';

/** How a file is looked at in the page. `none`: only with a program of one's own. */
export type PreviewKind = 'image' | 'audio' | 'video' | 'pdf' | 'text' | 'none';

const texts: ReadonlySet<string> = new Set(['application/json', 'application/xml']);

/** From the type that its bytes show. Whatever is text is shown as text, markup among it too. */
export const previewKindOf = (type: string): PreviewKind => {
  if (type === 'application/pdf') return 'pdf';
  if (type.startsWith('text/') || texts.has(type)) return 'text';
  const kind = fileKindOf(type);
  return inlineTypes.has(type) && (kind === 'image' || kind === 'audio' || kind === 'video') ? kind : 'none';
};

/** What has to be known of a file to show it. */
export type PreviewedFile = Pick<SharedFile, 'conversationId' | 'fileId' | 'author' | 'at' | 'size' | 'type' | 'width' | 'height'> & { readonly name: string };

export const previewedLine = (line: FileLine, name: string, conversationId: string): PreviewedFile => ({ conversationId, name, fileId: line.fileId, author: line.author, at: line.at, size: line.size, type: line.type, width: line.width, height: line.height });
export const previewedFile = (file: SharedFile): PreviewedFile | undefined => (file.name === null ? undefined : { ...file, name: file.name });
