import { refuse } from '../kernel/refusal.ts';

/** Also said of a conversation that does not exist: not there and not yours look the same. */
export const notAMember = refuse('not-a-member', 'You are not in this conversation, or it does not exist. Nothing was changed.');
export const conversationClosed = refuse('conversation-closed', 'This conversation is closed. It can be read, and nothing can be added to it.');
export const conversationIdTaken = refuse('conversation-id-taken', 'There is a conversation under this id already. Nothing was opened.');
export const alreadyAMember = refuse('already-a-member', 'This person is in already. Nothing was changed.');
export const notAChannel = refuse('not-a-channel', 'Only a channel of a space can be joined and closed. Nothing was changed.');
export const groupFull = (most: number) => refuse('group-full', `A group has at most ${most} members here. A channel in a space takes any number.`, most);
