import { refuse } from '../kernel/refusal.ts';

export const linkPreviewNotFound = refuse('link-preview-not-found', 'There is no such preview of yours under this message. Nothing was changed.');
