/** Preloaded into a process and each of its threads: whoever loads the S3 client fails, and says where. */
import { registerHooks } from 'node:module';
import { isMainThread } from 'node:worker_threads';

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('@aws-sdk/')) throw new Error(`the S3 client was loaded ${isMainThread ? 'by the process' : 'in a thread'}`);
    return next(specifier, context);
  },
});
