/** How streams are named (ARCHITECTURE section 4). The kind is what stands before the first dash; the rest is the id. */
export const streams = {
  conversation: (id: string) => `conversation-${id}`,
  space: (id: string) => `space-${id}`,
  reading: (account: string) => `reading-${account}`,
  account: (id: string) => `account-${id}`,
  case: (id: string) => `case-${id}`,
  access: 'access',
  settings: 'settings',
  custody: 'custody',
} as const;

export type StreamKind = 'conversation' | 'space' | 'reading' | 'account' | 'name' | 'case' | 'access' | 'settings' | 'custody';

export const kindOf = (stream: string): StreamKind => {
  const dash = stream.indexOf('-');
  return (dash < 0 ? stream : stream.slice(0, dash)) as StreamKind;
};

/** The id behind the kind: `conversation-<id>` gives `<id>`; a stream without an id gives itself. */
export const idOf = (stream: string): string => stream.slice(stream.indexOf('-') + 1);
