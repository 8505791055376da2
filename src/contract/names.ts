/** How names are compared: two are the same that differ in case or in compatibility forms only. Not a name to show, and no id that lasts for ever. */
export const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase();
