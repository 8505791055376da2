import { refuse } from '../kernel/refusal.ts';

/** Also said of a space that does not exist: not there and not yours look the same. */
export const notInSpace = refuse('not-a-member', 'You are not in this space, or it does not exist. Nothing was changed.');
export const notAnAdministrator = refuse('not-an-administrator', 'Only an administrator of this space may do this. Nothing was changed.');
export const lastAdministrator = refuse('last-administrator', 'This is the last administrator of the space. Another member has to be appointed first.');
export const nameTaken = refuse('name-taken', 'This name is taken. Nothing was changed; choose another.');
/** About somebody else, said to an administrator of the space. */
export const memberNotInSpace = refuse('not-a-member', 'This person is not in the space. Nothing was changed.');
