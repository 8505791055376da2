import { refuse } from '../kernel/refusal.ts';

export const messageNotFound = refuse('message-not-found', 'There is no such message in this conversation. Nothing was changed.');
export const messageRetracted = refuse('message-retracted', 'This message was retracted. Nothing can be added to it or changed in it.');
export const notTheAuthor = refuse('not-the-author', 'Only who wrote a message can change or retract it. Nothing was changed.');
export const reactionNotFound = refuse('reaction-not-found', 'There is no such reaction of yours. Nothing was changed.');
