import type { RelayCounts, RelaySettings } from './relay-settings.ts';

/** Nothing made before `cutS` (seconds, UTC) counts for the account; with a session, for that session of it. */
export type Revocation = { readonly account: string; readonly session: string | null; readonly cutS: number };

/** What the system said of a port. */
export type PortRefused = { readonly code: string | null; readonly says: string };

/** From the appliance to the relay's process. */
export type RelayOrder =
  | { readonly is: 'start'; readonly settings: RelaySettings; readonly revoked: readonly Revocation[] }
  | ({ readonly is: 'revoke' } & Revocation)
  | { readonly is: 'count' };

/** Back. */
export type RelayWord =
  /** For datagrams. `refused`: why it takes no connections there; null where it does. Said again when that changes. */
  | { readonly is: 'listening'; readonly port: number; readonly refused: PortRefused | null }
  | ({ readonly is: 'failed' } & PortRefused)
  | { readonly is: 'counts'; readonly counts: RelayCounts }
  | { readonly is: 'fault'; readonly says: string };
