import { jsonEvent, NO_STREAM, type JSONType } from '@eventstore/db-client';

import type { LogAlarm } from './alarms.ts';
import type { Connection } from './connection.ts';
import type { Credentials } from './server-address.ts';
import { isRefusal } from './reason.ts';

const rights = ['$r', '$w', '$d', '$mr', '$mw'] as const;
const administrators = '$admins';

/**
 * The default access list of the database (`$settings`, `$userStreamAcl`): it holds for every stream that has none of its own,
 * so one event locks all of ours, also those that do not exist yet. It keeps out every user that is neither ours nor an
 * administrator of the database, from reading and writing as from deleting and truncating. It does not bind administrators
 * and operators (`$admins`, `$ops` may scavenge), it is not asked where the server runs insecure, and it locks other people's
 * streams in the same database too: a log has a database of its own.
 */
export const accessListFor = (username: string): string => {
  const roles = [...new Set([username, administrators])];
  const list = (rolesOf: (right: string) => readonly string[]) => Object.fromEntries(rights.map((right) => [right, rolesOf(right)]));
  // The streams of the system stay the administrators', but our user reads `$all` and this very list.
  return JSON.stringify({ $systemStreamAcl: list((right) => (right === '$r' ? roles : [administrators])), $userStreamAcl: list(() => roles) });
};

/** Whether a default access list keeps out everybody but `username` and the administrators. Anything else than names is taken for open. */
export const isClosed = (text: string, username: string): boolean => {
  const allowed = new Set([username, administrators]);
  let list: unknown;
  try {
    list = (JSON.parse(text) as { $userStreamAcl?: unknown }).$userStreamAcl;
  } catch {
    return false;
  }
  if (typeof list !== 'object' || list === null) return false;
  return rights.every((right) => {
    const roles = (list as Readonly<Record<string, unknown>>)[right];
    const named = typeof roles === 'string' ? [roles] : roles;
    return Array.isArray(named) && named.length > 0 && named.every((role) => allowed.has(role as string));
  });
};

const open = (sentence: string): LogAlarm => ({ id: 'access-open', kind: 'access-open', stream: '$settings', at: null, sentence });

/**
 * Puts the access list where there is none, and tells where there is one that is open, or where we may not look or write. Never
 * changes one that somebody made. Without credentials there is nobody to tell apart, and nothing is done. Throws what may be
 * otherwise the next time.
 */
export const lockStreams = async (connection: Connection, credentials: Credentials | undefined, deadlineMs: number, isSecondLook = false): Promise<LogAlarm | undefined> => {
  if (!credentials) return undefined;
  const { username } = credentials;
  const wanted = accessListFor(username);
  try {
    const there = await within(deadlineMs, settingsIn(connection));
    if (there !== undefined) return isClosed(there, username) ? undefined : open(`The access list of the database lets others than ${username} and ${administrators} at the record. An administrator of the database should write this to the stream $settings: ${wanted}`);
    // With credentials in the call the client makes it apart from all others, with an error of its own.
    await within(deadlineMs, connection.appendToStream('$settings', jsonEvent({ type: 'update-default-acl', data: JSON.parse(wanted) as JSONType }), { expectedRevision: NO_STREAM, credentials }));
    return undefined;
  } catch (error) {
    // Another appliance was first.
    if ((error as { readonly type?: string }).type === 'wrong-expected-version' && !isSecondLook) return lockStreams(connection, credentials, deadlineMs, true);
    if (!isDenied(error)) throw error;
    return open(`The access list of the database could not be put, because ${username} may not. Others may be able to write to the record. An administrator of the database should write this to the stream $settings: ${wanted}`);
  }
};

const isDenied = (error: unknown): boolean => isRefusal(error) || (error as { readonly type?: string }).type === 'access-denied';

const settingsIn = async (connection: Connection): Promise<string | undefined> => {
  const reading = connection.readStream('$settings', { direction: 'backwards', fromRevision: 'end', maxCount: 1, requiresLeader: true });
  try {
    for await (const { event } of reading) return JSON.stringify(event?.data ?? null);
    return undefined;
  } catch (error) {
    if ((error as { readonly type?: string }).type === 'stream-not-found') return undefined;
    throw error;
  } finally {
    await reading.cancel();
  }
};

const within = async <Result>(deadlineMs: number, work: Promise<Result>): Promise<Result> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`it did not answer within ${deadlineMs} ms`)), deadlineMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
};
