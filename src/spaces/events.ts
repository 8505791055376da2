/** Facts in `space-<id>`. Which channels exist is each channel's own ConversationOpened. */

/** `general` is the conversation id of the General channel that comes with the space. The founder is its first administrator. */
export type SpaceFounded = { type: 'SpaceFounded'; data: { at: number; by: string; general: string; space: string }; content: { title: { title: string; topic: string } } };
/** Name and topic as a whole, anew. */
export type SpaceTitled = { type: 'SpaceTitled'; data: { at: number; by: string }; content: { title: { title: string; topic: string } } };
export type SpaceJoined = { type: 'SpaceJoined'; data: { account: string; at: number; by: string } };
export type SpaceLeft = { type: 'SpaceLeft'; data: { account: string; at: number; by: string; cause: 'self' | 'removed' } };
export type AdministratorAppointed = { type: 'AdministratorAppointed'; data: { account: string; at: number; by: string } };

export type SpaceEvent = SpaceFounded | SpaceTitled | SpaceJoined | SpaceLeft | AdministratorAppointed;
