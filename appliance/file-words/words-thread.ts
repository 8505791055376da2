import { parentPort, workerData } from 'node:worker_threads';
import type { WordsAsked, WordsThreadData } from './words-client.ts';
import { WordsStore } from './words-store.ts';

/** Keeps the words and looks them up, so that the thread that answers people never waits for it. */
const { file, logId } = workerData as WordsThreadData;
const port = parentPort!;
const store = new WordsStore(file, logId);

const answerTo = (asked: WordsAsked): unknown => {
  switch (asked.do) {
    case 'progress': return store.progress();
    case 'put': return store.put(asked.place, asked.reading, asked.progress);
    case 'forget': return store.forget(asked.place);
    case 'clear': return store.clear();
    case 'missing': return store.missing();
    case 'find': return store.find(asked.params);
    case 'insides': return store.insides(asked.positions, asked.words);
  }
};

port.on('message', (message: 'stop' | (WordsAsked & { readonly n: number })) => {
  if (message === 'stop') {
    store.close();
    return port.close();
  }
  try {
    port.postMessage({ n: message.n, answer: answerTo(message) });
  } catch (cause) {
    port.postMessage({ n: message.n, failed: cause instanceof Error ? cause.message : String(cause) });
  }
});
