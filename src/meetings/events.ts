/**
 * Facts of meetings, in `conversation-<id>` beside those of its call. A link is known by `link`, which is no secret; its key is never on
 * record, only `keyHash`, the SHA-256 of it, base64url.
 */

/** Right after the opening. `by`: the host. `admit`: guests wait until somebody lets them in. `room`: it stays, under a name; null for a meeting that ends. */
export type MeetingArranged = { type: 'MeetingArranged'; data: { admit: boolean; at: number; by: string; guests: boolean; invited: readonly string[]; room: 'public' | 'private' | null } };
/** The link before, if any, is dead from then on. */
export type MeetingLinkMade = { type: 'MeetingLinkMade'; data: { at: number; by: string; keyHash: string; link: string } };
export type MeetingLinkRevoked = { type: 'MeetingLinkRevoked'; data: { at: number; by: string; link: string } };
/** The host had been away for too long: nobody comes in by the link any more. `since`: ms UTC at which they left. */
export type MeetingExpired = { type: 'MeetingExpired'; data: { at: number; since: number } };
/** A guest came to the door. They are a member with `MemberJoined`, not before. `link` is null in a room. */
export type GuestEntered = { type: 'GuestEntered'; data: { account: string; at: number; link: string | null } };
/** `account`: whose address it is, where it is somebody's of the directory. */
export type InvitationMade = { type: 'InvitationMade'; data: { account: string | null; at: number; by: string; invitation: string }; content: { invitation: { address: string } } };
/** Handed over to the mail server. */
export type InvitationSent = { type: 'InvitationSent'; data: { at: number; invitation: string } };
/** Given up. `reason`: what the mail server said, in short and without addresses. */
export type InvitationFailed = { type: 'InvitationFailed'; data: { at: number; invitation: string; reason: InvitationFailure } };
export type InvitationFailure = 'refused' | 'unreachable' | 'over';

export type MeetingEvent = MeetingArranged | MeetingLinkMade | MeetingLinkRevoked | MeetingExpired | GuestEntered | InvitationMade | InvitationSent | InvitationFailed;
