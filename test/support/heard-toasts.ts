import { HansardToasts } from '#web/elements/hansard-toasts.ts';

/** Stands in for the region on the page that shows small sentences: it takes them and draws nothing. It does not prove that anybody sees them. */
const aRegion = (): HansardToasts => {
  const region = new HansardToasts();
  Object.assign(region, { createRenderRoot: () => region, scheduleUpdate: () => undefined, matches: () => false, showPopover: () => undefined });
  region.connectedCallback();
  return region;
};

/** Hears what is said to the person from now on. Gives back what says the sentences since it was asked last, the latest three of them. */
export const hearsToasts = (): (() => readonly string[]) => {
  const region = aRegion();
  return () => {
    const { toasts } = region;
    region.toasts = [];
    return toasts.map(({ says }) => says);
  };
};
