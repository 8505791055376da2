import { permitActive, type ActivePermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { nameKey } from '../contract/names.ts';
import type { ConversationState } from '../conversations/conversation.ts';
import { permitMember, permitToGather, type GatheringPermit, type MemberPermit } from '../conversations/permits.ts';
import { isRefusal, type Refusal } from '../kernel/refusal.ts';
import type { Acting, Permit } from '../kernel/use-case.ts';
import { meetingNotFound, meetingsOff, notTheHost } from './refusals.ts';

// Nobody outside this file can name these keys, so nobody else can make such a value.
declare const hosting: unique symbol;
declare const visiting: unique symbol;

export type HostingPermit = Permit & { readonly account: string; readonly [hosting]: true };
/** A guest at the door of this very meeting. */
export type VisitingPermit = Permit & { readonly account: string; readonly [visiting]: true };

/** What stands before the name of a class. No sign-in name has a colon. */
const ofClass = 'class:';

/** `by`: of the setting `meetingsBy`. */
const mayOpenMeetings = ({ standing }: World, account: string): boolean => {
  const by = standing.setting<string>('meetingsBy');
  const { signInName = null, classOfService = null } = standing.account(account) ?? {};
  const isMeant = (one: string): boolean => (one.startsWith(ofClass) ? classOfService !== null && nameKey(one.slice(ofClass.length).trim()) === nameKey(classOfService) : one === signInName);
  return by === 'everybody' || by.split(',').some((one) => isMeant(one.trim()));
};

/** `people`: whom they invite; everybody of them must be reachable. */
export const permitToMeet = (world: World, acting: Acting, people: readonly string[]): GatheringPermit | Refusal => {
  const permit = permitToGather(world, acting, people);
  if (isRefusal(permit)) return permit;
  return mayOpenMeetings(world, permit.account) ? permit : meetingsOff;
};

/** Somebody who is signed in and no guest. */
export const permitColleague = (world: World, acting: Acting): ActivePermit | Refusal => {
  const permit = permitActive(world, acting);
  if (isRefusal(permit)) return permit;
  return world.standing.account(permit.account)?.kind === 'guest' ? meetingNotFound : permit;
};

/** Whoever opened it keeps it; a room is kept by every member who is signed in. */
export const permitToHost = (world: World, acting: Acting, state: ConversationState): HostingPermit | Refusal => {
  const member = permitSignedInMember(world, acting, state);
  if (isRefusal(member)) return member;
  if (!state.meeting || (state.meeting.room === null && state.meeting.host !== member.account)) return notTheHost;
  return member as unknown as HostingPermit;
};

export const permitSignedInMember = (world: World, acting: Acting, state: ConversationState): MemberPermit | Refusal => {
  const colleague = permitColleague(world, acting);
  return isRefusal(colleague) ? colleague : permitMember(world, acting, state);
};

export const permitToKnock = (world: World, acting: Acting, state: ConversationState): VisitingPermit | Refusal => {
  const permit = permitActive(world, acting);
  if (isRefusal(permit)) return permit;
  const isGuestHere = state.meeting?.guests.some(({ account }) => account === permit.account) === true;
  return isGuestHere ? (permit as unknown as VisitingPermit) : meetingNotFound;
};
