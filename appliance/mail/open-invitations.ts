import type { Views } from '#projections/views.ts';
import type { World } from '#src/accounts/standing.ts';
import type { Opened } from '#src/every-event.ts';
import type { OpenedEvent, RecordedEvent } from '#src/kernel/event.ts';
import { streams } from '#src/kernel/streams.ts';
import type { EventLog } from '#src/log/event-log.ts';
import { linkOf, type LinkMaker } from '../meetings/meeting-link.ts';
import { Invitations, type InvitationPorts } from './invitations.ts';
import { openMailer } from './mailer.ts';

export type OpenInvitationsPorts = Pick<InvitationPorts, 'commandAs' | 'clock' | 'onFault'> & LinkMaker & {
  readonly views: Views; readonly world: World; readonly log: EventLog; readonly foreign: ReadonlySet<number>;
  readonly open: (page: readonly RecordedEvent[]) => Promise<readonly OpenedEvent[]>;
};

/** Undefined where no mail is sent. What was invited before this process began and not settled is sent on. */
export const openInvitations = async ({ views, world, log, open, foreign, ...ports }: OpenInvitationsPorts): Promise<Invitations | undefined> => {
  const { config, keyring } = ports;
  if (!config.mail) return undefined;
  const letterFor: InvitationPorts['letterFor'] = async (conversationId, by, atLeast) => {
    const { value } = await views.ask('desk.conversation', { conversationId }, atLeast);
    const meeting = value?.meeting;
    const [{ value: about }, { value: named }] = await Promise.all([views.ask('conversations.one', { conversationId, account: by, receiptsMembersMax: 0 }, atLeast), views.ask('directory.names', { accounts: [by] }, atLeast)]);
    const link = !meeting ? null : meeting.room === 'public' ? `${config.publicUrl ?? ''}/meet/${about?.conversation.title ?? ''}` : linkOf(ports, conversationId, meeting);
    return link === null ? null : { title: about?.conversation.title ?? '', link, by: named[0]?.[1] ?? '', organisation: world.standing.setting<string>('organisation') };
  };
  const invitations = new Invitations({ ...ports, mailer: openMailer(config.mail), writer: keyring.writer.id, domain: new URL(config.publicUrl!).hostname, letterFor });
  const { value: meetings } = await views.ask('desk.meetings', {});
  for (const { conversationId, meeting } of meetings) {
    if (meeting.unsent.length === 0) continue;
    for await (const page of log.readStream(streams.conversation(conversationId))) {
      const made = page.filter(({ type, position }) => type === 'InvitationMade' && !foreign.has(position));
      const opened = (await open(made)) as readonly Opened<'InvitationMade'>[];
      invitations.follow(opened.filter(({ data }) => meeting.unsent.includes(data.invitation)));
    }
  }
  return invitations;
};
