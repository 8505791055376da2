import type { House } from '#appliance/house/house.ts';
import { holdName } from '#appliance/house/names.ts';
import { limits } from '#src/contract/limits.ts';
import { importNickname } from '#src/import/import-nickname.ts';
import { importRoom } from '#src/import/import-room.ts';
import { importSpace } from '#src/import/import-space.ts';
import { causedId, derivedId, nameStream } from '#src/kernel/ids.ts';
import { isRefusal, refuse, type Refusal } from '#src/kernel/refusal.ts';
import { streams } from '#src/kernel/streams.ts';
import type { Survey } from './survey-file.ts';

/** `conversations`: room of the source to the id of its channel. */
export type ImportedSpace = { readonly space: string; readonly conversations: ReadonlyMap<string, string> };

/** The id of the space that imports of this name are brought into. */
export const importedSpaceId = ({ keyring }: Pick<House, 'keyring'>, source: string): string => derivedId(keyring.logSecret, 'import-space', source);

/** Makes what is not there yet: the account that stands for the source, its space, and a channel for each room of this file. */
export const foundImportedSpace = async (house: House, source: string, batch: string, survey: Survey): Promise<ImportedSpace | Refusal> => {
  const actor = { kind: 'import', id: batch } as const;
  const { logSecret } = house.keyring;
  const space = importedSpaceId(house, source);
  const founder = derivedId(logSecret, 'import-source', source);
  const name = nameStream(logSecret, 'space', source);
  const imported = { batch, line: 0, saidAt: [...survey.rooms.values()][0]?.saidAt ?? house.clock() };
  const taken = await holdName(house, name, streams.space(space));
  if (taken) return taken.code === 'name-taken' ? refuse('name-taken', `There is a space named "${source}" that is no import. Nothing was imported; give another name with --into.`) : taken;
  const opened = await house.commandAs(actor, importNickname, { account: founder, nickname: `${source} (import)`.slice(0, limits.displayNameMax), imported }, { commandId: causedId(`${batch}/founder`, 0) });
  if (refusedIn(opened)) return opened;
  const wish = { space, general: derivedId(logSecret, 'import-general', source), founder, name, title: source, topic: '' };
  const founded = await house.commandAs(actor, importSpace, wish, { commandId: causedId(`${batch}/space`, 0) });
  if (refusedIn(founded)) return founded;
  const conversations = new Map<string, string>();
  for (const [room, { line, saidAt }] of survey.rooms) {
    const conversationId = derivedId(logSecret, 'import-room', batch, room);
    conversations.set(room, conversationId);
    const answer = await house.commandAs(actor, importRoom, { conversationId, space, founder, title: room, topic: '', imported: { batch, line, saidAt } }, { commandId: causedId(`${batch}/room/${room}`, 0) });
    if (refusedIn(answer)) return answer;
  }
  return { space, conversations };
};

/** That there is nothing to record is no refusal here: it was made before. */
const refusedIn = (result: unknown): result is Refusal => isRefusal(result) && result.code !== 'nothing-to-record';
