/** Facts in `space-<id>`. Which channels exist is each channel's own ConversationOpened. */

/** `general` is the conversation id of the General channel that comes with the space; `name` the stream in which its name is reserved. The founder is its first administrator. */
export type SpaceFounded = { type: 'SpaceFounded'; data: { at: number; by: string; general: string; name: string; space: string }; content: { title: { title: string; topic: string } } };
/** Name and topic as a whole, anew. `name`: the stream in which the name is reserved. */
export type SpaceTitled = { type: 'SpaceTitled'; data: { at: number; by: string; name: string }; content: { title: { title: string; topic: string } } };
export type SpaceJoined = { type: 'SpaceJoined'; data: { account: string; at: number; by: string } };
/** `joined`: the revision here of the join that this ends. What stands under it in the space's channels is without power from now on. */
export type SpaceLeft = { type: 'SpaceLeft'; data: { account: string; at: number; by: string; cause: 'self' | 'removed'; joined: number } };
export type AdministratorAppointed = { type: 'AdministratorAppointed'; data: { account: string; at: number; by: string } };

export type SpaceEvent = SpaceFounded | SpaceTitled | SpaceJoined | SpaceLeft | AdministratorAppointed;
