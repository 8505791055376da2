import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { configRows, isSecret, placesIn, readConfig } from '#appliance/config.ts';
import { reachAppliance } from '#appliance/operator/ask-appliance.ts';
import { printReply, type Printing } from './print.ts';
import { exitCodes } from './verb.ts';

/** Every variable, its value, and where the value comes from. Throws `Fault` for a variable that is unknown or unfit. */
export const configPrint = (printing: Printing): number => {
  const rows = configRows(process.env).map((row) => (row.value !== null && isSecret(row.name) ? { ...row, value: '(secret)' } : row));
  const wide = Math.max(...rows.map(({ name }) => name.length));
  return printReply({ is: 'answer', exit: exitCodes.fine, output: { settings: rows }, says: rows.map(({ name, value, source }) => `${name.padEnd(wide)}  ${value ?? '(not set)'}${source === 'default' ? '' : `  (${source === 'file' ? `from ${name}_FILE` : 'from the environment'})`}`) }, printing);
};

type Finding = { readonly fine: boolean; readonly says: string };

/** Whether the appliance would start with this configuration, and what would be in its way. Nothing is changed. */
export const configCheck = async (printing: Printing): Promise<number> => {
  const config = readConfig(process.env);
  const running = await reachAppliance(placesIn(config.dataFolder).operatorSocket);
  running?.destroy();
  const findings: readonly Finding[] = [
    folderFinding(config.dataFolder),
    ...(config.tls ? [fileFinding('certificate', config.tls.cert), fileFinding('key', config.tls.key)] : []),
    { fine: true, says: running ? 'An appliance runs on this data folder.' : 'No appliance runs on this data folder.' },
    { fine: true, says: `People reach it at ${config.publicUrl ?? `http://localhost:${config.port}`}.` },
  ];
  const fine = findings.every((finding) => finding.fine);
  return printReply({ is: 'answer', exit: fine ? exitCodes.fine : exitCodes.misused, output: { fine, findings }, says: findings.map((finding) => `${finding.fine ? 'ok  ' : 'FAIL'}  ${finding.says}`) }, printing);
};

const folderFinding = (folder: string): Finding => {
  const lowest = existsSync(folder) ? folder : dirname(folder);
  try {
    accessSync(lowest, constants.R_OK | constants.W_OK | constants.X_OK);
    return { fine: true, says: existsSync(folder) ? `The data folder ${folder} can be written.` : `The data folder ${folder} will be made.` };
  } catch {
    return { fine: false, says: `${lowest} cannot be written, so there can be no data folder at ${folder}.` };
  }
};

const fileFinding = (what: string, file: string): Finding => {
  try {
    const isPem = readFileSync(file, 'utf8').includes('-----BEGIN ');
    return { fine: isPem, says: isPem ? `The ${what} ${file} can be read.` : `The ${what} ${file} is not a PEM file.` };
  } catch {
    return { fine: false, says: `The ${what} ${file} cannot be read.` };
  }
};
