import type { ReadInside, WordsState } from '#src/contract/files.ts';
import { count } from '../../elements/times.ts';

/** Why the words of a file cannot be found, or not all of them; null where they can. */
export const whyUnread: Readonly<Record<WordsState, string | null>> = {
  'read': null, 'partly': 'Only a part could be read', 'waiting': 'Not read yet', 'encrypted': 'Locked with a password', 'damaged': 'Damaged, or not what it claims to be', 'too-large': 'Too large to be read',
  'too-complex': 'Asks for more work than one file may', 'timed-out': 'Took too long to read', 'no-text': 'Holds no text: pictures of pages, or nothing', 'unsupported': 'A type that is not read inside', 'missing': 'Its stored bytes are missing or damaged', 'gone': 'Its key was destroyed',
};

/** How complete a search inside is. `searched`: files whose words were looked through, at least in part; `waiting`: not read yet; `unread`: those that will not be, as they are. */
export const completenessOf = ({ of, states }: ReadInside): { readonly of: number; readonly searched: number; readonly waiting: number; readonly unread: number; readonly partly: number } => {
  const countIn = (...wanted: readonly WordsState[]): number => states.filter(({ state }) => wanted.includes(state)).reduce((sum, one) => sum + one.count, 0);
  const [searched, waiting, partly] = [countIn('read', 'partly'), countIn('waiting'), countIn('partly')];
  return { of, searched, waiting, partly, unread: of - searched - waiting };
};

const files = (n: number): string => (n === 1 ? 'file' : 'files');

/** The same in sentences. Nothing that was not searched is passed over. */
export const completenessWords = (inside: ReadInside): string => {
  const { of, searched, waiting, unread, partly } = completenessOf(inside);
  if (of === 0) return 'There is no file to search inside.';
  const sentences = [
    searched === of ? `Searched inside ${of === 1 ? 'the one file' : `all ${count(of)} files`}.` : `Searched inside ${count(searched)} of ${count(of)} ${files(of)}.`,
    partly > 0 && `${count(partly)} of them could be read only in part.`,
    waiting > 0 && `${count(waiting)} ${waiting === 1 ? 'waits' : 'wait'} to be read; search again in a while.`,
    unread > 0 && `${count(unread)} could not be read.`,
  ];
  return sentences.filter((one) => one !== false).join(' ');
};
