import { Store } from './store.ts';

/** Nothing is set up to find while one types: known after the first answer, for as long as this page lives. */
export const instantIsOff = new Store(false);
