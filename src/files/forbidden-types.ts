/** What the setting `files.forbiddenTypes` names: endings of names (`exe`, `tar.gz`), media types (`application/x-msdownload`) and families of them (`video/`). */
export const forbiddenTypes = (setting: string): readonly string[] => [...new Set(setting.toLowerCase().split(/[\s,;]+/).map((word) => word.replace(/^\*?\.+/, '')).filter((word) => word !== ''))];

/** `type` and `ending`: what the bytes show, once they are here. `ending` is what files of that type are commonly called by. */
export type ShownType = { readonly name: string; readonly type?: string; readonly ending?: string | undefined };

/** The first of the forbidden words that a file meets, by its name or by its bytes; undefined where it meets none. */
export const forbiddenIn = (forbidden: readonly string[], { name, type, ending }: ShownType): string | undefined => {
  // Windows opens `x.exe.` and `x.exe ` as `x.exe`.
  const called = name.toLowerCase().replace(/[. ]+$/, '');
  return forbidden.find((word) => (word.includes('/') ? word === type || (word.endsWith('/') && type?.startsWith(word)) : called.endsWith(`.${word}`) || word === ending));
};
