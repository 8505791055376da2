import { nameKey } from '../contract/names.ts';
import type { SettingScope } from './events.ts';

export const globalScope: SettingScope = { id: null, kind: 'global' };

/** A class is one scope, however its name is written. */
export const classScope = (name: string): SettingScope => ({ id: nameKey(name), kind: 'class' });
