/** What the process that shares files, and who watches it, have in common. */

export const gaps = ['reserved', 'bytes-staged', 'address-known', 'bytes-in-place', 'stored', 'recorded', 'forgotten'] as const;
export type Gap = (typeof gaps)[number] | 'none';
export type ToldBySharing = { readonly kind: 'ready' } | { readonly kind: 'begun' | 'shared'; readonly fileId: string; readonly hash: string; readonly size: number };

export const sharer = '00000000-0000-4000-8000-0000000a11ce';
export const group = '00000000-0000-4000-8000-000000000007';
