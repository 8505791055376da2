import type { AuditRow } from '#src/contract/archive.ts';
import type { IconName } from '../../elements/icons.ts';

/** The kinds of the audit log in the order people look for them, with their word and their drawing. */
export const auditKinds: readonly (readonly [kind: AuditRow['kind'], word: string, drawing: IconName])[] = [
  ['sign-in', 'Sign-ins', 'log-in'],
  ['refusal', 'Refusals', 'lock'],
  ['role', 'Roles', 'user-check'],
  ['account', 'Accounts', 'user'],
  ['inquiry', 'Inquiries', 'scale'],
  ['export', 'Exports', 'package'],
  ['download', 'Downloads', 'download'],
  ['setting', 'Settings', 'sliders-horizontal'],
  ['custody', 'Custody', 'shield-check'],
  ['space', 'Spaces', 'messages-square'],
];

const drawings = new Map(auditKinds.map(([kind, , drawing]) => [kind, drawing]));
export const drawingOf = (kind: AuditRow['kind']): IconName => drawings.get(kind) ?? 'info';

const doors: Readonly<Record<string, string>> = { web: 'browser', cli: 'command line', xmpp: 'XMPP', import: 'import', system: 'the appliance itself' };
/** Where somebody came from: the door in words and the address, as far as it is known. */
export const fromWhere = (row: AuditRow): string => [doors[row.door] ?? row.door, row.address].filter((part) => part !== null && part !== '').join(', ');
