import type { Content, DecidedEvent, JsonObject } from '../kernel/event.ts';
import { Fault } from '../kernel/fault.ts';
import { idOf } from '../kernel/streams.ts';

export type SealingClass = 'text' | 'file' | 'title' | 'profile' | 'access' | 'call' | 'case';

/** What one data key covers (ARCHITECTURE section 6). `month` is `YYYY-MM` in UTC, null where content lives as long as its subject. */
export type Scope = { readonly stream: string; readonly subject: string; readonly class: SealingClass; readonly month: string | null };

type SubjectRule = 'author' | 'stream';
type PartRule = { readonly class: SealingClass; readonly subject: SubjectRule; readonly monthly: boolean };

/** Part name to scope. A new part is a new line here, and from then on for ever: old events are opened by it. */
const partTable: { readonly [part: string]: PartRule | undefined } = {
  text: { class: 'text', subject: 'author', monthly: true },
  reaction: { class: 'text', subject: 'author', monthly: true },
  preview: { class: 'text', subject: 'author', monthly: true },
  file: { class: 'file', subject: 'author', monthly: true },
  call: { class: 'call', subject: 'author', monthly: true },
  invitation: { class: 'access', subject: 'stream', monthly: true },
  title: { class: 'title', subject: 'stream', monthly: true },
  profile: { class: 'profile', subject: 'stream', monthly: false },
  credential: { class: 'profile', subject: 'stream', monthly: false },
  access: { class: 'access', subject: 'stream', monthly: true },
  case: { class: 'case', subject: 'stream', monthly: true },
};

/** The scope of one part. Throws `Fault` for a part without a rule, or data that lacks the author or the time the rule asks for. */
export const scopeOf = (stream: string, data: JsonObject, part: string): Scope => {
  const rule = partTable[part];
  if (!rule) throw new Fault(`No rule says whose data the part "${part}" is.`);
  return {
    stream,
    subject: rule.subject === 'stream' ? idOf(stream) : authorOf(data),
    class: rule.class,
    month: rule.monthly ? monthOf(saidAt(data)) : null,
  };
};

/** The scopes of all parts of a decided event: their keys must be ready before it can be sealed. */
export const scopesOf = (stream: string, event: DecidedEvent): readonly Scope[] =>
  partsOf(event.content).map((part) => scopeOf(stream, event.data, part));

/** The names of the parts that are there, in the order in which they are sealed. */
export const partsOf = (content: Content | undefined): readonly string[] =>
  content ? Object.keys(content).filter((part) => content[part] !== undefined).sort() : [];

/** One text for one scope; ids and stream names hold no slash. */
export const scopeName = (scope: Scope): string => `${scope.stream}/${scope.subject}/${scope.class}/${scope.month ?? ''}`;

const authorOf = (data: JsonObject): string => {
  if (typeof data['author'] !== 'string') throw new Fault('This part belongs to an author, and the event names none.');
  return data['author'];
};

/** An imported line was said when its source says, not when it was imported. */
const saidAt = (data: JsonObject): number => {
  const imported = data['imported'] as JsonObject | undefined;
  const at = imported?.['saidAt'] ?? data['at'];
  if (typeof at !== 'number') throw new Fault('The key of this part lasts a month, and the event has no time.');
  return at;
};

// Nearly every message is of the month of the one before.
let month = '';
let monthFrom = 0;
let monthTo = 0;

/** `YYYY-MM` in UTC of a time in milliseconds. */
export const monthOf = (at: number): string => {
  if (at >= monthFrom && at < monthTo) return month;
  const date = new Date(at);
  month = date.toISOString().slice(0, -17);
  monthFrom = Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
  monthTo = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
  return month;
};
