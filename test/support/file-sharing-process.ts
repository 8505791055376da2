import { createHash, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '#appliance/config.ts';
import { folderStore } from '#appliance/files/folder-store.ts';
import type { BlobStore } from '#appliance/files/blob-store.ts';
import { Uploads, uploadName } from '#appliance/files/uploads.ts';
import { openHouse } from '#appliance/house/house.ts';
import { openAccount } from '#src/accounts/open-account.ts';
import { openGroup } from '#src/conversations/open-group.ts';
import { reserveUpload } from '#src/files/reserve-upload.ts';
import { settleQuota } from '#src/files/settle-quota.ts';
import { shareFile, type StoredFile } from '#src/files/share-file.ts';
import { uuidv4 } from '#src/kernel/ids.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import { group, sharer, type Gap, type ToldBySharing } from './file-sharing.ts';

/**
 * A process that shares files one after the other, by the real steps on a real log, and tells each on stdout; it kills itself in one of the
 * gaps between bytes and event. `event-first` is a broken build: it records before the bytes are in their place.
 * Arguments: data folder, gap, after how many files, mode.
 */
const [folder = '', gap = 'none', after = '2', mode = 'sound'] = process.argv.slice(2);

const tell = (told: ToldBySharing): void => void process.stdout.write(`${JSON.stringify(told)}\n`);
let files = 0;
const dieIn = (here: Gap): void => {
  if (here === gap && files > Number(after)) process.kill(process.pid, 'SIGKILL');
};

const run = async (): Promise<void> => {
  const house = await openHouse(readConfig({ HANSARD_DATA: folder, HANSARD_PORT: '0', HANSARD_RESERVE_BYTES: '0' }));
  const actor = { kind: 'account', id: sharer } as const;
  const must = <T>(result: T): Exclude<T, { refused: true }> => {
    if (isRefusal(result)) throw new Error(result.sentence);
    return result as Exclude<T, { refused: true }>;
  };
  if (!house.standing.account(sharer)) {
    must(await house.commandAs({ kind: 'operator', id: 'test' }, openAccount, { account: sharer, signInName: 'alice', displayName: 'Alice', roles: ['employee'], tokenHash: 'none', expiresAt: Date.now() + 60_000 }));
    must(await house.commandAs(actor, openGroup, { conversationId: group, title: 'Files', members: [] }));
  }
  const filesFolder = join(folder, 'files');
  mkdirSync(filesFolder, { recursive: true });
  const sound = folderStore(filesFolder);
  if ((await sound.readMark()) === undefined) await sound.writeMark(JSON.stringify({ log: house.logId }));
  let late: (() => Promise<void>) | undefined;
  const store: BlobStore = {
    ...sound,
    async put(blob, path) {
      dieIn('address-known');
      if (mode === 'event-first') late = () => sound.put(blob, path);
      else await sound.put(blob, path);
      dieIn('bytes-in-place');
    },
  };
  const wrap = createSecretKey(Buffer.from(hkdfSync('sha256', house.keyring.logSecret, '', 'hansard/uploads/1', 32)));
  const uploads = new Uploads(join(filesFolder, 'uploads'), wrap, store);
  tell({ kind: 'ready' });
  for (;;) {
    files += 1;
    const fileId = uuidv4();
    const bytes = randomBytes((files * 70_001) % 400_000);
    const told = { fileId, hash: createHash('sha256').update(bytes).digest('base64url'), size: bytes.length };
    const { value: membership } = await house.views.ask('desk.membership', { account: sharer, conversationId: group }, house.hub.position);
    must(await house.commandAs(actor, reserveUpload, { conversationId: group, fileId, name: 'x.bin', size: bytes.length, membership: membership ?? undefined }));
    tell({ kind: 'begun', ...told });
    dieIn('reserved');
    const name = uploadName(sharer, fileId);
    await uploads.begin(name, bytes.length);
    await uploads.offset(name);
    await uploads.append(name, 0, bytes);
    dieIn('bytes-staged');
    const stored: StoredFile | undefined = await uploads.stored(name);
    dieIn('stored');
    must(await house.commandAs(actor, shareFile, { conversationId: group, fileId, name: 'x.bin', stored }));
    tell({ kind: 'shared', ...told });
    dieIn('recorded');
    await late?.();
    await uploads.forget(name);
    dieIn('forgotten');
    must(await house.commandAs({ kind: 'system', id: 'appliance' }, settleQuota, { account: sharer, bytes: bytes.length, fileId }));
  }
};

await run();
