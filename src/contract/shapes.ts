import { z } from 'zod';
import { limits } from './limits.ts';

const uuidText = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const noControls = /^[^\u0000-\u001f\u007f]*$/;

/** Lower case, any version; ids are never secrets. */
export const id = z.string().regex(uuidText, 'an id: a lower-case UUID');
export const at = z.int().min(0);
export const revision = z.int().min(-1);
/** What was said is recorded as it was said; only lone surrogates are refused. */
const wellFormed = (text: string): boolean => text.isWellFormed();
export const messageText = z.string().min(1).max(limits.messageTextMax).refine(wellFormed, 'well-formed Unicode');
export const line = (max: number) => z.string().min(1).max(max).regex(noControls, 'no control characters').refine(wellFormed, 'well-formed Unicode').refine((t) => t.trim() !== '', 'at least one visible character');
export const optionalLine = (max: number) => z.string().max(max).regex(noControls, 'no control characters').refine(wellFormed, 'well-formed Unicode');
export const signInName = z.string().max(limits.signInNameMax).regex(/^[a-z0-9][a-z0-9._-]*$/, 'letters a-z, digits, dot, underscore and hyphen');
export const password = z.string().max(limits.passwordMax);
export const newPassword = z.string().min(limits.passwordMin).max(limits.passwordMax);
export const role = z.enum(['employee', 'officer', 'administrator']);
export const presenceState = z.enum(['available', 'away', 'busy', 'offline']);
export type PresenceState = z.infer<typeof presenceState>;
/** `account` is an account id or 'everyone'; places in UTF-16 units, `to` exclusive. */
export const mentionPlace = z.strictObject({ account: z.union([id, z.literal('everyone')]), from: z.int().min(0), to: z.int().min(0) });
export type MentionPlace = z.infer<typeof mentionPlace>;
export const ranges = z.array(z.tuple([z.int(), z.int()]));
/** Inclusive [from, to] pairs, ascending, not touching. */
export type Ranges = z.infer<typeof ranges>;
