/** Facts in `settings`. Values are canonical JSON texts, so that before and after can be shown as they were. */
/** From wide to narrow; the narrowest that says something counts. `id` of a class: its name as `nameKey` compares it. */
export type SettingScope = { readonly kind: 'global' | 'server' | 'class' | 'account'; readonly id: string | null };
export type SettingPut = { type: 'SettingPut'; data: { at: number; before: string | null; by: string; name: string; scope: SettingScope; value: string } };
export type SettingCleared = { type: 'SettingCleared'; data: { at: number; before: string | null; by: string; name: string; scope: SettingScope } };
export type SettingsEvent = SettingPut | SettingCleared;
