import { grantRole } from '#src/accounts/grant-role.ts';
import { suspendAccount } from '#src/accounts/suspend-account.ts';
import { withdrawRole } from '#src/accounts/withdraw-role.ts';
import type { World } from '#src/accounts/standing.ts';
import type { Role } from '#src/contract/endpoint.ts';
import { announceRoleChange } from '#src/custody/announce-role-change.ts';
import type { RoleChange } from '#src/custody/events.ts';
import { causedId } from '#src/kernel/ids.ts';
import { isRefusal, nothingToRecord, type Refusal } from '#src/kernel/refusal.ts';
import type { Command, Permit, UseCase } from '#src/kernel/use-case.ts';
import { Desk, type HandleOptions } from '#src/log/desk/desk.ts';
import type { DeskPorts } from '#src/log/desk/ports.ts';
import type { EventLog } from '#src/log/event-log.ts';
import type { Handled } from '#src/log/desk/stream-desk.ts';
import { theAppliance } from './the-appliance.ts';

/**
 * What must stay true over several streams, such as that one active administrator is left and that one officer was the first.
 * A command is decided on its own stream alone, so two at once would each see the other's holder.
 */
const overSeveralStreams: ReadonlySet<string> = new Set([grantRole.name, suspendAccount.name, withdrawRole.name]);

/** The desk of every door. Of the commands over several streams each begins when the one before has its answer, whoever gave it and however it came. */
export class HouseDesk extends Desk {
  readonly #log: Pick<EventLog, 'isShared'>;
  readonly #world: World;
  #last: Promise<unknown> = Promise.resolve();

  constructor(ports: DeskPorts, world: World) {
    super(ports, world);
    this.#log = ports.log;
    this.#world = world;
  }

  override handle<Input, State, Held extends Permit, World>(useCase: UseCase<Input, State, Held, World>, command: Command<Input>, options?: HandleOptions): Promise<Handled | Refusal> {
    if (!overSeveralStreams.has(useCase.name)) return super.handle(useCase, command, options);
    const result = this.#last.then(async () => (await this.#announced(useCase.name, command)) ?? super.handle(useCase, command, options));
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** At another appliance somebody may decide at this moment too: custody puts what both announce in one order. Gives what forbids it. */
  async #announced(name: string, { acting, commandId, input }: Command<unknown>): Promise<Refusal | undefined> {
    const change = this.#log.isShared ? changeOf(name, input as RoleInput, this.#world) : undefined;
    if (!change) return undefined;
    const announcing = { acting: { actor: theAppliance, at: acting.at, door: 'system' as const }, commandId: causedId(commandId, 0), input: { account: (input as RoleInput).account, change } };
    const result = await super.handle(announceRoleChange, announcing, { appendClass: 'essential' });
    return isRefusal(result) && result.code !== nothingToRecord.code ? result : undefined;
  }
}

type RoleInput = { readonly account: string; readonly role?: Role };

const changeOf = (name: string, { account, role }: RoleInput, { standing }: World): RoleChange | undefined => {
  if (name === grantRole.name) return role === 'officer' && standing.holdersOf('officer').length === 0 ? 'first-officer' : undefined;
  const lost = name === suspendAccount.name ? 'administrator' : role;
  return (lost === 'administrator' || lost === 'officer') && standing.holdersOf(lost).includes(account) ? `${lost}-away` : undefined;
};
