import './outside-memory.ts';
import { resolve } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { Fault } from '#src/kernel/fault.ts';
import { askHouse } from './verbs/ask-house.ts';
import { configCheck, configPrint } from './verbs/config.ts';
import { printFault, type Printing } from './verbs/print.ts';
import { exitCodes } from './verbs/verb.ts';
import { version } from './version.ts';

const program = new Command('hansard');
const printing = (): Printing => ({ json: program.opts<{ json?: boolean }>().json === true });
/** The exit code is set, and the process ends when nothing is left to do. */
const exits = (code: Promise<number> | number): Promise<void> => Promise.resolve(code).then((value) => void (process.exitCode = value));
const asks = (name: string, input: Record<string, unknown>): Promise<void> => exits(askHouse(name, input, printing()));

program
  .description('Messaging for organisations that must be able to prove what was said.')
  .version(version)
  .option('--json', 'print one JSON object and nothing else')
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(text) })
  .addHelpText('after', `
Where it is kept: HANSARD_DATA names the data folder (./data); "hansard config print" lists every variable.
Verbs go to the appliance that runs on that folder; where none runs, the same is done with the doors closed.

Exit codes: ${exitCodes.fine} done, ${exitCodes.failed} refused or failed, ${exitCodes.misused} wrong usage or configuration, ${exitCodes.unhealthy} not healthy.

Examples:
  hansard start
  hansard account add mara --display "Mara Okonjo"
  hansard account role olive officer        the first officer; every later one is approved by an officer
  hansard import jsonl archive.jsonl.gz --into "Old channel" --let-in mara
  hansard health --json`);

program.command('start').description('serve the product until it is stopped').action(async () => exits((await import('./verbs/start.ts')).start()));
program.command('demo').description('serve a small company that has talked already, from a data folder of its own').option('--data <folder>', 'where it is kept; a fresh temporary folder if not given')
  .action(async ({ data }: { data?: string }) => exits((await import('./demo/demo.ts')).demo(data === undefined ? undefined : resolve(data))));

const account = program.command('account').description('people who sign in');
account.command('add').argument('<name>', 'sign-in name').description('open an account and print the link that sets its password')
  .requiredOption('--display <name>', 'name that people see').option('--email <address>')
  .addOption(new Option('--role <role...>', 'role, or several').choices(['employee', 'administrator']).default(['employee']))
  .action((name: string, { display, email, role }: { display: string; email?: string; role: string[] }) => asks('account.add', { name, display, ...(email !== undefined && { email }), role }));
account.command('list').argument('[find]', 'part of a name').description('who is here').action((find = '') => asks('account.list', { find: find as string }));
account.command('suspend').argument('<name>').description('end every session and let nobody sign in').action((name: string) => asks('account.suspend', { name }));
account.command('restore').argument('<name>').description('let a suspended account sign in again').action((name: string) => asks('account.restore', { name }));
account.command('role').argument('<name>').argument('<role>', 'employee, administrator, or officer (the first one only)').description('give a role').action((name: string, role: string) => asks('account.role', { name, role }));
account.command('class').argument('<name>').argument('[class]', 'name of the class; one that nobody has yet begins with it').option('--none', 'no class any more').description('give a class of service, which settings and ICE servers can name')
  .action((name: string, given: string | undefined, { none = false }: { none?: boolean }, command: Command) => {
    if ((given === undefined) !== none) command.error('error: name one class, or say --none');
    return asks('account.class', { name, classOfService: given ?? null });
  });
account.command('password-link').argument('<name>').description('print a one-time link that sets the password').action((name: string) => asks('account.password-link', { name }));

program.command('import').description('bring in what was said elsewhere').command('jsonl').argument('<file>', 'JSON Lines, plain or gzipped')
  .description('import {"at","room","kind","nick","text"} lines; running it again records nothing twice')
  .option('--into <space>', 'name of the space the rooms come into; the file\'s name if not given').option('--let-in <name...>', 'who of yours may open it', [])
  .action((file: string, { into, letIn }: { into?: string; letIn: string[] }) => asks('import.jsonl', { file: resolve(file), ...(into !== undefined && { into }), letIn }));

program.command('rebuild').argument('[view]', 'one view; all of them if not given (instant and file-words only by name)').description('make read models anew from the log').action((view?: string) => asks('rebuild', view === undefined ? {} : { view }));
program.command('health').description('is everything in order, and if not, what to do').action(() => asks('health', {}));

const ice = program.command('ice').description('servers that help calls through networks (STUN and TURN)');
ice.command('add').argument('<url>', 'turn:HOST:3478?transport=udp, turns:HOST:5349 or stun:HOST').description('add a server: for everybody, or for one account or class of service instead of those for everybody')
  .option('--username <name>').option('--credential <password>', 'password that goes with the username').addOption(new Option('--shared-secret <secret>', 'what the server knows as static-auth-secret; each person gets a credential of their own').conflicts(['username', 'credential'])).option('--account <name>', 'for this account').option('--class <name>', 'for this class of service')
  .action((url: string, options: { username?: string; credential?: string; sharedSecret?: string; account?: string; class?: string }) => asks('ice.add', { url, ...options }));
ice.command('remove').argument('<url>').description('remove a server').option('--account <name>', 'from this account').option('--class <name>', 'from this class of service').action((url: string, options: { account?: string; class?: string }) => asks('ice.remove', { url, ...options }));
ice.command('get').description('which there are').action(() => asks('ice.get', {}));
ice.command('test').argument('[url]', 'one server; all of them if not given').description('obtain a relay candidate from each, and send something through').action((url?: string) => asks('ice.test', url === undefined ? {} : { url }));

program.command('log').description('the record itself').command('copy').argument('<from>', 'a data folder, or esdb://HOST:PORT').argument('<to>', 'the other of the two')
  .description('copy the whole log between a data folder and an EventStoreDB, and compare every event; running it again goes on').action((from: string, to: string) => exits(import('./verbs/log-copy.ts').then(({ logCopy }) => logCopy(from, to, printing()))));

const config = program.command('config').description('settings of the machine');
config.command('print').description('every variable, its value and where it comes from').action(() => exits(configPrint(printing())));
config.command('check').description('would it start with these?').action(() => exits(configCheck(printing())));

// Every command says --json, before or after its own words.
for (const command of [program, ...program.commands, ...program.commands.flatMap((one) => one.commands)]) {
  command.exitOverride();
  if (command !== program) command.addOption(new Option('--json').hideHelp()).hook('preAction', (one) => void (one.opts<{ json?: boolean }>().json === true && program.setOptionValue('json', true)));
}

try {
  await program.parseAsync();
} catch (cause) {
  if (cause instanceof CommanderError) process.exitCode = cause.exitCode === 0 ? exitCodes.fine : exitCodes.misused;
  else process.exitCode = printFault(sentenceOf(cause), printing(), cause instanceof Fault && /HANSARD_/.test(cause.message) ? exitCodes.misused : exitCodes.failed);
}

function sentenceOf(cause: unknown): string {
  if (cause instanceof Fault) return cause.message;
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
