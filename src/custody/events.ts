/** Facts in `custody`: what decides about the record itself, in one order. Revision 0 is LogFounded. */
export type LogFounded = { type: 'LogFounded'; data: { at: number; check: string; logId: string; writer: string } };
/** A writer is announced before its first event. */
export type WriterAnnounced = { type: 'WriterAnnounced'; data: { at: number; writer: string } };
export type SigningKeyAnnounced = { type: 'SigningKeyAnnounced'; data: { at: number; publicKey: string } };
/** Where the files of this log are kept carries this mark; an appliance that finds another does not start. */
export type FilesStoreAnnounced = { type: 'FilesStoreAnnounced'; data: { at: number; store: string } };
/** An event in our streams that no writer of ours made. `leafHash` is what is stored with it. */
export type ForeignEventFound = { type: 'ForeignEventFound'; data: { at: number; event: string; position: number; reason: string; revision: number; stream: string } };
/** Something was done to the log in its database that can take away what is recorded, or open it to others. `alarm` names it, `doneTo` is the stream. */
export type LogAlarmRaised = { type: 'LogAlarmRaised'; data: { alarm: string; at: number; doneTo: string; kind: string } };
export type RoleChange = 'administrator-away' | 'officer-away' | 'first-officer';
/** A change of roles that a rule over several accounts could forbid is about to be made; where several appliances decide on one log. */
export type RoleChangeAnnounced = { type: 'RoleChangeAnnounced'; data: { account: string; at: number; change: RoleChange } };
/** What may have one holder at a time, for ten minutes, until `until` by the holder's clock; renewed by taking the next term. `node`: one run of one appliance. */
export type LeaseTaken = { type: 'LeaseTaken'; data: { at: number; lease: string; node: string; term: number; until: number } };
export type LeaseReleased = { type: 'LeaseReleased'; data: { at: number; lease: string; node: string; term: number } };
export type ClockAnomaly = { type: 'ClockAnomaly'; data: { at: number; before: number; now: number } };
export type ApplianceStarted = { type: 'ApplianceStarted'; data: { at: number; configuration: string; version: string } };
export type ViewRebuilt = { type: 'ViewRebuilt'; data: { at: number; position: number; view: string } };
export type ImportMade = { type: 'ImportMade'; data: { at: number; batch: string; by: string; lines: number; source: string } };

export type CustodyEvent = LogFounded | WriterAnnounced | SigningKeyAnnounced | FilesStoreAnnounced | ForeignEventFound | LogAlarmRaised | RoleChangeAnnounced | LeaseTaken | LeaseReleased | ClockAnomaly | ApplianceStarted | ViewRebuilt | ImportMade;
