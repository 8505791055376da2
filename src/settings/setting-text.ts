import { settingsCatalogue, type SettingName } from '../contract/administration.ts';
import { canonical } from '../kernel/canonical.ts';
import { refuse, type Refusal } from '../kernel/refusal.ts';

/** The value as it is recorded, canonical JSON; or why it is unfit, with the limit that it breaks where there is one. */
export const settingText = (name: SettingName, value: unknown): string | Refusal => {
  const parsed = settingsCatalogue[name].schema.safeParse(value);
  if (!parsed.success) return valueUnfit(name, parsed.error.issues.at(-1));
  if (typeof parsed.data === 'string') return parsed.data.isWellFormed() ? canonical(parsed.data) : valueUnfit(name, undefined);
  // JSON knows a zero below zero, the record does not; to people it is the same number.
  return canonical(parsed.data === 0 ? 0 : parsed.data);
};

type Issue = { readonly code?: string | undefined; readonly origin?: string; readonly minimum?: unknown; readonly maximum?: unknown };

const valueUnfit = (name: SettingName, issue: Issue | undefined): Refusal => {
  const unit = issue?.origin === 'string' ? ' characters' : '';
  if (issue?.code === 'too_big') return refuse('value-unfit', `This setting takes at most ${String(issue.maximum)}${unit}. Nothing was changed.`, Number(issue.maximum));
  if (issue?.code === 'too_small') return refuse('value-unfit', `This setting takes at least ${String(issue.minimum)}${unit}. Nothing was changed.`, Number(issue.minimum));
  const kind = { boolean: 'true or false', number: 'a whole number', string: 'a text' }[typeof settingsCatalogue[name].default as 'boolean' | 'number' | 'string'];
  return refuse('value-unfit', `This setting takes ${kind}. Nothing was changed.`);
};
