import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { Fault } from '#src/kernel/fault.ts';
import { consistencyProof, emptyRoot, Frontier, inclusionProof, leafHashOf, nodeHash, rootOf, verifyConsistency, verifyInclusion } from '#src/ledger/tree.ts';

/** The leaves of the Certificate Transparency test vectors (google/certificate-transparency, merkle_tree_test). */
const ctLeaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((hex) => Buffer.from(hex, 'hex'));
const ctRoots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const sizeMax = 70;
const leaves = Array.from({ length: sizeMax }, (_, i) => leafHashOf(`leaf ${i}`));
const roots = Array.from({ length: sizeMax + 1 }, (_, n) => rootOf(leaves.slice(0, n)));

/** RFC 6962 section 2.1 word for word, independent of the frontier. */
const rootByDefinition = (hashes: readonly Buffer[]): Buffer => {
  if (hashes.length === 0) return createHash('sha256').digest();
  if (hashes.length === 1) return hashes[0]!;
  const split = 2 ** Math.ceil(Math.log2(hashes.length) - 1);
  return createHash('sha256').update(Buffer.of(1)).update(rootByDefinition(hashes.slice(0, split))).update(rootByDefinition(hashes.slice(split))).digest();
};

const flipped = (hash: Buffer): Buffer => {
  const other = Buffer.from(hash);
  other[7]! ^= 1;
  return other;
};

/** A path of the same kind that proves something else: one hash changed, one missing, one too many, two swapped. */
const forgeries = (path: readonly Buffer[]): Buffer[][] => [
  ...path.map((hash, i) => path.with(i, flipped(hash))),
  ...path.map((_, i) => path.toSpliced(i, 1)),
  [...path, leaves[0]!],
  ...path.slice(1).map((hash, i) => path.with(i, hash).with(i + 1, path[i]!)),
];

describe('the tree', () => {
  it('gives the roots of the Certificate Transparency vectors', () => {
    const frontier = new Frontier();
    expect(frontier.root().toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    for (const [i, leaf] of ctLeaves.entries()) {
      frontier.push(leafHashOf(leaf));
      expect(frontier.root().toString('hex')).toBe(ctRoots[i]);
    }
  });

  it('hashes a text as its UTF-8 bytes', () => expect(leafHashOf('é上\u{1f600}')).toEqual(leafHashOf(Buffer.from('é上\u{1f600}'))));

  it('has at every size the root that the RFC defines', () => {
    for (let n = 0; n <= sizeMax; n += 1) expect(roots[n]).toEqual(rootByDefinition(leaves.slice(0, n)));
    expect(emptyRoot()).toEqual(rootByDefinition([]));
  });

  it('goes on from a frontier that was written down', () => {
    let frontier = new Frontier();
    for (const [i, leaf] of leaves.entries()) {
      frontier = new Frontier(frontier.size, frontier.serialise());
      frontier.push(leaf);
      expect([frontier.size, frontier.root()]).toEqual([i + 1, roots[i + 1]]);
    }
  });

  it('knows sizes beyond 2^31', () => {
    const size = 2 ** 40 + 1;
    const frontier = new Frontier(size, Buffer.concat([leaves[0]!, leaves[1]!]));
    expect(frontier.root()).toEqual(nodeHash(leaves[0]!, leaves[1]!));
    frontier.push(leaves[2]!);
    expect(frontier.root()).toEqual(nodeHash(leaves[0]!, nodeHash(leaves[1]!, leaves[2]!)));
  });

  it('refuses hashes of another length and peaks that do not fit the size', () => {
    expect(() => new Frontier().push(Buffer.alloc(31))).toThrow(Fault);
    expect(() => nodeHash(Buffer.alloc(32), Buffer.alloc(33))).toThrow(Fault);
    expect(() => new Frontier(3, Buffer.alloc(32))).toThrow(Fault);
    expect(() => new Frontier(-1)).toThrow(Fault);
  });
});

describe('an inclusion proof', () => {
  it('verifies for every leaf of every tree of up to 70 leaves, and for no other place, leaf, root or path', () => {
    for (let size = 1; size <= sizeMax; size += 1) {
      const root = roots[size]!;
      for (let index = 0; index < size; index += 1) {
        const path = inclusionProof(index, leaves.slice(0, size));
        const claim = { index, size, leafHash: leaves[index]!, path, root };
        const lies = [
          ...forgeries(path).map((forged) => ({ ...claim, path: forged })),
          ...[-1, index + 1, size, 0.5].map((other) => ({ ...claim, index: other })),
          { ...claim, leafHash: flipped(claim.leafHash) },
          { ...claim, root: flipped(root) },
          { ...claim, leafHash: Buffer.alloc(31) },
        ];
        if (!verifyInclusion(claim) || lies.some(verifyInclusion)) expect.fail(`leaf ${index} of ${size}`);
      }
    }
  });

  it('is refused for a leaf that is not there', () => expect(() => inclusionProof(3, leaves.slice(0, 3))).toThrow(Fault));
});

describe('a consistency proof', () => {
  it('verifies for every earlier state of every tree of up to 70 leaves, and for no other state or path', () => {
    for (let size = 1; size <= sizeMax; size += 1) {
      const root = roots[size]!;
      for (let oldSize = 1; oldSize <= size; oldSize += 1) {
        const path = consistencyProof(oldSize, leaves.slice(0, size));
        const claim = { oldSize, oldRoot: roots[oldSize]!, size, root, path };
        const lies = [
          ...forgeries(path).map((forged) => ({ ...claim, path: forged })),
          ...[0, oldSize - 1, oldSize + 1].map((other) => ({ ...claim, oldSize: other })),
          { ...claim, oldRoot: flipped(claim.oldRoot) },
          { ...claim, root: flipped(root) },
        ];
        if (!verifyConsistency(claim) || lies.some(verifyConsistency)) expect.fail(`${oldSize} in ${size}`);
      }
    }
  });

  it('proves nothing from an empty tree', () => {
    expect(verifyConsistency({ oldSize: 0, oldRoot: emptyRoot(), size: 3, root: roots[3]!, path: [] })).toBe(false);
    expect(() => consistencyProof(0, leaves)).toThrow(Fault);
  });
});
