import type { House } from '#appliance/house/house.ts';
import type { Downloads } from '#appliance/web/download-routes.ts';
import { recordAuditLook } from '#src/archive/record-audit-look.ts';
import { exportAudit, readAudit, type AuditRow } from '#src/contract/archive.ts';
import { limits } from '#src/contract/limits.ts';
import { serve, type Caller, type Served } from '#src/doors/door.ts';
import { canonical } from '#src/kernel/canonical.ts';
import { isRefusal } from '#src/kernel/refusal.ts';

type Filter = { readonly kinds: readonly AuditRow['kind'][]; readonly person?: string | undefined; readonly from?: number | undefined; readonly until?: number | undefined };

const exportPage = 1_000;

/** The audit log: who oversees is overseen, so reading it is recorded too. */
export const auditEndpoints = (house: House, downloads: Downloads): readonly Served[] => {
  const ask = (filter: Filter, { roles }: Caller, limit: number, before: number | undefined) => {
    const { kinds, person, from, until } = filter;
    const given = { ...(person !== undefined && { person }), ...(from !== undefined && { from }), ...(until !== undefined && { until }), ...(before !== undefined && { before }) };
    // Reasons and queries are the officers'; whoever runs the appliance sees that they looked, not for what.
    return house.views.ask('audit.rows', { kinds, limit, tellsReasons: roles.has('officer'), ...given }, house.hub.position);
  };
  const recorded = (filter: Filter): string => canonical({ ...filter });
  return [
    serve(readAudit, async ({ before, ...filter }, call) => {
      const looked = await house.command(recordAuditLook, { export: false, filter: recorded(filter) }, call, { appendClass: 'essential' });
      if (isRefusal(looked)) return looked;
      const { position, value } = await ask(filter, call.caller, limits.auditPage, before);
      return { position, total: value.total, rows: [...value.rows], next: value.next };
    }),
    serve(exportAudit, async (filter, call) => {
      const looked = await house.command(recordAuditLook, { export: true, filter: recorded(filter) }, call, { appendClass: 'essential' });
      if (isRefusal(looked)) return looked;
      const { value } = await ask(filter, call.caller, 1, undefined);
      const csv = async function* (): AsyncGenerator<string> {
        yield `${columns.join(',')}\r\n`;
        for (let before: number | undefined; ; ) {
          const { value: page } = await ask(filter, call.caller, exportPage, before);
          for (const row of page.rows) yield `${lineOf(row)}\r\n`;
          if (page.next === null) return;
          before = page.next;
        }
      };
      const { url } = downloads.offer({ account: call.caller.account, policy: exportAudit.policy }, `hansard-audit-${new Date(call.at).toISOString().slice(0, 10)}.csv`, value.total, { csv });
      return { url, count: value.total };
    }),
  ];
};

const columns = ['position', 'time', 'kind', 'type', 'by', 'by name', 'subject', 'subject name', 'says', 'door', 'address'];

const lineOf = (row: AuditRow): string =>
  [String(row.position), new Date(row.at).toISOString(), row.kind, row.type, row.by, row.byName, row.subject ?? '', row.subjectName ?? '', row.says, row.door, row.address ?? ''].map(cell).join(',');

/** RFC 4180; a cell that a spreadsheet would take for a formula is marked as text. */
const cell = (text: string): string => `"${(/^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
