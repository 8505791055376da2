/** One line of docs/features.md: `| code | state | says | tests |`, a test being `` `file` "title" ``. */
export type FeatureRow = { readonly code: string; readonly state: string; readonly says: string; readonly tests: readonly { readonly file: string; readonly title: string }[] };

export const featureRows = (page: string): readonly FeatureRow[] =>
  page
    .split('\n')
    .map((line) => /^\| ([A-Z]\d+) \| ([a-z ]+?) \| (.*?) ?\| ?(.*?) ?\|$/.exec(line))
    .filter((found) => found !== null)
    .map(([, code = '', state = '', says = '', tests = '']) => ({ code, state, says, tests: [...tests.matchAll(/`([^`]+)` "([^"]+)"/g)].map(([, file = '', title = '']) => ({ file, title })) }));
