import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn } from '#src/contract/accounts.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { nobody, passwordOf, people } from '#test/support/people.ts';

let appliance: Appliance;
let skewMs = 0;
beforeAll(async () => {
  // Behind a proxy, so that people can come from several addresses.
  appliance = await anAppliance({ clock: () => Date.now() + skewMs, env: { HANSARD_PROXY: '127.0.0.1', HANSARD_SIGN_INS_PER_MINUTE: '20' } });
  await people(appliance, 'alice');
});
afterAll(() => appliance.close());

const from = (address: string) => ({ headers: { 'X-Forwarded-For': address } });
const tries = (password: string, address: string, signInName = 'alice') => nobody(appliance).answer(signIn, { signInName, password }, from(address));

describe('guessing at a password', () => {
  it('waits longer and longer, locks nobody out, and is counted in the record', async () => {
    for (let n = 0; n < 5; n += 1) expect(await tries('a wrong password', '192.0.2.1')).toMatchObject({ code: 'wrong-credentials' });
    expect(await tries(passwordOf('alice'), '192.0.2.1')).toMatchObject({ status: 429, code: 'slow-down', limit: 1 });
    // Alice herself, from where she is, is not kept out.
    expect(await tries(passwordOf('alice'), '192.0.2.2')).toMatchObject({ signInName: 'alice' });
    skewMs += 1_100;
    expect(await tries('a wrong password', '192.0.2.1')).toMatchObject({ code: 'wrong-credentials' });
    expect(await tries(passwordOf('alice'), '192.0.2.1')).toMatchObject({ code: 'slow-down', limit: 2 });
    skewMs += 2_100;
    expect(await tries(passwordOf('alice'), '192.0.2.1')).toMatchObject({ signInName: 'alice' });
    const refused = (await appliance.recorded('access')).filter(({ type }) => type === 'SignInRefused').map(({ data }) => JSON.parse(data) as { account: string | null; reason: string; count: number });
    expect(refused.map(({ reason }) => reason)).toContain('wrong-credentials');
    expect(refused.map(({ reason }) => reason)).toContain('throttled');
  });

  it('from one address at many names meets a limit for the address alone', async () => {
    const answers = [];
    for (let n = 0; n < 21; n += 1) answers.push(await tries('a wrong password', '192.0.2.9', `name-${n}`));
    expect(answers.slice(0, 20).every((answer) => 'code' in answer && answer.code === 'wrong-credentials')).toBe(true);
    expect(answers[20]).toMatchObject({ code: 'slow-down' });
    expect(await tries(passwordOf('alice'), '192.0.2.10')).toMatchObject({ signInName: 'alice' });
  });

  it('is not helped by an invented X-Forwarded-For in front of what the proxy adds', async () => {
    expect(await tries(passwordOf('alice'), '198.51.100.1, 192.0.2.9')).toMatchObject({ code: 'slow-down' });
  });
});
