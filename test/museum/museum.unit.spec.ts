import { describe, expect, it } from 'vitest';
import { canonical } from '#src/kernel/canonical.ts';
import { kindOf } from '#src/kernel/streams.ts';
import { recorded } from '#test/deciders/given-when-then.ts';
import { everyEventType, foldOf, samples } from './museum.ts';

describe('the museum', () => {
  it('has a sample of every event there is', () => expect([...new Set(samples.map(({ type }) => type))].toSorted()).toEqual(everyEventType.toSorted()));

  it.each(samples.map((sample) => [sample.type, sample] as const))('still folds %s', (_type, sample) => {
    const fold = foldOf(kindOf(sample.stream));
    const [event] = recorded([sample]);
    const known = fold.evolve(fold.initial(), event!);
    expect(known.revision).toBe(0);
    // An event that no fold knows moves the head and nothing else.
    if (!withoutState.has(sample.type)) expect(known).not.toEqual(fold.evolve(fold.initial(), { ...event!, type: 'NeverHeardOf' }));
  });

  it('keeps data in the order in which it is recorded', () => {
    for (const { data } of samples) expect(JSON.stringify(data)).toBe(canonical(data));
  });
});

/** What decides nothing by itself, or nothing without what comes before it. */
const withoutState = new Set([
  'ProfileChanged', 'PasswordResetAcknowledged', 'SignedOut', 'RoleWithdrawn', 'AccountRestored', 'HistoryDownloaded', 'SignInRefused', 'Refused', 'NameReleased', 'Looked', 'Answered', 'ExportMade', 'InquiryClosed',
  'AuditLooked', 'MemberLeft', 'ConversationTitled', 'MessageEdited', 'MessageRetracted', 'ReactionAdded', 'ReactionWithdrawn', 'ClockAnomaly', 'ApplianceStarted', 'ViewRebuilt', 'ConversationUnmuted', 'SettingCleared', 'IceServerRemoved',
  'InfectedFileRefused', 'CallRang', 'CallJoined', 'CallDeclined', 'CallUnanswered', 'CallLeft', 'ScreenShared', 'ScreenShareEnded', 'CallMuted', 'GuestKnocked', 'GuestAdmitted', 'GuestTurnedAway', 'CallEnded',
  'SpaceLeft', 'AdministratorAppointed', 'FileWithdrawn', 'LinkPreviewed', 'LinkPreviewWithdrawn', 'QuotaReleased',
  'MeetingExpired', 'MeetingLinkMade', 'MeetingLinkRevoked', 'GuestEntered', 'InvitationMade', 'InvitationSent', 'InvitationFailed',
]);
