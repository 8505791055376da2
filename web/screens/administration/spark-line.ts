import { html, svg, type TemplateResult } from 'lit';

const width = 220;
const height = 32;
const inset = 3;

/** The points of a line through the values, left to right, the greatest on top. One value, or the same all along, is a level line at the foot. */
export const pointsOf = (values: readonly number[]): string => {
  const most = Math.max(...values, 0);
  const least = Math.min(...values, most);
  const span = most - least;
  const y = (value: number): number => (span === 0 ? height - inset * 2 : height - inset - ((value - least) / span) * (height - inset * 2));
  const all = values.length === 1 ? [values[0] ?? 0, values[0] ?? 0] : values;
  return all.map((value, n) => `${((n / Math.max(1, all.length - 1)) * width).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
};

/** A line without axes: it shows whether something is unusual, the words beside it say what. Silent for screen readers. */
export const sparkLine = (values: readonly number[]): TemplateResult => html`<svg class="spark" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true">
  ${values.length === 0 ? '' : svg`<polyline points=${pointsOf(values)} fill="none" stroke="currentColor" stroke-width="1.75" stroke-linejoin="round" vector-effect="non-scaling-stroke"/>`}</svg>`;

/** How full something is, with the part that is kept in reserve at its end. Fractions of the whole. */
export const fillBar = (used: number, reserve: number): TemplateResult => html`<svg class="spark" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true">
  ${svg`<rect x="0" y="18" width=${width} height="8" rx="2" fill="var(--sunken)"/><rect x="0" y="18" width=${Math.max(2, used * width).toFixed(1)} height="8" rx="2" fill="currentColor"/>
  <rect x=${((1 - reserve) * width).toFixed(1)} y="14" width="1.5" height="16" fill="var(--control)"/>`}</svg>`;
