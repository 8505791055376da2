import { openSqliteLog } from '#src/log/sqlite/open-sqlite-log.ts';
import { aFolder } from '#test/support/log-makers.ts';
import { logContract } from './log-contract.ts';

logContract('the embedded engine', async () => {
  const { file, remove } = await aFolder();
  return { open: () => openSqliteLog({ file, reserveBytes: 0 }), remove };
});
