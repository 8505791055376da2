/** One measured line: what, how much, in what, beside the aim and the floor or peer of the same run. */
export type Figure = { readonly what: string; readonly value: number; readonly unit: string; readonly aim?: string; readonly met?: boolean; readonly floor?: string };

export const figure = (what: string, value: number, unit: string, aim?: { readonly least?: number; readonly most?: number }, floor?: string): Figure => ({
  what, value: value >= 100 ? Math.round(value) : Math.round(value * 100) / 100, unit,
  ...(aim && { aim: aim.least !== undefined ? `>= ${aim.least}` : `<= ${aim.most}`, met: aim.least !== undefined ? value >= aim.least : value <= aim.most! }),
  ...(floor !== undefined && { floor }),
});

export const printFigures = (title: string, figures: readonly Figure[]): void => {
  console.log(`\n${title}`);
  for (const { what, value, unit, aim, met, floor } of figures) {
    console.log(`  ${what.padEnd(64)} ${value.toLocaleString('en').padStart(12)} ${unit.padEnd(14)} ${aim === undefined ? '' : `${met ? 'met   ' : 'missed'} ${aim}`}${floor === undefined ? '' : `   (${floor})`}`);
  }
};
