import { recordClockAnomaly } from '#src/custody/record-clock-anomaly.ts';
import type { Clock } from '#src/kernel/clock.ts';
import type { House } from './house.ts';
import { theAppliance } from './the-appliance.ts';

const everyMs = 10_000;
const jumpMs = 60_000;
/** Between the times of one machine; between those of several, whose clocks differ. */
const toleratedMs = { alone: 1_000, shared: 30_000 } as const;

/**
 * Compares the clock on the wall with one that only runs forwards. A clock that goes back, or jumps by more than a minute, is
 * recorded: times are evidence, and disposal waits for an officer after it. Returns what ends the watch.
 */
export const watchClock = (commandAs: House['commandAs'], clock: Clock, lastRecordedAt: number, isShared: boolean, onFault: (cause: unknown) => void): (() => void) => {
  let wall = clock();
  let steady = performance.now();
  const record = (before: number, now: number): void => void commandAs(theAppliance, recordClockAnomaly, { before, now }, { appendClass: 'essential' }).catch(onFault);
  // What the log says happened later than now cannot be: the clock went back while nothing ran.
  if (lastRecordedAt > wall + toleratedMs[isShared ? 'shared' : 'alone']) record(lastRecordedAt, wall);
  const timer = setInterval(() => {
    const expected = Math.round(wall + (performance.now() - steady));
    const now = clock();
    if (now < wall || Math.abs(now - expected) > jumpMs) record(expected, now);
    wall = now;
    steady = performance.now();
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
};
