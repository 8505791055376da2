import { z } from 'zod';
import { lineBytesMax, type FileLine } from './lines-of-file.ts';

/** Sealing makes a text a third longer, and an event of the log holds 256 KiB. */
const textBytesMax = 128 * 1024;

const wellFormed = (text: string): boolean => text.isWellFormed();
const line = z.strictObject({
  at: z.iso.datetime({ offset: true }),
  room: z.string().min(1).max(120).refine(wellFormed, 'well-formed Unicode'),
  kind: z.enum(['message', 'action', 'joined', 'left']),
  nick: z.string().min(1).max(120).refine(wellFormed, 'well-formed Unicode'),
  text: z.string().refine(wellFormed, 'well-formed Unicode').refine((text) => Buffer.byteLength(text) <= textBytesMax, `at most ${textBytesMax} bytes`),
});

/** `saidAt` in ms UTC. */
export type SourceLine = { readonly line: number; readonly saidAt: number; readonly room: string; readonly kind: z.infer<typeof line>['kind']; readonly nick: string; readonly text: string };
/** Why a line is not imported; it is counted and named at the end. */
export type LineRefused = { readonly line: number; readonly reason: string };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const parseLine = ({ line: number, bytes }: FileLine): SourceLine | LineRefused => {
  const refused = (reason: string): LineRefused => ({ line: number, reason });
  if (bytes === null) return refused(`longer than ${lineBytesMax} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch {
    return refused('not a JSON object in UTF-8');
  }
  const parsed = line.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    return refused(issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message);
  }
  const { at, room, kind, nick, text } = parsed.data;
  const saidAt = Date.parse(at);
  if (saidAt < 0) return refused('at: before 1970');
  // A membership has no text in the record, so one that has would lose it.
  if ((kind === 'joined' || kind === 'left') && text !== '') return refused(`text: a line "${kind}" cannot have one`);
  return { line: number, saidAt, room, kind, nick, text };
};
