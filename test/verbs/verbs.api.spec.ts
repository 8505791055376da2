import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aDeployment, runHansard, type Deployment } from '#test/support/deploy.ts';

const password = 'a long enough password';
const setPassword = async ({ url }: Deployment, link: string): Promise<number> => {
  const response = await fetch(`${url}/api/password-link`, { method: 'POST', headers: { Origin: url, 'Content-Type': 'application/json' }, body: JSON.stringify({ token: link.split('#')[1], password }) });
  return response.status;
};

describe('the command line beside a running appliance', () => {
  let deployment: Deployment;
  let said = '';
  beforeAll(async () => {
    deployment = await aDeployment();
    said = await deployment.start();
  });
  afterAll(() => deployment.remove());

  it('prints where it serves, and the link that makes the first administrator', async () => {
    expect(said).toContain(`serves at ${deployment.url}`);
    expect(said).toMatch(new RegExp(`${deployment.url}/first#[A-Za-z0-9_-]{43}`));
    expect((await fetch(`${deployment.url}/healthz`)).status).toBe(200);
  });
  it('is asked through a socket that only its own user can open', () => {
    expect(statSync(join(deployment.folder, 'operator.sock')).mode & 0o777).toBe(0o600);
  });
  it('opens, lists, suspends and restores accounts', async () => {
    const added = await deployment.hansard('account', 'add', 'alice', '--display', 'Alice Adler', '--json');
    expect([added.exit, added.err]).toEqual([0, '']);
    expect(added.json()).toMatchObject({ name: 'alice', link: expect.stringMatching(new RegExp(`^${deployment.url}/password#`)) });
    expect((await deployment.hansard('account', 'add', 'alice', '--display', 'Another', '--json')).json()).toMatchObject({ refused: true, code: 'name-taken' });
    expect((await deployment.hansard('account', 'suspend', 'alice')).out).toContain('alice is suspended.');
    expect((await deployment.hansard('account', 'suspend', 'alice')).exit).toBe(1);
    expect(await deployment.hansard('account', 'class', 'alice', 'Advanced')).toMatchObject({ exit: 0, out: expect.stringContaining('alice is in the class of service Advanced.') });
    expect((await deployment.hansard('account', 'list', '--json')).json()).toMatchObject({ accounts: [{ signInName: 'alice', displayName: 'Alice Adler', roles: ['employee'], classOfService: 'Advanced', suspended: true }] });
    expect((await deployment.hansard('account', 'restore', 'alice')).exit).toBe(0);
    expect((await deployment.hansard('account', 'suspend', 'nobody')).err).toContain('Nobody signs in as "nobody".');
  });
  it('makes the first officer, once, and none without a password', async () => {
    const { link } = (await deployment.hansard('account', 'add', 'olive', '--display', 'Olive', '--json')).json() as { readonly link: string };
    expect((await deployment.hansard('account', 'role', 'olive', 'officer', '--json')).json()).toMatchObject({ code: 'no-password-yet' });
    expect(await setPassword(deployment, link)).toBe(200);
    expect(await deployment.hansard('account', 'role', 'olive', 'officer')).toMatchObject({ exit: 0, err: '' });
    const second = (await deployment.hansard('account', 'add', 'oscar', '--display', 'Oscar', '--json')).json() as { readonly link: string };
    expect(await setPassword(deployment, second.link)).toBe(200);
    const refused = await deployment.hansard('account', 'role', 'oscar', 'officer', '--json');
    expect([refused.exit, refused.json()]).toEqual([1, expect.objectContaining({ code: 'officer-exists', sentence: expect.stringContaining('Olive was made the first officer.') })]);
    expect((await deployment.hansard('account', 'role', 'oscar', 'administrator')).exit).toBe(0);
  });
  it('makes a new link for somebody whose password is lost, for an officer only with a second one', async () => {
    expect((await deployment.hansard('account', 'password-link', 'alice', '--json')).json()).toMatchObject({ waitsForOfficer: false, link: expect.stringContaining('/password#') });
    expect((await deployment.hansard('account', 'password-link', 'olive', '--json')).json()).toMatchObject({ refused: true, code: 'no-officer-yet' });
  });
  it('rebuilds one view or all, and says up to where', async () => {
    const one = await deployment.hansard('rebuild', 'timeline', '--json');
    expect(one.json()).toEqual({ rebuilt: [{ view: 'timeline', position: expect.any(Number), seconds: expect.any(Number) }] });
    expect((await deployment.hansard('rebuild', 'nothing')).err).toContain('There is no view "nothing".');
    expect((await deployment.hansard('rebuild', 'file-words')).out).toContain('are being read again');
    const all = (await deployment.hansard('--json', 'rebuild')).json() as { readonly rebuilt: readonly unknown[] };
    expect(all.rebuilt.length).toBeGreaterThan(5);
  });
  it('tells health, in words and as JSON', async () => {
    expect(await deployment.hansard('health')).toMatchObject({ exit: 0, out: expect.stringContaining('All is well.') });
    expect((await deployment.hansard('health', '--json')).json()).toMatchObject({ fine: true, says: [] });
  });
  it('refuses a second appliance on the same data folder, and goes on', async () => {
    const second = await deployment.hansard('start');
    expect([second.exit, second.err]).toEqual([1, expect.stringContaining('in use by another appliance')]);
    expect((await deployment.hansard('health')).exit).toBe(0);
  });
});

describe('the command line without an appliance', () => {
  it('does the same with the doors closed, also where a killed appliance left its socket', { timeout: 60_000 }, async () => {
    const deployment = await aDeployment();
    expect((await deployment.hansard('health')).err).toContain('There is no Hansard in');
    await deployment.start();
    await deployment.stop('SIGKILL');
    expect(statSync(join(deployment.folder, 'operator.sock')).isSocket()).toBe(true);
    expect((await deployment.hansard('account', 'add', 'adam', '--display', 'Adam', '--role', 'administrator')).exit).toBe(0);
    expect((await deployment.hansard('health')).exit).toBe(0);
    expect(await deployment.start()).not.toContain('/first#');
    expect(await deployment.stop()).toBe(0);
    await deployment.remove();
  });
  it('prints the same first link at every start until somebody runs it', { timeout: 60_000 }, async () => {
    const deployment = await aDeployment();
    const linkIn = (said: string): string | undefined => /\/first#([A-Za-z0-9_-]+)/.exec(said)?.[1];
    const first = linkIn(await deployment.start());
    await deployment.stop();
    expect(linkIn(await deployment.start())).toBe(first);
    const made = await fetch(`${deployment.url}/api/first-account`, { method: 'POST', headers: { Origin: deployment.url, 'Content-Type': 'application/json' }, body: JSON.stringify({ token: first, signInName: 'adam', displayName: 'Adam', password }) });
    expect(made.status).toBe(200);
    await deployment.stop();
    expect(linkIn(await deployment.start())).toBeUndefined();
    await deployment.remove();
  });
  it('says with its exit code that something is not well', async () => {
    const deployment = await aDeployment({ HANSARD_RESERVE_BYTES: String(2 ** 50) });
    await deployment.hansard('account', 'add', 'alice', '--display', 'Alice');
    const health = await deployment.hansard('health', '--json');
    expect([health.exit, health.json()]).toEqual([3, expect.objectContaining({ fine: false, says: [expect.stringContaining('The disk is nearly full')] })]);
    await deployment.remove();
  });
});

describe('the configuration', () => {
  const check = (env: Readonly<Record<string, string>>) => runHansard(['config', 'check'], env);
  it('is printed with where each value comes from', async () => {
    const { json } = await runHansard(['config', 'print', '--json'], { HANSARD_PORT: '9090' });
    expect((json() as { readonly settings: readonly unknown[] }).settings).toContainEqual(expect.objectContaining({ name: 'HANSARD_PORT', value: '9090', source: 'environment' }));
  });
  it('is refused with what was probably meant, and with what does not fit', async () => {
    expect(await check({ HANSARD_DATE: '/x' })).toMatchObject({ exit: 2, err: expect.stringContaining('HANSARD_DATA is') });
    expect(await check({ HANSARD_PORT: 'eighty' })).toMatchObject({ exit: 2, err: expect.stringContaining('HANSARD_PORT cannot be "eighty"') });
    expect(await check({ HANSARD_HOST: '0.0.0.0' })).toMatchObject({ exit: 2, err: expect.stringContaining('needs TLS') });
    expect(await check({ HANSARD_TLS_CERT: '/x' })).toMatchObject({ exit: 2, err: expect.stringContaining('go together') });
    expect(await check({ HANSARD_TLS_CERT: '/nowhere/cert', HANSARD_TLS_KEY: '/nowhere/key' })).toMatchObject({ exit: 2, out: expect.stringContaining('FAIL  The certificate /nowhere/cert cannot be read.') });
  });
  it('is said to be fine when it is', async () => {
    expect(await check({ HANSARD_DATA: '/tmp' })).toMatchObject({ exit: 0, out: expect.stringContaining('No appliance runs on this data folder.') });
  });
});

describe('wrong usage', () => {
  it('exits with 2 and says what is missing', async () => {
    expect(await runHansard(['account', 'add', 'x'], {})).toMatchObject({ exit: 2, err: expect.stringContaining('--display') });
    expect(await runHansard(['nonsense'], {})).toMatchObject({ exit: 2 });
    expect(await runHansard(['--help'], {})).toMatchObject({ exit: 0, out: expect.stringContaining('Exit codes: 0 done, 1 refused or failed, 2 wrong usage or configuration, 3 not healthy.') });
  });
});

describe('metrics', () => {
  it('are off unless asked for, and then on loopback in Prometheus form', { timeout: 60_000 }, async () => {
    const deployment = await aDeployment();
    const port = Number(new URL(deployment.url).port) + 1;
    await deployment.remove();
    const measured = await aDeployment({ HANSARD_METRICS_PORT: String(port) });
    await measured.start();
    await fetch(`${measured.url}/api/me`);
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    const text = await response.text();
    for (const name of ['hansard_log_events', 'hansard_log_flush_seconds', 'hansard_view_lag_events{view="timeline"}', 'hansard_sockets', 'hansard_refusals{code="signed-out"} 1', 'hansard_process_resident_memory_bytes']) expect(text).toContain(name);
    expect((await fetch(`${measured.url}/metrics`)).headers.get('content-type')).not.toContain('text/plain');
    await measured.remove();
  });
});
