import { everyView } from '#projections/runner/every-view.ts';

export const everyViewName = everyView.map(({ name }) => name);
