import { expect, it, onTestFinished } from 'vitest';
import { aDeployment, type Deployment } from '#test/support/deploy.ts';
import { anS3Server, s3Credentials } from '#test/support/s3-server.ts';

const forbidding = { NODE_OPTIONS: `--import=${new URL('../support/forbid-s3.ts', import.meta.url).href}` };
const deployed = async (env: Readonly<Record<string, string>>): Promise<Deployment> => {
  const deployment = await aDeployment(env);
  onTestFinished(async () => {
    await deployment.stop();
    await deployment.remove();
  });
  return deployment;
};

it('starts without the S3 client where files are in a folder, in no thread of it', async () => {
  const deployment = await deployed(forbidding);
  expect(await deployment.start()).toContain('serves at');
});

it('loads it in the threads of files alone where they are in a bucket', async () => {
  const s3 = await anS3Server();
  onTestFinished(() => s3.close());
  const bucket = { HANSARD_FILES: s3.address('one'), HANSARD_FILES_CREDENTIALS: s3Credentials };
  const forbidden = await (await deployed({ ...forbidding, ...bucket })).start().catch((cause: Error) => cause.message);
  expect(forbidden).toContain('the S3 client was loaded in a thread');
  expect(forbidden).not.toContain('by the process');
  expect(await (await deployed(bucket)).start()).toContain('serves at');
});
