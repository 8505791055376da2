import type { LogAlarm } from '#src/log/eventstoredb/alarms.ts';

/** What was done is on record for ever; health reminds of it for a week. What still is stays in health. */
const remindedMs = 7 * 24 * 3600 * 1000;

/** What others did to the log in its database. It is found while the log is opened, before anybody can put it on record. */
export class Alarms {
  readonly #raised = new Map<string, LogAlarm>();
  #tell: ((alarm: LogAlarm) => void) | undefined;

  readonly raise = (alarm: LogAlarm): void => {
    this.#raised.set(alarm.id, alarm);
    this.#tell?.(alarm);
  };

  /** `tell` hears of everything, also of what was raised before. */
  tell(tell: (alarm: LogAlarm) => void): void {
    this.#tell = tell;
    this.#raised.forEach(tell);
  }

  sentences(now: number): readonly string[] {
    return [...this.#raised.values()].filter(({ at }) => at === null || now - at < remindedMs).map(({ sentence }) => sentence);
  }
}
