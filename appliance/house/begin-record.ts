import { publicKeyOf } from '#appliance/keys/keyring-files.ts';
import { openCase } from '#src/archive/open-case.ts';
import { unfiledCase } from '#src/archive/case.ts';
import { announceSigningKey } from '#src/custody/announce-signing-key.ts';
import { recordStart } from '#src/custody/record-start.ts';
import { version } from '../version.ts';
import { configRows } from '../config.ts';
import type { House } from './house.ts';
import { theAppliance } from './the-appliance.ts';

const essential = { appendClass: 'essential' } as const;

/** What every start puts on record: the case Unfiled, the signing key where it is new, and with which configuration it runs; then it asks for the lease. Values that could be secret are named, not told. */
export const beginRecord = async ({ commandAs, keyring, lease }: Pick<House, 'commandAs' | 'keyring' | 'lease'>): Promise<void> => {
  await commandAs(theAppliance, openCase, { case: unfiledCase, by: theAppliance.id, title: 'Unfiled' }, essential);
  await commandAs(theAppliance, announceSigningKey, { publicKey: publicKeyOf(keyring.signingKey) }, essential);
  const configuration = configRows(process.env).filter(({ source }) => source !== 'default').map(({ name, source }) => `${name} from ${source}`).join(', ') || 'defaults';
  await commandAs(theAppliance, recordStart, { configuration, version }, essential);
  lease?.begin();
};
