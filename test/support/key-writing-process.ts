import { createInterface } from 'node:readline';
import { openKeyringReader } from '#appliance/keys/keyring-reader.ts';
import { openKeyring } from '#appliance/keys/keyring.ts';
import { uuidv4 } from '#src/kernel/ids.ts';
import { openEvent } from '#src/sealing/seal.ts';
import { scopeOf } from '#src/sealing/scopes.ts';
import { aPostedText, aRecordedEvent } from '#test/sealing/sealing-makers.ts';
import type { RecordedEvent } from '#src/kernel/event.ts';

/**
 * A process that is one node: it seals lines, each in a conversation of its own, tells them on stdout as the log would, and opens
 * those that come on stdin, in the keyring's thread and as a thread beside it does. It says what it opened, or why it could not.
 * Arguments: data folder, shared folder, lines at a time, lines altogether.
 */
const [dataFolder = '', keysFolder = '', atOnce = '8', altogether = 'Infinity'] = process.argv.slice(2);

export type ToldByNode =
  | { readonly kind: 'open' | 'done' }
  | { readonly kind: 'sealed'; readonly text: string; readonly recorded: RecordedEvent }
  | { readonly kind: 'opened'; readonly text: string | undefined; readonly beside: string | undefined; readonly ms: number }
  | { readonly kind: 'failed'; readonly sentence: string };

/** The same in every process. */
const log = '00000000-0000-7000-8000-000000000001';

const tell = (told: ToldByNode): void => void process.stdout.write(`${JSON.stringify(told)}\n`);

const keyring = await openKeyring({ dataFolder, keysFolder });
const reader = openKeyringReader({ dataFolder, keysFolder });
tell({ kind: 'open' });

const textIn = (content: unknown): string | undefined => (content as { text?: { text: string } }).text?.text;

const openOne = async (recorded: RecordedEvent): Promise<void> => {
  const from = performance.now();
  const key = /"key":"([^"]+)","nonce"/.exec(recorded.data)![1]!;
  // Beside first, so that it is not always the thread of the keyring that takes the key over.
  const beside = textIn(openEvent(recorded, log, reader).event.content);
  await keyring.load([key]);
  tell({ kind: 'opened', text: textIn(openEvent(recorded, log, keyring).event.content), beside, ms: performance.now() - from });
};

createInterface(process.stdin).on('line', (line) => void openOne(JSON.parse(line) as RecordedEvent).catch((cause: unknown) => tell({ kind: 'failed', sentence: String(cause) }))).on('close', () => void keyring.close().then(() => process.exit()));

const sealOne = async (): Promise<void> => {
  const text = uuidv4();
  const stream = `conversation-${uuidv4()}`;
  const event = aPostedText(text);
  await keyring.ready([scopeOf(stream, event.data, 'text')]);
  tell({ kind: 'sealed', text, recorded: aRecordedEvent(keyring, { stream, event, log }) });
};

/** As a person tries again: a refusal needs no disk, and would be told a thousand times a second. */
const refused = async (cause: unknown): Promise<void> => {
  tell({ kind: 'failed', sentence: String(cause) });
  await new Promise((resolve) => setTimeout(resolve, 20));
};

for (let n = 0; n < Number(altogether); n += Number(atOnce)) {
  // Without a turn of the loop between them nothing else would be heard.
  await new Promise(setImmediate);
  await Promise.all(Array.from({ length: Number(atOnce) }, sealOne)).catch(refused);
}
tell({ kind: 'done' });
