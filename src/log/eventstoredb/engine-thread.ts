import { parentPort, workerData } from 'node:worker_threads';

import { BrokenIntegrity, Fault } from '../../kernel/fault.ts';
import type { EventToAppend } from '../event-log.ts';
import { fieldsPerEvent } from '../sqlite/messages.ts';
import { Engine } from './engine.ts';
import type { LeafRule } from './leaf-rule.ts';
import { fieldsPerAppend, type EngineData, type FromEngine, type Parcel, type ToEngine } from './messages.ts';

const port = parentPort!;
const data = workerData as EngineData;
const post = (message: FromEngine): void => port.postMessage(message);

const takeIn = (engine: Engine, parcel: Parcel): void => {
  for (let at = 0; at < parcel.length; ) {
    const [ticket, stream, expected, count] = parcel.slice(at, at + fieldsPerAppend) as [number, string, number, number];
    at += fieldsPerAppend;
    const events: EventToAppend[] = [];
    for (let i = 0; i < count; i += 1, at += fieldsPerEvent) {
      const [id, type, body, metadata, leafHash] = parcel.slice(at, at + fieldsPerEvent) as [string, string, string, string, string];
      events.push({ id, type, data: body, metadata, leafHash });
    }
    engine.append(ticket, stream, expected, events);
  }
  engine.flush();
};

const obey = (engine: Engine, message: ToEngine): void => {
  if (Array.isArray(message)) takeIn(engine, message);
  else if (message.kind === 'make-current') engine.makeCurrent(message.request);
  else void engine.close().then(() => post({ kind: 'closed' }));
};

try {
  const engine = new Engine(data, (await import(data.ruleHref)) as LeafRule, post);
  port.on('message', (message: ToEngine) => obey(engine, message));
  await engine.begin();
} catch (error) {
  const broken = error instanceof BrokenIntegrity;
  const { message } = error as Error;
  // Our own errors are sentences already.
  post({ kind: 'unfit', sentence: broken || error instanceof Fault ? message : `The log at EventStoreDB cannot be opened: ${message}.`, broken });
  port.close();
}
