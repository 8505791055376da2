import type { SettingScope } from '../settings/events.ts';

/** How a server is told who asks: not at all (STUN), by a password that is always the same, or by one that is made from a secret for each person and time (TURN REST). */
export type IceAuthorisation = 'none' | 'credential' | 'shared-secret';

/** Facts in `settings`. The password or secret is sealed; a server without one has no part. One URL is there once in a scope. */
export type IceServerAdded = {
  type: 'IceServerAdded';
  data: { at: number; authorisation: IceAuthorisation; by: string; scope: SettingScope; url: string; username: string | null };
  content: { credential?: { secret: string } };
};
export type IceServerRemoved = { type: 'IceServerRemoved'; data: { at: number; by: string; scope: SettingScope; url: string } };
export type IceEvent = IceServerAdded | IceServerRemoved;
