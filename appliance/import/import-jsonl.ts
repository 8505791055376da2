import { basename } from 'node:path';
import type { House } from '#appliance/house/house.ts';
import { limits } from '#src/contract/limits.ts';
import { line as lineShape } from '#src/contract/shapes.ts';
import { recordImport } from '#src/custody/record-import.ts';
import { importLine } from '#src/import/import-line.ts';
import { importNickname } from '#src/import/import-nickname.ts';
import type { Actor } from '#src/kernel/event.ts';
import { causedId, derivedId } from '#src/kernel/ids.ts';
import { isRefusal, refuse, type Refusal } from '#src/kernel/refusal.ts';
import { foundImportedSpace, type ImportedSpace } from './found-imported-space.ts';
import { ImportTally, type ImportTable } from './import-table.ts';
import { linesOfFile } from './lines-of-file.ts';
import { parseLine, type SourceLine } from './parse-line.ts';
import { resumePoints } from './resume-points.ts';
import { batchOf, surveyFile } from './survey-file.ts';

export type ImportWish = {
  readonly file: string;
  /** Name of the space that the rooms come into; the file's name, if it is not given. */
  readonly into?: string | undefined;
  readonly onProgress: (done: number, of: number) => void;
  /** Whoever asked has gone: it stops at the next line. */
  readonly signal: AbortSignal;
};
export type ImportReport = {
  readonly batch: string; readonly space: string; readonly into: string;
  readonly conversations: readonly { readonly room: string; readonly conversationId: string }[];
  readonly table: ImportTable;
  /** Everything was there already: this file was imported before. */
  readonly before: boolean;
  readonly seconds: number;
};

const chunkLines = 1_000;
const chunksInFlight = 3;
/** Nobody is served while the views are far behind, so the import waits for them. */
const viewsBehindMax = 20_000;

/**
 * Imports JSON Lines, one event a line, in the file's order. Every room becomes a channel of one space that the import
 * founds, every nickname an account that cannot sign in. Running it again, after a kill too, records nothing twice.
 * A refusal says at which line it stopped; what is recorded by then stays, and running it again goes on from there.
 */
export const importJsonl = async (house: House, { file, into, onProgress, signal }: ImportWish): Promise<ImportReport | Refusal> => {
  const startedAt = performance.now();
  const source = into ?? basename(file).replace(/\.gz$/, '').replace(/\.jsonl$/, '');
  if (!lineShape(limits.titleMax).safeParse(source).success) return refuse('malformed', `"${source}" cannot be the name of a space. Nothing was imported; give a name with --into.`);
  const survey = await surveyFile(file);
  const batch = batchOf(survey, source);
  const space = await foundImportedSpace(house, source, batch, survey);
  if (isRefusal(space)) return space;
  const resume = await resumePoints(house, file, batch, space.conversations);
  const running = new RunningImport(house, batch, source, space, resume);
  const refusal = await running.run(file, (done) => onProgress(done, survey.lines), signal);
  if (refusal) return refusal;
  const { table } = running;
  const made = await house.commandAs({ kind: 'import', id: batch }, recordImport, { batch, by: 'operator', lines: table.linesRead, source }, { commandId: causedId(batch, 0), appendClass: 'essential' });
  if (isRefusal(made)) return made;
  return {
    batch, space: space.space, into: source, table, before: table.recorded === 0 && table.linesRead > 0, seconds: Math.round((performance.now() - startedAt) / 100) / 10,
    conversations: [...space.conversations].map(([room, conversationId]) => ({ room, conversationId })),
  };
};

class RunningImport {
  readonly #house: House;
  readonly #actor: Actor;
  readonly #batch: string;
  readonly #source: string;
  readonly #space: ImportedSpace;
  readonly #resume: ReadonlyMap<string, number>;
  readonly #tally = new ImportTally();
  readonly #accounts = new Map<string, string>();
  #refusal: Refusal | undefined;

  constructor(house: House, batch: string, source: string, space: ImportedSpace, resume: ReadonlyMap<string, number>) {
    this.#house = house;
    this.#actor = { kind: 'import', id: batch };
    this.#batch = batch;
    this.#source = source;
    this.#space = space;
    this.#resume = resume;
  }

  get table(): ImportTable {
    return this.#tally.table;
  }

  async run(file: string, onProgress: (done: number) => void, signal: AbortSignal): Promise<Refusal | undefined> {
    const flying: Promise<void>[] = [];
    let chunk: SourceLine[] = [];
    const send = async (): Promise<void> => {
      const lines = chunk;
      chunk = [];
      await this.#openAccounts(lines);
      await this.#waitForViews();
      flying.push(this.#record(lines));
      if (flying.length >= chunksInFlight) await flying.shift();
      onProgress(this.table.linesRead);
    };
    for await (const page of linesOfFile(file)) {
      for (const one of page) {
        const parsed = parseLine(one);
        if ('reason' in parsed) {
          this.#tally.refused(parsed);
          continue;
        }
        this.#tally.line(parsed);
        if (parsed.line <= (this.#resume.get(parsed.room) ?? -1)) {
          this.table.alreadyThere += 1;
          continue;
        }
        chunk.push(parsed);
        if (chunk.length >= chunkLines) await send();
        if (signal.aborted) this.#refusal ??= refuse('unavailable', 'The import was interrupted. What was recorded stays; run it again to go on.');
        if (this.#refusal) break;
      }
      if (this.#refusal) break;
    }
    if (chunk.length > 0 && !this.#refusal) await send();
    await Promise.all(flying);
    onProgress(this.table.linesRead);
    return this.#refusal;
  }

  /** Who speaks has an account before the line is recorded. */
  async #openAccounts(lines: readonly SourceLine[]): Promise<void> {
    const opening: Promise<void>[] = [];
    for (const { nick, line, saidAt } of lines) {
      if (this.#accounts.has(nick)) continue;
      const account = derivedId(this.#house.keyring.logSecret, 'import-nickname', this.#source, nick);
      this.#accounts.set(nick, account);
      if (this.#house.standing.account(account)) continue;
      const opened = this.#house.commandAs(this.#actor, importNickname, { account, nickname: nick, imported: { batch: this.#batch, line, saidAt } }, { commandId: causedId(this.#batch, -line) });
      opening.push(opened.then((result) => this.#note(result, line)).then(() => undefined));
    }
    await Promise.all(opening);
  }

  async #record(lines: readonly SourceLine[]): Promise<void> {
    const results = lines.map(({ line, room, kind, nick, text, saidAt }) => {
      const commandId = causedId(this.#batch, line);
      const input = { conversationId: this.#space.conversations.get(room)!, kind, author: this.#accounts.get(nick)!, text, messageId: causedId(commandId, 1), imported: { batch: this.#batch, line, saidAt } };
      return this.#house.commandAs(this.#actor, importLine, input, { commandId, bytes: 400 + 2 * Buffer.byteLength(text) }).then((result) => {
        if (!this.#note(result, line) || isRefusal(result)) return;
        if (result.again) this.table.alreadyThere += 1;
        else this.table.recorded += 1;
      });
    });
    await Promise.all(results);
  }

  /** False for a refusal: the import ends with the first one. */
  #note(result: { readonly again: boolean } | Refusal, line: number): boolean {
    if (!isRefusal(result) || result.code === 'nothing-to-record') return true;
    this.#refusal ??= refuse(result.code, `The import stopped at line ${line}: ${result.sentence} What was recorded stays; run it again to go on.`);
    return false;
  }

  async #waitForViews(): Promise<void> {
    const { hub, views } = this.#house;
    if (hub.position - views.watermark() > viewsBehindMax) await views.caughtUp(hub.position - viewsBehindMax / 2);
  }
}
