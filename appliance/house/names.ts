import { abandonAccount } from '#src/accounts/abandon-account.ts';
import { nameFold, wayToName, type NameState } from '#src/accounts/name.ts';
import { reserveName } from '#src/accounts/reserve-name.ts';
import { nameTaken } from '#src/spaces/refusals.ts';
import { isRefusal, nothingToRecord, type Refusal } from '#src/kernel/refusal.ts';
import { idOf, kindOf } from '#src/kernel/streams.ts';
import { abandonSpaceName } from '#src/spaces/abandon-space-name.ts';
import type { House } from './house.ts';
import { openPage } from './sealer.ts';
import { theAppliance } from './the-appliance.ts';

type Ports = Pick<House, 'log' | 'logId' | 'keyring' | 'foreign' | 'commandAs' | 'clock'>;

/** The name as of now. */
export const readName = async (house: Pick<House, 'log' | 'logId' | 'keyring' | 'foreign'>, name: string): Promise<NameState> => {
  let state = nameFold.initial();
  for await (const page of house.log.readStream(name)) {
    const ours = page.filter(({ position }) => !house.foreign.has(position));
    for (const event of await openPage(ours, house.logId, house.keyring)) state = nameFold.evolve(state, event);
  }
  return state;
};

/**
 * Reserves a unique name for `holder`, the stream to be founded or renamed (ARCHITECTURE section 3). Undefined when the name
 * is held; else `name-taken`. A reservation unused for ten minutes is given up first, in its holder's own stream.
 */
export const holdName = async (house: Ports, name: string, holder: string): Promise<Refusal | undefined> => {
  const way = wayToName(await readName(house, name), holder, house.clock());
  if (way.way === 'held') return undefined;
  if (way.way === 'wait') return nameTaken;
  if (way.way !== 'abandon-first') return settled(await house.commandAs(theAppliance, reserveName, { name, holder }, { appendClass: 'essential' }));
  const { by, reservation } = way;
  const abandoned = kindOf(by) === 'account'
    ? await house.commandAs(theAppliance, abandonAccount, { account: idOf(by), name, reservation }, { appendClass: 'essential' })
    : await house.commandAs(theAppliance, abandonSpaceName, { spaceId: idOf(by), name, reservation }, { appendClass: 'essential' });
  return settled(abandoned) ?? settled(await house.commandAs(theAppliance, reserveName, { name, holder, replaces: reservation }, { appendClass: 'essential' }));
};

const settled = (result: unknown): Refusal | undefined => (isRefusal(result) && result.code !== nothingToRecord.code ? result : undefined);
