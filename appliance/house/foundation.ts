import { existsSync, mkdirSync } from 'node:fs';
import { createKeyring, openKeyring, type DiskKeyring } from '#appliance/keys/keyring.ts';
import { checkKeyring, hasKeys, heldWriters } from '#appliance/keys/keyring-files.ts';
import type { KeyPlaces } from '#appliance/keys/places.ts';
import type { Clock } from '#src/kernel/clock.ts';
import type { DecidedEvent, JsonObject, Metadata, RecordedEvent } from '#src/kernel/event.ts';
import { BrokenIntegrity, Fault } from '#src/kernel/fault.ts';
import { uuidv4, uuidv7 } from '#src/kernel/ids.ts';
import { streams } from '#src/kernel/streams.ts';
import { NotSent, OutcomeUnknown, type AppendOutcome, type EventLog } from '#src/log/event-log.ts';
import type { LogAlarm } from '#src/log/eventstoredb/alarms.ts';
import { openSqliteLog } from '#src/log/sqlite/open-sqlite-log.ts';
import { checkLeaf } from '#src/ledger/leaf.ts';
import { logCheck, type WriterKey } from '#src/sealing/keyring.ts';
import { sealEvent } from '#src/sealing/seal.ts';
import { keyPlacesOf, placesIn, type Config } from '../config.ts';

export type Foundation = { readonly log: EventLog; readonly keyring: DiskKeyring; readonly logId: string; readonly logFile: string };

/**
 * The log and its keys, checked against each other. An empty folder gets both: keys first, then revision 0 of custody.
 * Throws `Fault` naming the file that is missing or foreign; then nothing starts. `onAlarm` hears what others did to a log in a database.
 */
export const openFoundation = async (config: Config, clock: Clock, onAlarm: (alarm: LogAlarm) => void): Promise<Foundation> => {
  mkdirSync(config.dataFolder, { recursive: true, mode: 0o700 });
  const { log, logFile } = await openLog(config, onAlarm);
  try {
    const { size } = await log.head();
    if (size === 0 && existsSync(placesIn(config.dataFolder).views)) throw new Fault(`Nothing was started. ${config.log?.url ?? logFile} is empty, but this folder has served a log before. Put the log back from its backup.`);
    const places = keyPlacesOf(config);
    const logId = size === 0 ? undefined : await checkAgainstCustody(log, places);
    const keyring = size === 0 && !hasKeys(places) ? await createKeyring(places) : await openKeyring(places);
    // Of nodes that start together on an empty log one founds it; the others find it founded.
    return { log, keyring, logId: logId ?? (await found(log, keyring, clock)) ?? (await checkAgainstCustody(log, places)), logFile };
  } catch (cause) {
    await log.close();
    throw cause;
  }
};

/** The embedded log, or the one in a database with this node's copy of it. One must never be taken for the other. */
const openLog = async ({ dataFolder, log, reserveBytes }: Config, onAlarm: (alarm: LogAlarm) => void): Promise<Pick<Foundation, 'log' | 'logFile'>> => {
  const { log: own, logCopy } = placesIn(dataFolder);
  if (log === undefined) {
    if (existsSync(logCopy)) throw new Fault(`Nothing was started. ${logCopy} is the copy of a log that is in a database: set HANSARD_LOG to it. To bring the log back here, "hansard log copy esdb://... ${dataFolder}", then remove the copy.`);
    return { logFile: own, log: await openSqliteLog({ file: own, ...(reserveBytes === undefined ? {} : { reserveBytes }) }) };
  }
  if (existsSync(own)) throw new Fault(`Nothing was started. HANSARD_LOG names a database, but ${own} is a log of its own. Copy it there with "hansard log copy ${dataFolder} ${log.url}", then move the file out of the data folder and keep it.`);
  // Loaded only where it is used: the embedded default needs no gRPC.
  const { openEventStoreLog } = await import('#src/log/eventstoredb/open-event-store-log.ts');
  return { logFile: logCopy, log: await openEventStoreLog({ url: log.url, file: logCopy, ...(log.credentials && { credentials: log.credentials }), onAlarm, onProgress: sayProgress(log.url) }) };
};

const progressEveryMs = 5_000;

/** A new node reads the whole log first; whoever started it must see that it goes on. */
const sayProgress = (url: string): ((events: number) => void) => {
  let saidAt = performance.now();
  return (events) => {
    if (performance.now() - saidAt < progressEveryMs) return;
    saidAt = performance.now();
    console.error(`Reading the log from ${url}: ${events.toLocaleString('en')} events so far.`);
  };
};

const checkAgainstCustody = async (log: EventLog, places: KeyPlaces): Promise<string> => {
  let founded: Founded | undefined;
  const announcements: RecordedEvent[] = [];
  for await (const page of log.readStream(streams.custody)) {
    for (const event of page) {
      if (event.type === 'LogFounded' && event.revision === 0) founded = foundedOf(event);
      if (event.type === 'WriterAnnounced') announcements.push(event);
    }
  }
  if (!founded) throw new BrokenIntegrity('The log does not begin with its founding: revision 0 of custody is not LogFounded.');
  const faults = checkKeyring(places, { ...founded, writers: writersOf(founded, announcements, heldWriters(places)) });
  if (faults.length > 0) throw new Fault(`Nothing was started. ${faults.join(' ')} Put the folder "keys" of this log back from its backup.`);
  return founded.logId;
};

type Founded = { readonly logId: string; readonly check: string; readonly writer: string };
const foundedOf = ({ data }: RecordedEvent): Founded => {
  const { logId, check, writer } = JSON.parse(data) as JsonObject;
  return { logId: String(logId), check: String(check), writer: String(writer) };
};

/** Writers that custody names, in order. Who was announced by nobody of ours is not: anybody with the database could keep the appliance from starting. */
const writersOf = ({ logId, writer }: Founded, announcements: readonly RecordedEvent[], held: ReadonlyMap<string, WriterKey>): readonly string[] => {
  const writers = [writer];
  for (const event of announcements) {
    const verdict = checkLeaf(event, logId, { writers: held });
    if (verdict === 'foreign') continue;
    const announcedBy = (JSON.parse(event.metadata) as Metadata).ledger.writer;
    // By a writer whose key is not here it cannot be told; that this one's is missing will be said too.
    if (verdict === 'unknown-writer' && !writers.includes(announcedBy)) continue;
    writers.push(String((JSON.parse(event.data) as JsonObject)['writer']));
  }
  return writers;
};

const foundingWithinMs = 30_000;

/** A database that was only just reached may not take an append yet; what it was not sent, and what it may have, is sent again. */
const appendWithin = async (withinMs: number, append: () => Promise<AppendOutcome>): Promise<AppendOutcome> => {
  for (const until = performance.now() + withinMs; ; ) {
    try {
      return await append();
    } catch (cause) {
      if (!(cause instanceof NotSent || cause instanceof OutcomeUnknown) || performance.now() > until) throw cause;
    }
  }
};

/** The only home of the log id. Undefined where somebody else was first. */
const found = async (log: EventLog, keyring: DiskKeyring, clock: Clock): Promise<string | undefined> => {
  const at = clock();
  const logId = uuidv7(at);
  const commandId = uuidv4();
  const event: DecidedEvent = { type: 'LogFounded', data: { at, check: logCheck(keyring.logSecret, logId), logId, writer: keyring.writer.id } };
  const { eventToAppend } = sealEvent(
    { event, eventId: uuidv7(at), log: logId, previous: null, revision: 0, stream: streams.custody, actor: { kind: 'system', id: 'appliance' }, basis: [], commandId, correlation: commandId, door: 'system', schema: 1 },
    keyring,
  );
  const outcome = await appendWithin(foundingWithinMs, () => log.append(streams.custody, -1, [eventToAppend], 'essential'));
  if (outcome.kind === 'refused') throw new Fault(`The log could not be founded (${outcome.code}).`);
  return outcome.kind === 'appended' ? logId : undefined;
};
