import { readdirSync, readFileSync } from 'node:fs';
import { accessFold } from '#src/accounts/access.ts';
import { accountFold } from '#src/accounts/account.ts';
import { nameFold } from '#src/accounts/name.ts';
import { caseFold } from '#src/archive/case.ts';
import { conversationFold } from '#src/conversations/conversation.ts';
import { custodyFold } from '#src/custody/custody.ts';
import type { HansardEventType } from '#src/every-event.ts';
import type { StreamKind } from '#src/kernel/streams.ts';
import type { Fold } from '#src/kernel/use-case.ts';
import { readingFold } from '#src/reading/reading.ts';
import { settingsFold } from '#src/settings/settings.ts';
import { spaceFold } from '#src/spaces/space.ts';
import type { Happened } from '#test/deciders/given-when-then.ts';

/** The compiler keeps this complete: an event without a line here is an error. */
const every: Record<HansardEventType, true> = {
  Abandoned: true, AccountOpened: true, AccountRestored: true, AccountSuspended: true, AdministratorAppointed: true, Answered: true, ApplianceStarted: true, AuditLooked: true,
  CallDeclined: true, CallEnded: true, CallJoined: true, CallLeft: true, CallMuted: true, CallRang: true, CallStarted: true, CallUnanswered: true,
  CaseOpened: true, ClassOfServiceSet: true, ClockAnomaly: true, ConversationClosed: true, ConversationMuted: true, ConversationOpened: true, ConversationTitled: true, ConversationUnmuted: true,
  CredentialSet: true, ExportMade: true, FileShared: true, FilesStoreAnnounced: true, FileWithdrawn: true, ForeignEventFound: true, GuestAdmitted: true, GuestEntered: true, GuestKnocked: true, GuestTurnedAway: true, HistoryDownloaded: true, IceServerAdded: true, IceServerRemoved: true, ImportMade: true, InquiryClosed: true, InquiryOpened: true, InvitationFailed: true, InvitationMade: true, InvitationSent: true, LeaseReleased: true, LeaseTaken: true, LinkPreviewed: true, LinkPreviewWithdrawn: true, LogAlarmRaised: true, LogFounded: true, Looked: true,
  MarkedUnread: true, MeetingArranged: true, MeetingExpired: true, MeetingLinkMade: true, MeetingLinkRevoked: true, MemberJoined: true, MemberLeft: true, MessageEdited: true, MessagePosted: true, MessageRetracted: true, NameReleased: true, NameReserved: true,
  OfficerActRequested: true, PasswordLinkMade: true, PasswordResetAcknowledged: true, ProfileChanged: true, QuotaReleased: true, QuotaReserved: true, QuotaSettled: true, ReactionAdded: true, ReactionWithdrawn: true, ReadUpTo: true, Refused: true,
  RoleChangeAnnounced: true, RoleGranted: true, RoleWithdrawn: true, ScreenShared: true, ScreenShareEnded: true, SettingCleared: true, SettingPut: true, SignInRefused: true, SignedIn: true, SignedOut: true, SigningKeyAnnounced: true, SpaceFounded: true,
  InfectedFileRefused: true,
  SpaceJoined: true, SpaceLeft: true, SpaceTitled: true, ViewRebuilt: true, Viewed: true, WriterAnnounced: true,
};
export const everyEventType: readonly string[] = Object.keys(every);

/** Every kind of stream with the fold of its desk. */
export const everyFold = {
  access: accessFold, account: accountFold, case: caseFold, conversation: conversationFold, custody: custodyFold, name: nameFold, reading: readingFold, settings: settingsFold, space: spaceFold,
} as const satisfies Record<StreamKind, unknown>;

export type AnyFold = Fold<{ revision: number }>;
export const foldOf = (kind: StreamKind): AnyFold => everyFold[kind] as unknown as AnyFold;

/** One sample of every event that was ever shipped; a sample is never changed, only joined by a newer one. */
export const samples: readonly Happened[] = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')) as Happened);
