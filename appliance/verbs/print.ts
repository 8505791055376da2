import type { ReplyFrame } from '#appliance/operator/frames.ts';
import { exitCodes } from './verb.ts';

/** Where words go: the answer to stdout, everything on the way to stderr. `json`: one JSON object and nothing else. */
export type Printing = { readonly json: boolean };

const colours = process.stderr.isTTY && !process.env['NO_COLOR'];
const red = (text: string): string => (colours ? `\u001b[31m${text}\u001b[39m` : text);

/** One line that is written over on a terminal; in a file, nothing. */
export const printProgress = ({ done, of, what }: { readonly done: number; readonly of: number | null; readonly what: string }): void => {
  if (!process.stderr.isTTY) return;
  const share = of === null || of === 0 ? '' : ` of ${of.toLocaleString('en')} (${Math.floor((done / of) * 100)} %)`;
  process.stderr.write(`\r\u001b[K${what}: ${done.toLocaleString('en')}${share}`);
};

/** Prints an answer and returns the exit code. */
export const printReply = (frame: ReplyFrame, { json }: Printing): number => {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  switch (frame.is) {
    case 'answer':
      console.log(json ? JSON.stringify(frame.output) : frame.says.join('\n'));
      return frame.exit;
    case 'refusal':
      if (json) console.log(JSON.stringify({ refused: true, code: frame.code, sentence: frame.sentence }));
      else console.error(red(frame.sentence));
      return exitCodes.failed;
    case 'fault':
      return printFault(frame.sentence, { json });
    case 'progress':
      return exitCodes.fine;
  }
};

export const printFault = (sentence: string, { json }: Printing, exit: number = exitCodes.failed): number => {
  if (json) console.log(JSON.stringify({ failed: true, sentence }));
  else console.error(red(sentence));
  return exit;
};
