import { Store } from '../client/store.ts';

export type Theme = 'system' | 'light' | 'dark';
const storedUnder = 'hansard-theme'; // theme.js reads the same before the first paint.
const dark = matchMedia('(prefers-color-scheme: dark)');

const remembered = (): Theme => {
  const value = localStorage.getItem(storedUnder);
  return value === 'light' || value === 'dark' ? value : 'system';
};

/** What the reader chose for this browser. */
export const theme = new Store<Theme>(remembered());

const paint = (): void => {
  const shown = theme.value === 'system' ? (dark.matches ? 'dark' : 'light') : theme.value;
  document.documentElement.dataset['theme'] = shown;
  document.querySelector<HTMLMetaElement>('meta[name="theme-color"]')!.content = getComputedStyle(document.documentElement).getPropertyValue('--panel').trim();
};

export const chooseTheme = (chosen: Theme): void => {
  if (chosen === 'system') localStorage.removeItem(storedUnder);
  else localStorage.setItem(storedUnder, chosen);
  theme.set(chosen);
};

/** Keeps the page in the chosen theme, and in the system's while none is chosen. Runs for the life of the page. */
export const watchTheme = (): void => {
  dark.addEventListener('change', paint);
  theme.watch(paint);
  addEventListener('storage', (event) => event.key === storedUnder && theme.set(remembered()));
  paint();
};
