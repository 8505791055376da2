import { accountAdd, accountClass, accountList, accountPasswordLink, accountRestore, accountRole, accountSuspend } from './account.ts';
import { health } from './health.ts';
import { iceAdd, iceGet, iceRemove, iceTest } from './ice.ts';
import { importJsonlVerb } from './import-jsonl.ts';
import { rebuild } from './rebuild.ts';
import type { Verb } from './verb.ts';

/** What a running appliance does when its operator asks. */
export const everyVerb: readonly Verb[] = [accountAdd, accountClass, accountList, accountPasswordLink, accountRestore, accountRole, accountSuspend, health, iceAdd, iceGet, iceRemove, iceTest, importJsonlVerb, rebuild];
