import { z } from 'zod';
import { importJsonl, type ImportReport } from '#appliance/import/import-jsonl.ts';
import { importedSpaceId } from '#appliance/import/found-imported-space.ts';
import { letIntoSpace } from '#src/import/let-into-space.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import { accountNamed } from './account-named.ts';
import { operator, verb } from './verb.ts';

const rows: readonly (readonly [key: keyof ImportReport['table'], says: string])[] = [
  ['linesRead', 'lines read'],
  ['messages', 'messages'],
  ['actions', 'actions'],
  ['joins', 'joins'],
  ['leaves', 'leaves'],
  ['joinsSeenTwice', 'joins seen twice, recorded as second joins'],
  ['joinsAfterAssumed', 'joins seen after an assumed one, recorded'],
  ['joinsAssumed', 'joins never seen, added and marked as assumed'],
  ['timesGoneBack', 'times that went back, kept as said'],
  ['emptyTexts', 'empty texts, kept'],
  ['nicknames', 'nicknames'],
  ['rooms', 'rooms'],
  ['recorded', 'lines recorded now'],
  ['alreadyThere', 'lines already there'],
  ['refused', 'lines refused'],
];

export const tableSays = ({ table }: Pick<ImportReport, 'table'>): readonly string[] => {
  const wide = Math.max(...rows.map(([key]) => Number(table[key]).toLocaleString('en').length));
  return [
    ...rows.map(([key, says]) => `${Number(table[key]).toLocaleString('en').padStart(wide)}  ${says}`),
    ...Object.entries(table.refusedByReason).map(([reason, count]) => `${''.padStart(wide)}  refused, ${reason}: ${count}`),
    ...table.refusedLines.map(({ line, reason }) => `${''.padStart(wide)}  line ${line}: ${reason}`),
  ];
};

export const importJsonlVerb = verb({
  name: 'import.jsonl',
  input: z.strictObject({ file: z.string().min(1).max(4_096), into: z.string().max(200).optional(), letIn: z.array(z.string().max(64)).max(100) }),
  async run(house, { file, into, letIn }, { onProgress, signal }) {
    const people = [];
    for (const name of letIn) {
      const account = await accountNamed(house, name);
      if (isRefusal(account)) return account;
      people.push({ name, account });
    }
    const report = await importJsonl(house, { file, into, signal, onProgress: (done, of) => onProgress(done, of, 'Importing') });
    if (isRefusal(report)) return report;
    for (const { account } of people) {
      const result = await house.commandAs(operator, letIntoSpace, { space: importedSpaceId(house, report.into), account });
      if (isRefusal(result) && result.code !== 'nothing-to-record') return result;
    }
    const { before, table, seconds } = report;
    return {
      output: { ...report, letIn },
      says: [
        before ? 'This file was imported before. Nothing was recorded twice.' : `Imported into the space "${report.into}" in ${seconds} s.`,
        ...tableSays({ table }),
        letIn.length > 0 ? `${letIn.join(', ')} can open it now, and invite others.` : 'Nobody of yours is in this space. Run it again with --let-in NAME to let somebody in.',
      ],
    };
  },
});
