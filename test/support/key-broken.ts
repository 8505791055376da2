import { OwnKeyFile } from '#appliance/keys/own-key-file.ts';
import { beginningOf } from '#appliance/keys/key-lines.ts';

/** Preloaded into a process and its threads, a deliberately broken build: it says that a key is in the shared folder, and writes it there half a second later. */
const append = OwnKeyFile.prototype.append;
OwnKeyFile.prototype.append = function appendLate(...given): ReturnType<typeof append> {
  setTimeout(() => void append.apply(this, given), 500);
  return Promise.resolve(beginningOf('none'));
};
