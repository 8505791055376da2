import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';

import { BrokenIntegrity, Fault } from '../../kernel/fault.ts';
import { closing, type AppendParcel, type FromWriter, type WriterData } from './messages.ts';
import { LogWriter } from './writer.ts';

/** More would make those who came first wait for those who came last. In fields of a parcel, about five per event. */
const commitFieldsMax = 20_000;

const port = parentPort!;
const data = workerData as WriterData;
const post = (message: FromWriter): void => port.postMessage(message);

const open = (): LogWriter | undefined => {
  try {
    const writer = new LogWriter(data);
    post({ kind: 'ready', size: writer.size });
    return writer;
  } catch (error) {
    const broken = error instanceof BrokenIntegrity;
    const { message } = error as Error;
    // Our own errors are sentences already.
    const sentence = broken || error instanceof Fault ? message : `The log ${data.file} cannot be opened: ${message}.`;
    post({ kind: 'unfit', sentence, broken });
    return undefined;
  }
};

const writer = open();
let isStopped = false;

/** What gathered while the last commit was flushed goes into the next one. */
const gather = (first: AppendParcel): { parcels: AppendParcel[]; isClosing: boolean } => {
  const parcels = [first];
  let fields = first.length;
  while (fields < commitFieldsMax) {
    const next = receiveMessageOnPort(port)?.message as AppendParcel | typeof closing | undefined;
    if (next === undefined || next === closing) return { parcels, isClosing: next === closing };
    parcels.push(next);
    fields += next.length;
  }
  return { parcels, isClosing: false };
};

const commit = (parcels: readonly AppendParcel[]): void => {
  if (isStopped) return;
  try {
    post(writer!.commit(parcels));
    writer!.settle();
  } catch (error) {
    // Whatever it was: what is on the disk is in doubt, and a flush is never tried again (ARCHITECTURE section 5).
    isStopped = true;
    post({ kind: 'stopped', sentence: `Writing to the log failed and has stopped for good: ${(error as Error).message}.` });
  }
};

const end = (): void => {
  port.close();
  writer!.close();
};

if (!writer) port.close();
else {
  port.on('message', (message: AppendParcel | typeof closing) => {
    if (message === closing) {
      end();
      return;
    }
    const { parcels, isClosing } = gather(message);
    commit(parcels);
    if (isClosing) end();
  });
}
