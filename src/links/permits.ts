import { permitSystem } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { isRefusal, refuse, type Refusal } from '../kernel/refusal.ts';
import type { Acting, Permit } from '../kernel/use-case.ts';

// Nobody outside this file can name this key, so nobody else can make such a value.
declare const previewing: unique symbol;

/** The appliance itself, while the workspace wants previews. */
export type PreviewingPermit = Permit & { readonly [previewing]: true };

const previewsOff = refuse('link-previews-off', 'Previews of links are off in this workspace. Nothing was recorded.');

export const wantsPreviews = ({ standing }: World): boolean => standing.setting<boolean>('linkPreviews');

export const permitToPreview = (world: World, acting: Acting): PreviewingPermit | Refusal => {
  const permit = permitSystem(acting);
  if (isRefusal(permit)) return permit;
  return wantsPreviews(world) ? ({ basis: permit.basis } as unknown as PreviewingPermit) : previewsOff;
};
