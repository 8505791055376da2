import type { LifeLine } from '#src/contract/timeline.ts';

const namedMax = 3;

/** What can be said of several at once. */
const ofMany: Readonly<Partial<Record<LifeLine['what'], readonly [one: string, many: string]>>> = {
  'joined': ['joined', 'joined'],
  'left': ['left', 'left'],
  'left-alone': ['was sent off, because nobody of the house was there', 'were sent off, because nobody of the house was there'],
  'absent': ['was away for too long, and is out of the meeting', 'were away for too long, and are out of the meeting'],
  'left-at-end': ['left with the end of the meeting', 'left with the end of the meeting'],
};

/** Whether a line goes into one row with its like. */
export const isOneOfMany = ({ what }: LifeLine): boolean => ofMany[what] !== undefined;

/** A row of life lines of one kind as a sentence. What the appliance did names nobody as its author. Pure. */
export const lifeWords = (lines: readonly LifeLine[], nameOf: (account: string) => string): string => {
  const line = lines.at(-1)!;
  const named = (account: string | null): string => (account === null ? 'The appliance' : nameOf(account));
  const who = named(line.account);
  switch (line.what) {
    case 'opened': return `${who} opened this conversation${line.title ? `, ${line.title}` : ''}.`;
    case 'removed': return `${named(line.by)} removed ${who}.`;
    case 'titled': return `${named(line.by)} gave it the title ${line.title ?? ''}.`;
    case 'closed': return `${named(line.by)} closed this conversation. The record keeps it.`;
    case 'over': return 'The meeting is over. The record keeps it.';
    default:
      if (line.what === 'joined' && lines.length === 1 && line.by !== line.account) return `${named(line.by)} invited ${who}.`;
      return `${listed(lines.map(({ account }) => named(account)))} ${ofMany[line.what]![lines.length === 1 ? 0 : 1]}.`;
  }
};

const listed = (names: readonly string[]): string => {
  const others = names.length - namedMax;
  return `${names.slice(0, namedMax).join(', ')}${others > 0 ? ` and ${others} other${others > 1 ? 's' : ''}` : ''}`;
};
