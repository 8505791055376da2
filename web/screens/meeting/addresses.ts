import { z } from 'zod';

/** An address as it was typed. `why`: what is wrong with it; undefined where it can be written to. */
export type Attendee = { readonly address: string; readonly why: string | undefined };

const address = z.email().max(254);

const whyNot = (text: string): string | undefined => {
  if (address.safeParse(text).success) return undefined;
  if (!text.includes('@')) return 'An address has an @ in it.';
  if (text.split('@').length > 2) return 'Two addresses have a comma between them.';
  return 'This is no address that mail can be sent to.';
};

/** Addresses between commas, semicolons, spaces or lines, each once; `Gita <gita@example.org>` is read as what stands in the brackets. */
export const attendeesIn = (text: string): readonly Attendee[] => {
  const inBrackets = text.replace(/[^,;\n<]*<([^<>\n]*)>/g, ' $1 ');
  const typed = inBrackets.split(/[\s,;]+/).filter((one) => one !== '');
  return [...new Map(typed.map((one) => [one.toLowerCase(), { address: one, why: whyNot(one) }])).values()];
};

/** For the person's own mail program (RFC 6068). */
export const mailtoOf = (addresses: readonly string[], title: string, link: string): string =>
  `mailto:${addresses.map(encodeURIComponent).join(',')}?subject=${encodeURIComponent(title)}&body=${encodeURIComponent(`You are invited to a meeting: ${title}\r\n\r\n${link}\r\n`)}`;
