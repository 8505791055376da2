import type { RelayCounts, RelaySettings } from './relay-settings.ts';

/** Nothing made before `cutS` (seconds, UTC) counts for the account; with a session, for that session of it. */
export type Revocation = { readonly account: string; readonly session: string | null; readonly cutS: number };

/** From the appliance to the relay's process. */
export type RelayOrder =
  | { readonly is: 'start'; readonly settings: RelaySettings; readonly revoked: readonly Revocation[] }
  | ({ readonly is: 'revoke' } & Revocation)
  | { readonly is: 'count' };

/** Back. */
export type RelayWord =
  | { readonly is: 'listening'; readonly port: number }
  | { readonly is: 'failed'; readonly code: string | null; readonly says: string }
  | { readonly is: 'counts'; readonly counts: RelayCounts }
  | { readonly is: 'fault'; readonly says: string };
