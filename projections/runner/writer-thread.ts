import { parentPort, workerData } from 'node:worker_threads';
import type { Derived } from '../view.ts';
import { unpack, type FedEvent } from './fed-event.ts';
import type { FromWriter, ThreadData, ToWriter } from './messages.ts';
import { openOpener } from './opener.ts';
import { ViewWriter } from './writer.ts';

const data = workerData as ThreadData;
const port = parentPort!;
const post = (message: FromWriter): void => port.postMessage(message);

const writer = new ViewWriter(data, await openOpener(data.keyring, data.logId));
post({ is: 'ready', missing: writer.missing, head: writer.logHead(), isChecked: writer.isChecked(), progress: writer.progress(), foreign: writer.foreign() });

const report = (derived: readonly Derived[]): void => post({ is: 'progress', progress: writer.progress(), derived, foreign: writer.takeFound() });

let fed: FedEvent[] = [];
let isScheduled = false;
let isCatchingUp = true;

/** What gathered while the last transaction ran goes into the next one. */
const work = (): void => {
  isScheduled = false;
  if (isCatchingUp) {
    isCatchingUp = writer.catchUpPage(report);
    return schedule();
  }
  const events = fed;
  fed = [];
  if (events.length > 0) writer.feed(events, report);
};
const schedule = (): void => {
  if (isScheduled) return;
  isScheduled = true;
  setImmediate(work);
};
schedule();

port.on('message', (message: ToWriter) => {
  switch (message.is) {
    case 'feed':
      fed.push(...unpack(message.parcel));
      return schedule();
    case 'release':
      writer.release(message.view);
      return post({ is: 'released', view: message.view });
    case 'adopt':
      writer.adopt(message.view);
      // The position must be known before anybody may ask.
      report([]);
      post({ is: 'adopted', view: message.view });
      isCatchingUp = true;
      return schedule();
    case 'close':
      if (fed.length > 0 && !isCatchingUp) work();
      writer.close();
      post({ is: 'closed' });
      port.close();
  }
});
