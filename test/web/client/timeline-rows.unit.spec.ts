import { describe, expect, it } from 'vitest';
import type { LifeLine, TimelineLine } from '#src/contract/timeline.ts';
import { rowsOf, type Divider } from '#web/screens/conversation/timeline-rows.ts';
import { aMessageLine, idOf } from './timeline-makers.ts';

const noon = new Date(2026, 10, 20, 12).getTime();
const minute = 60_000;
const me = idOf(1);
const said = (revision: number, minutes: number, more: Partial<ReturnType<typeof aMessageLine>> = {}) => aMessageLine({ revision, at: noon + minutes * minute, ...more });
const joined = (revision: number, who: number): LifeLine => ({ kind: 'life', revision, at: noon + revision, what: 'joined', account: idOf(who), by: idOf(who), title: null, importedSaidAt: null });
const drawn = (lines: readonly TimelineLine[], divider: Divider | null = null): string[] =>
  rowsOf(lines, [], divider, me).map((row) => (row.kind === 'message' ? (row.startsRun ? 'starts' : 'follows') : row.kind === 'life' ? `life ${row.lines.length}` : row.kind));

describe('the rows of a timeline', () => {
  it('group what one author says within five minutes', () => expect(drawn([said(0, 0), said(1, 5), said(2, 11), said(3, 12, { author: me })])).toEqual(['day', 'starts', 'follows', 'starts', 'starts']));
  it('begin a run with a reply, an action and at the edge of an import', () => {
    expect(drawn([said(0, 0), said(1, 1, { replyTo: idOf(0) }), said(2, 2, { form: 'action' })])).toEqual(['day', 'starts', 'starts', 'starts']);
    expect(drawn([said(0, 0, { importedSaidAt: noon }), said(1, 1)])).toEqual(['day', 'starts', 'starts']);
  });
  it('mark each day once, by the time the source of an import states', () => {
    expect(drawn([said(0, 0), said(1, 1), said(2, 24 * 60)])).toEqual(['day', 'starts', 'follows', 'day', 'starts']);
    expect(drawn([said(0, 0, { importedSaidAt: noon - 40 * 24 * 60 * minute }), said(1, 1)])).toEqual(['day', 'starts', 'day', 'starts']);
  });
  it('put the divider before the first unread line and begin a run after it', () => expect(drawn([said(0, 0), said(1, 1), said(2, 2)], { revision: 1, at: null })).toEqual(['day', 'starts', 'divider', 'starts', 'follows']));
  it('show several who join as one line', () => expect(drawn([joined(0, 5), joined(1, 6), said(2, 0), joined(3, 7)])).toEqual(['day', 'life 2', 'starts', 'life 1']));
  it('have a key each, also when days come back in an import', () => {
    const rows = rowsOf([said(0, 0), said(1, 24 * 60), said(2, 1)], [], null, me);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
  });
});
