import { hash } from 'node:crypto';

import { Fault } from '../kernel/fault.ts';

/** Bytes of one hash in the tree. */
export const hashBytes = 32;

const sha256 = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer');

/** Root of the tree without leaves: SHA-256 of nothing (RFC 6962, section 2.1). */
export const emptyRoot = (): Buffer => sha256(Buffer.alloc(0));

/** SHA-256(0x00 || leaf), RFC 6962 section 2.1. `leaf` is the canonical JSON of ARCHITECTURE section 7. */
export const leafHashOf = (leaf: string | Uint8Array): Buffer => {
  const text = typeof leaf === 'string';
  const input = Buffer.allocUnsafe(1 + (text ? Buffer.byteLength(leaf) : leaf.length));
  input[0] = 0;
  if (text) input.write(leaf, 1);
  else input.set(leaf, 1);
  return sha256(input);
};

// Hashing is synchronous and keeps nothing, so one buffer serves every node.
const nodeInput = Buffer.alloc(1 + 2 * hashBytes);
nodeInput[0] = 1;

/** SHA-256(0x01 || left || right), RFC 6962 section 2.1. Throws `Fault` unless both are 32 bytes. */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => {
  if (left.length !== hashBytes || right.length !== hashBytes) throw new Fault('A node of the tree is made of two hashes of 32 bytes.');
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + hashBytes);
  return sha256(nodeInput);
};

// Halving and parity by arithmetic, never by bit operators: sizes go beyond 2^31.
const half = (n: number): number => Math.floor(n / 2);
const isOdd = (n: number): boolean => n % 2 === 1;

const onesIn = (n: number): number => {
  let ones = 0;
  for (let rest = n; rest > 0; rest = half(rest)) if (isOdd(rest)) ones += 1;
  return ones;
};

/** The largest power of two below `n`, for n >= 2: where RFC 6962 splits a tree. */
const splitOf = (n: number): number => {
  let split = 1;
  while (split * 2 < n) split *= 2;
  return split;
};

/**
 * What must be kept of a tree to add leaves and to know its root: one hash per complete subtree, largest first. There
 * are as many as ones in the binary size.
 */
export class Frontier {
  #size: number;
  readonly #peaks: Buffer[];

  /** `peaks` as `serialise` gave them. Throws `Fault` when they cannot belong to a tree of `size` leaves. */
  constructor(size = 0, peaks: Uint8Array = Buffer.alloc(0)) {
    if (!Number.isSafeInteger(size) || size < 0) throw new Fault(`A tree cannot have ${size} leaves.`);
    if (peaks.length !== onesIn(size) * hashBytes) throw new Fault(`A tree of ${size} leaves has ${onesIn(size)} peaks, not ${peaks.length} bytes of them.`);
    this.#size = size;
    this.#peaks = [];
    for (let at = 0; at < peaks.length; at += hashBytes) this.#peaks.push(Buffer.from(peaks.subarray(at, at + hashBytes)));
  }

  get size(): number {
    return this.#size;
  }

  /** Adds one leaf by its 32-byte hash. */
  push(leafHash: Uint8Array): void {
    if (leafHash.length !== hashBytes) throw new Fault('A leaf hash has 32 bytes.');
    let peak: Buffer = Buffer.from(leafHash);
    for (let complete = this.#size; isOdd(complete); complete = half(complete)) peak = nodeHash(this.#peaks.pop()!, peak);
    this.#peaks.push(peak);
    this.#size += 1;
  }

  /** RFC 6962 root over all leaves pushed so far. */
  root(): Buffer {
    const last = this.#peaks.length - 1;
    if (last < 0) return emptyRoot();
    let root = this.#peaks[last]!;
    for (let i = last - 1; i >= 0; i -= 1) root = nodeHash(this.#peaks[i]!, root);
    return Buffer.from(root);
  }

  /** The peaks, largest first, 32 bytes each. Goes back in through the constructor, with the size. */
  serialise(): Buffer {
    return Buffer.concat(this.#peaks);
  }
}

/** RFC 6962 root over a list of leaf hashes. */
export const rootOf = (leafHashes: Iterable<Uint8Array>): Buffer => {
  const frontier = new Frontier();
  for (const leafHash of leafHashes) frontier.push(leafHash);
  return frontier.root();
};

const rootOfRange = (leaves: readonly Uint8Array[], start: number, end: number): Buffer => {
  const frontier = new Frontier();
  for (let i = start; i < end; i += 1) frontier.push(leaves[i]!);
  return frontier.root();
};

/** Path from leaf `index` to the root of all `leaves`, nearest first (RFC 9162 section 2.1.3.1). */
export const inclusionProof = (index: number, leaves: readonly Uint8Array[]): Buffer[] => {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) throw new Fault(`There is no leaf ${index} in a tree of ${leaves.length}.`);
  const path: Buffer[] = [];
  let start = 0;
  let end = leaves.length;
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      path.push(rootOfRange(leaves, middle, end));
      end = middle;
    } else {
      path.push(rootOfRange(leaves, start, middle));
      start = middle;
    }
  }
  return path.reverse();
};

/** Proof that the tree of the first `oldSize` leaves is a prefix of the tree of all `leaves` (RFC 9162 section 2.1.4.1). */
export const consistencyProof = (oldSize: number, leaves: readonly Uint8Array[]): Buffer[] => {
  if (!Number.isInteger(oldSize) || oldSize < 1 || oldSize > leaves.length) throw new Fault(`A tree of ${leaves.length} leaves has no earlier state of ${oldSize}.`);
  const path: Buffer[] = [];
  let start = 0;
  let end = leaves.length;
  let known = true; // The old root itself is known to the verifier and is left out of the proof.
  while (oldSize !== end) {
    const middle = start + splitOf(end - start);
    if (oldSize <= middle) {
      path.push(rootOfRange(leaves, middle, end));
      end = middle;
    } else {
      path.push(rootOfRange(leaves, start, middle));
      start = middle;
      known = false;
    }
  }
  if (!known) path.push(rootOfRange(leaves, start, end));
  return path.reverse();
};

export type Inclusion = {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly path: readonly Uint8Array[];
  readonly root: Uint8Array;
};

const areHashes = (hashes: readonly Uint8Array[]): boolean => hashes.every((one) => one.length === hashBytes);
const isEqual = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;
const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;

/** Whether `leafHash` is leaf `index` of the tree of `size` leaves with this `root` (RFC 9162 section 2.1.3.2). Never throws. */
export const verifyInclusion = ({ index, size, leafHash, path, root }: Inclusion): boolean => {
  if (!isCount(index) || !isCount(size) || index >= size || !areHashes([leafHash, root, ...path])) return false;
  let node = index;
  let last = size - 1;
  let computed: Uint8Array = leafHash;
  for (const sibling of path) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      computed = nodeHash(sibling, computed);
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      computed = nodeHash(computed, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && isEqual(computed, root);
};

export type Consistency = {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly size: number;
  readonly root: Uint8Array;
  readonly path: readonly Uint8Array[];
};

/**
 * Whether the tree (`oldSize`, `oldRoot`) is a prefix of (`size`, `root`) (RFC 9162 section 2.1.4.2). Never throws.
 * False for `oldSize` 0: whoever has no earlier state has nothing to compare, and must say so instead.
 */
export const verifyConsistency = ({ oldSize, oldRoot, size, root, path }: Consistency): boolean => {
  if (!isCount(oldSize) || !isCount(size) || oldSize === 0 || oldSize > size || !areHashes([oldRoot, root, ...path])) return false;
  if (oldSize === size) return path.length === 0 && isEqual(oldRoot, root);
  let node = oldSize - 1;
  let last = size - 1;
  while (isOdd(node)) [node, last] = [half(node), half(last)];
  // A complete old tree is a node of the new one, so its root starts the path.
  const [first, ...rest] = onesIn(oldSize) === 1 ? [oldRoot, ...path] : path;
  if (first === undefined || path.length === 0) return false;
  let computedOld = first;
  let computed = first;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      computedOld = nodeHash(sibling, computedOld);
      computed = nodeHash(sibling, computed);
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      computed = nodeHash(computed, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && isEqual(computedOld, oldRoot) && isEqual(computed, root);
};
