import type { House } from '#appliance/house/house.ts';
import { theAppliance } from '#appliance/house/the-appliance.ts';
import type { Opened } from '#src/every-event.ts';
import type { Clock } from '#src/kernel/clock.ts';
import { causedId } from '#src/kernel/ids.ts';
import { idOf } from '#src/kernel/streams.ts';
import type { InvitationFailure } from '#src/meetings/events.ts';
import { settleInvitation } from '#src/meetings/settle-invitation.ts';
import type { Mailer } from './mailer.ts';

/** What an invitation says. */
export type Letter = { readonly title: string; readonly link: string; readonly by: string; readonly organisation: string };

export type InvitationPorts = {
  readonly mailer: Mailer;
  readonly commandAs: House['commandAs'];
  readonly clock: Clock;
  /** The name of this node's writer. */
  readonly writer: string;
  /** Domain of message ids. */
  readonly domain: string;
  /** As of a log position not before `atLeast`; null where there is nothing to invite to any more. */
  readonly letterFor: (conversationId: string, by: string, atLeast: number) => Promise<Letter | null>;
  readonly onFault: (cause: unknown) => void;
};

const lookEveryMs = 500;
const firstWaitMs = 5_000;
const longestWaitMs = 10 * 60_000;
const givenUpAfterMs = 6 * 3_600_000;
/** Whoever recorded an invitation sends it; after this time others take it for dead and do. */
const othersAfterMs = 5 * 60_000;

type Waiting = { readonly conversationId: string; readonly invitation: string; readonly address: string | null; readonly by: string; readonly at: number; readonly position: number; tries: number; nextAt: number };

/** Milliseconds to wait after so many tries. */
export const waitAfter = (tries: number): number => Math.min(longestWaitMs, firstWaitMs * 2 ** (tries - 1));

/**
 * Sends what stands in the record as invited, one at a time, and records what became of it. A mail may go out twice, where a node dies between
 * the server's answer and the record; none is forgotten.
 */
export class Invitations {
  readonly #ports: InvitationPorts;
  readonly #waiting = new Map<string, Waiting>();
  readonly #timer: NodeJS.Timeout;
  #sending: Promise<void> | undefined;
  #closed = false;

  constructor(ports: InvitationPorts) {
    this.#ports = ports;
    this.#timer = setInterval(() => this.look(), lookEveryMs).unref();
  }

  follow(events: readonly Opened[]): void {
    for (const event of events) {
      if (event.type === 'InvitationMade') {
        const { invitation, by, at } = event.data;
        // What this process wrote is handed on as it was decided, before it had a mark.
        const { writer } = event.metadata.ledger;
        const isOwn = writer === '' || writer === this.#ports.writer;
        this.#waiting.set(invitation, { conversationId: idOf(event.stream), invitation, address: event.content.invitation?.address ?? null, by, at, position: event.position, tries: 0, nextAt: isOwn ? 0 : at + othersAfterMs });
      } else if (event.type === 'InvitationSent' || event.type === 'InvitationFailed') this.#waiting.delete(event.data.invitation);
    }
    this.look();
  }

  look(): void {
    if (this.#sending || this.#closed) return;
    const now = this.#ports.clock();
    const next = [...this.#waiting.values()].find(({ nextAt }) => nextAt <= now);
    if (!next) return;
    this.#sending = this.#send(next, now).catch(this.#ports.onFault).finally(() => {
      this.#sending = undefined;
      setImmediate(() => this.look());
    });
  }

  async #send(waiting: Waiting, now: number): Promise<void> {
    const { conversationId, invitation, address, by, at, position } = waiting;
    waiting.tries += 1;
    waiting.nextAt = now + waitAfter(waiting.tries);
    const letter = await this.#ports.letterFor(conversationId, by, position);
    if (!letter || address === null) return this.#settle(waiting, 'over');
    const outcome = await this.#ports.mailer.send({ to: address, subject: `Invitation: ${letter.title}`, text: textOf(letter), messageId: `<${invitation}@${this.#ports.domain}>` });
    if (outcome === 'taken') return this.#settle(waiting, null);
    if (outcome === 'refused') return this.#settle(waiting, 'refused');
    if (now - at >= givenUpAfterMs) await this.#settle(waiting, 'unreachable');
  }

  async #settle({ conversationId, invitation }: Waiting, failure: InvitationFailure | null): Promise<void> {
    await this.#ports.commandAs(theAppliance, settleInvitation, { conversationId, invitation, failure }, { commandId: causedId(`${invitation}/settled`, 0), appendClass: 'essential' });
    this.#waiting.delete(invitation);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#ports.mailer.close();
    await this.#sending;
  }
}

const textOf = ({ title, link, by, organisation }: Letter): string =>
  `${by} invites you to a meeting of ${organisation}:\r\n\r\n${title}\r\n\r\n${link}\r\n\r\nThe link opens in your browser; nothing has to be installed. It is for you: whoever has it can come in.\r\nWhat is written in the meeting, and who takes part in its calls and when, is kept in the record of ${organisation}.\r\n`;
