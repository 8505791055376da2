import { z } from 'zod';
import { configCatalogue } from '#appliance/config.ts';
import { settingsCatalogue } from '#src/contract/administration.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** `docs/configuration.md`: every variable of the machine and every setting of the workspace. */
export const configurationPage = (): string =>
  [
    '# Configuration',
    '',
    'Made from `appliance/config.ts` and `src/contract/administration.ts` by `npm run docs`; a test checks that it is current.',
    '',
    '## The machine: environment variables',
    '',
    'Read once at start; `hansard config print` shows each with its value and source, `hansard config check` whether it would start. An unknown name that begins with',
    '`HANSARD_` is an error, with what was probably meant. Any of them can be read from a file: `HANSARD_TLS_KEY_FILE=/run/secrets/key` and so on.',
    '',
    '| variable | default | says |',
    '| --- | --- | --- |',
    ...Object.entries(configCatalogue).map(([name, { default: fallback, says }]) => `| \`${name}\` | ${fallback === null ? 'not set' : `\`${fallback}\``} | ${cell(says)} |`),
    '',
    '## The workspace: settings',
    '',
    'Put and cleared by administrators in the browser; every change is an event with its author. They hold for everybody at once.',
    '',
    '| setting | default | what fits | says |',
    '| --- | --- | --- | --- |',
    ...Object.entries(settingsCatalogue).map(([name, { schema, default: fallback, says }]) => `| \`${name}\` | \`${JSON.stringify(fallback)}\` | ${fits(schema)} | ${cell(says)} |`),
    '',
    '## The data folder',
    '',
    '| in it | what it is |',
    '| --- | --- |',
    '| `log.sqlite` | the log: the one thing that cannot be made again. Back it up before `keys/` |',
    '| `log-copy.sqlite` | with `HANSARD_LOG`: what this node has read of the log. Can be deleted while nothing runs; it is read anew |',
    '| `node.json` | with `HANSARD_KEYS`: which node this is. Never copy a data folder to make a second node |',
    '| `keys/` | the keyring (0700). Without it content cannot be read and the log not be continued |',
    '| `views/` | read models. Can be deleted while nothing runs; they are made anew from the log |',
    '| `downloads/` | what is being put together for somebody. Can be deleted |',
    '| `operator.sock` | where `hansard` talks to the running appliance (0600) |',
    '| `first-link.json` | the link that makes the first administrator, until it is used (0600) |',
    '| `instant.json` | how far the instant index is (0600). Can be deleted |',
    '| `link-previews.json` | how far the previews of links are (0600). Can be deleted |',
    '| `process-managers.json` | how far the appliance has reacted to its own events |',
    '',
  ].join('\n');

const fits = (schema: z.ZodType): string => {
  const { type, minimum, maximum, maxLength, minLength } = z.toJSONSchema(schema) as { type?: string; minimum?: number; maximum?: number; maxLength?: number; minLength?: number };
  if (type === 'integer') return `${minimum} to ${maximum}`;
  if (type === 'boolean') return 'true or false';
  return type === 'string' && maxLength !== undefined ? `text of ${minLength ?? 0} to ${maxLength}` : String(type);
};
