import { readMarkdown, type Block, type Inline } from '#src/contract/markdown.ts';

const inlineText = (part: Inline): string => (part.kind === 'break' ? ' ' : 'inside' in part ? part.inside.map(inlineText).join('') : part.text);
const blockText = (block: Block): string => {
  if (block.kind === 'paragraph') return block.inside.map(inlineText).join('');
  if (block.kind === 'fence') return block.text;
  return (block.kind === 'quote' ? block.inside : block.items.flat()).map(blockText).join(' ');
};

/** The words alone, on one line, for quotes and announcements. */
export const plainText = (text: string, max: number): string => {
  const words = readMarkdown(text.slice(0, max * 4), []).map(blockText).join(' ').replace(/\s+/g, ' ').trim();
  return words.length <= max ? words : `${words.slice(0, max - 1).toWellFormed()}…`;
};
