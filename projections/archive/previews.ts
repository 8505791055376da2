import type { DatabaseSync } from 'node:sqlite';
import type { ArchivedPreview } from '#src/contract/archive.ts';
import type { Opened } from '#src/every-event.ts';
import type { PreviewContent } from '#src/links/events.ts';
import type { ViewReader } from '../view-queries.ts';

/** `content`: what was recorded but the bytes of its picture, as JSON; null where its key is gone. It is its author's. */
export const previewsSchema = `CREATE TABLE previews (message TEXT NOT NULL, conversation INTEGER NOT NULL, link INTEGER NOT NULL, position INTEGER NOT NULL, revision INTEGER NOT NULL,
  at INTEGER NOT NULL, author TEXT NOT NULL, content TEXT, withdrawn_at INTEGER, PRIMARY KEY (message, conversation, link)) STRICT, WITHOUT ROWID;`;

/** The words of a preview as they are found and shown on one line; null where its key is gone. */
export const wordsOf = (preview: PreviewContent | undefined): string | null => (preview ? [preview.title, preview.site, preview.description, preview.url].filter((part) => part !== '').join(' · ') : null);

/** What links led to, by message. `setState`: of the row of an event. */
export const previewsPart = (db: DatabaseSync, setState: (position: number, state: 'retracted') => void) => {
  const put = db.prepare('INSERT INTO previews VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)');
  const find = db.prepare('SELECT position FROM previews WHERE message = ? AND conversation = ? AND link = ?');
  const all = db.prepare('SELECT position FROM previews WHERE message = ? AND conversation = ? ORDER BY link');
  const withdraw = db.prepare('UPDATE previews SET withdrawn_at = ? WHERE message = ? AND conversation = ? AND link = ?');
  return {
    add: ({ data: { messageId, link, at, author }, content: { preview }, position, revision }: Opened<'LinkPreviewed'>, ref: number): void => {
      const kept = preview && { ...preview, picture: preview.picture && { alt: preview.picture.alt, height: preview.picture.height, width: preview.picture.width } };
      put.run(messageId, ref, link, position, revision, at, author, kept ? JSON.stringify(kept) : null);
    },
    /** With their message. */
    retract: (message: string, ref: number): void => {
      for (const { position } of all.all(message, ref) as { position: number }[]) setState(position, 'retracted');
    },
    withdraw: ({ data: { messageId, link, at } }: Opened<'LinkPreviewWithdrawn'>, ref: number): void => {
      const row = find.get(messageId, ref, link) as { position: number } | undefined;
      if (row) setState(row.position, 'retracted');
      withdraw.run(at, messageId, ref, link);
    },
  };
};

type PreviewRow = { link: number; position: number; revision: number; at: number; content: string; withdrawn_at: number | null };

/** What the links of a message led to, in the order in which it was recorded; withdrawn ones too. */
export const previewsOf = (archive: ViewReader, message: string | null, ref: number): ArchivedPreview[] =>
  message === null ? [] : archive
    .all<PreviewRow>('SELECT link, position, revision, at, content, withdrawn_at FROM previews WHERE message = ? AND conversation = ? AND content IS NOT NULL ORDER BY link', message, ref)
    .map(({ link, position, revision, at, content, withdrawn_at: withdrawnAt }) => ({ ...(JSON.parse(content) as Pick<ArchivedPreview, 'url' | 'title' | 'site' | 'description' | 'picture'>), link, position, revision, at, withdrawnAt }));
