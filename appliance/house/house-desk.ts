import { grantRole } from '#src/accounts/grant-role.ts';
import { suspendAccount } from '#src/accounts/suspend-account.ts';
import { withdrawRole } from '#src/accounts/withdraw-role.ts';
import type { Refusal } from '#src/kernel/refusal.ts';
import type { Command, Permit, UseCase } from '#src/kernel/use-case.ts';
import { Desk, type HandleOptions } from '#src/log/desk/desk.ts';
import type { Handled } from '#src/log/desk/stream-desk.ts';

/**
 * What must stay true over several streams, such as that one active administrator is left and that one officer was the first.
 * A command is decided on its own stream alone, so two at once would each see the other's holder.
 */
const overSeveralStreams: ReadonlySet<string> = new Set([grantRole.name, suspendAccount.name, withdrawRole.name]);

/** The desk of every door. Of the commands over several streams each begins when the one before has its answer, whoever gave it and however it came. */
export class HouseDesk extends Desk {
  #last: Promise<unknown> = Promise.resolve();

  override handle<Input, State, Held extends Permit, World>(useCase: UseCase<Input, State, Held, World>, command: Command<Input>, options?: HandleOptions): Promise<Handled | Refusal> {
    if (!overSeveralStreams.has(useCase.name)) return super.handle(useCase, command, options);
    const result = this.#last.then(() => super.handle(useCase, command, options));
    this.#last = result.catch(() => undefined);
    return result;
  }
}
