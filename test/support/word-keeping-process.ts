import { WordsStore } from '#appliance/file-words/words-store.ts';

/** Keeps the words of file after file until it is killed, and says after each how far it has come. Arguments: the store's file, where to begin. */
const [file, from] = process.argv.slice(2);
const store = new WordsStore(file!, 'log');
for (let position = Number(from); ; position += 1) {
  const progress = { position, leafHash: `leaf ${position}` };
  store.put({ position, conversationId: 'conversation', fileId: `file ${position}` }, position % 3 === 0 ? { state: 'encrypted', text: '' } : { state: 'read', text: `word${position} ${'and more '.repeat(200)}` }, progress);
  process.stdout.write(`${position}\n`);
}
