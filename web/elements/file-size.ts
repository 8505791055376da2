import { count } from './times.ts';

const oneDigit = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/** Powers of 1000, as disks are sold: "184 GB". */
export const bytesOf = (bytes: number): string => {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const power = bytes < 1_000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** power;
  return `${value >= 100 ? count(Math.round(value)) : oneDigit.format(value)} ${units[power]}`;
};
