import type { DatabaseSync } from 'node:sqlite';
import type { Opened } from '#src/every-event.ts';

/** Officers' inquiries: who opened which, why, whether it is open, and how often somebody looked. */
export const inquiriesPart = (db: DatabaseSync) => {
  const put = db.prepare('INSERT INTO inquiries VALUES (?, ?, ?, ?, ?, 1, 0, ?)');
  const looked = db.prepare('UPDATE inquiries SET looks = looks + 1 WHERE inquiry = ?');
  const closed = db.prepare('UPDATE inquiries SET open = 0 WHERE inquiry = ?');
  return (event: Opened): void => {
    if (event.type === 'InquiryOpened') put.run(event.data.inquiry, event.stream, event.data.by, event.data.at, event.content.case?.reason ?? null, event.position);
    else if (event.type === 'Looked') looked.run(event.data.inquiry);
    else if (event.type === 'InquiryClosed') closed.run(event.data.inquiry);
  };
};
