import { createHmac, createSecretKey, hkdfSync, timingSafeEqual, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { id } from '#src/contract/shapes.ts';

/** What goes over the bus: HMAC-SHA-256 (32 bytes), then UTF-8 JSON `{ node, seq, at, body }`. The HMAC covers the whole subject, a zero byte and the JSON. */
const macBytes = 32;
const carried = z.object({ node: id, seq: z.int().min(1), at: z.int().min(0), body: z.unknown() });
/** `seq`: counts up in one run of one node; `at`: ms UTC by that node's clock. */
export type Carried = z.infer<typeof carried>;

/** Only who holds the log secret can speak, and what was said in one organisation means nothing in another. */
export const busKey = (logSecret: KeyObject, logId: string): KeyObject => createSecretKey(Buffer.from(hkdfSync('sha256', logSecret, '', `hansard/bus/1/${logId}`, 32)));

const macOf = (key: KeyObject, subject: string, payload: Uint8Array): Buffer => createHmac('sha256', key).update(`${subject}\0`).update(payload).digest();

/** `bodyText`: JSON. */
export const sealEnvelope = (key: KeyObject, subject: string, { node, seq, at }: Omit<Carried, 'body'>, bodyText: string): Buffer => {
  const payload = Buffer.from(`{"node":"${node}","seq":${seq},"at":${at},"body":${bodyText}}`);
  return Buffer.concat([macOf(key, subject, payload), payload]);
};

/** Nothing is parsed before it is known to be ours. */
export const openEnvelope = (key: KeyObject, subject: string, bytes: Uint8Array): Carried | 'forged' | 'unreadable' => {
  if (bytes.length <= macBytes) return 'forged';
  const payload = bytes.subarray(macBytes);
  if (!timingSafeEqual(bytes.subarray(0, macBytes), macOf(key, subject, payload))) return 'forged';
  try {
    const parsed = carried.safeParse(JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString()));
    return parsed.success ? parsed.data : 'unreadable';
  } catch {
    return 'unreadable';
  }
};
