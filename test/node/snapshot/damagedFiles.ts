import assert from 'node:assert/strict';
import { KnownError } from '../../../src/core/errors.js';
import { wasmMemory } from '../../../src/core/snapshot/crc32c/pageMemory.js';
import { boltBytes, concat, sealMeta } from '../../core/snapshot/boltWriter.js';
import { keyEntry, placeholder, writeEtcd } from '../../core/snapshot/etcdEntries.js';
import { verifyBytes, withTrailer } from '../../core/snapshot/memoryFile.js';
import { generator } from './largeSnapshot.js';

type Random = (below: number) => number;
interface Base {
  readonly pageSize: number;
  readonly now: Uint8Array;
  /** The same database a few writes before, of the same size or less. */
  readonly before: Uint8Array;
}

function base(pageSize: number, fanOut: number, entries: number, valueSize: number): Base {
  const make = (upTo: number): Uint8Array => boltBytes({ pageSize, fanOut }, writer => {
    const random = generator(9);
    const keys = Array.from({ length: upTo }, (_, i) => keyEntry({
      main: BigInt(i + 2), key: `/registry/pods/default/${Math.floor(random() * entries / 2)}`,
      ...(i % 20 !== 3 && { value: new Uint8Array(i % 50 === 0 ? pageSize * 3 : valueSize).fill(i) }),
    }));
    writeEtcd(writer, { keys: [...keys, placeholder(BigInt(upTo + 1000))], compactRevision: BigInt(upTo >> 1) });
  });
  return { pageSize, now: make(entries), before: make(entries - 20) };
}

const trailerKept = ['flip', 'zeroPage', 'swapPages', 'stalePage', 'truncate', 'truncatePages', 'append', 'strip', 'header', 'flipTrailer'] as const;
const trailerMade = ['flip', 'zeroPage', 'swapPages', 'stalePage', 'pageHeader', 'element', 'header', 'loop'] as const;
type Kind = typeof trailerKept[number] | typeof trailerMade[number];

/** Damages a copy of a database; what follows it (the trailer) is cut, kept or changed by the kinds that concern it. */
function damageIt(kind: Kind, { now, before, pageSize }: Base, file: Uint8Array, random: Random): Uint8Array {
  const pages = now.length / pageSize;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const page = (): number => 2 + random(pages - 2);
  const evil = (): number => [0, 1, 2, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, random(2 ** 32), random(pages)][random(9)] ?? 0;
  switch (kind) {
    case 'flip': view.setUint8(random(now.length), random(256)); return flipAt(file, random(now.length), random(8));
    case 'flipTrailer': return flipAt(file, now.length + random(32), random(8));
    case 'zeroPage': return zero(file, random(pages) * pageSize, pageSize);
    case 'swapPages': return swapPages(file, random(pages), random(pages), pageSize);
    case 'stalePage': {
      const at = random(before.length / pageSize) * pageSize;
      file.set(before.subarray(at, at + pageSize), at);
      return file;
    }
    case 'truncate': return file.subarray(0, random(now.length));
    case 'truncatePages': return file.subarray(0, random(pages) * pageSize);
    case 'append': return concat([file, Uint8Array.from({ length: 1 + random(5000) }, () => random(256))]);
    case 'strip': return file.subarray(0, now.length);
    case 'header': {
      const at = 16 + random(16) * 4;
      const word = evil();
      for (const header of [0, pageSize]) {
        view.setUint32(header + at, word, true);
        if (at < 16 + 56) sealMeta(file.subarray(header, header + pageSize));
      }
      return file;
    }
    case 'pageHeader': view.setUint32(page() * pageSize + random(4) * 4, evil(), true); return file;
    case 'element': view.setUint32(page() * pageSize + 16 + random(24) * 4, evil(), true); return file;
    case 'loop': {
      for (let from = page(), to = page(), i = 0; i < 20; i++, from = page(), to = page()) {
        if (view.getUint16(from * pageSize + 8, true) === 1) view.setBigUint64(from * pageSize + 24, BigInt(to), true);
      }
      return file;
    }
  }
}

function flipAt(file: Uint8Array, at: number, bit: number): Uint8Array {
  file[at] = (file[at] ?? 0) ^ (1 << bit);
  return file;
}

const zero = (file: Uint8Array, at: number, size: number): Uint8Array => file.fill(0, at, at + size);

function swapPages(file: Uint8Array, a: number, b: number, pageSize: number): Uint8Array {
  const kept = file.slice(a * pageSize, (a + 1) * pageSize);
  file.copyWithin(a * pageSize, b * pageSize, (b + 1) * pageSize);
  file.set(kept, b * pageSize);
  return file;
}

/** What a person may be told of a file whose trailer no longer fits. */
const rightReasons: Readonly<Record<typeof trailerKept[number], readonly string[]>> = {
  flip: ['SNAPSHOT_HASH_MISMATCH'], zeroPage: ['SNAPSHOT_HASH_MISMATCH'], swapPages: ['SNAPSHOT_HASH_MISMATCH'],
  stalePage: ['SNAPSHOT_HASH_MISMATCH'], flipTrailer: ['SNAPSHOT_HASH_MISMATCH'],
  truncate: ['SNAPSHOT_TRUNCATED', 'SNAPSHOT_NOT_ETCD', 'SNAPSHOT_EMPTY'],
  truncatePages: ['SNAPSHOT_TRUNCATED', 'SNAPSHOT_EMPTY'],
  append: ['SNAPSHOT_TRAILING_BYTES'],
  strip: ['absent'],
  // A header that lies about the size, with a right checksum, cannot be told from a file of another size.
  header: ['SNAPSHOT_HASH_MISMATCH', 'SNAPSHOT_TRUNCATED', 'SNAPSHOT_NOT_ETCD', 'SNAPSHOT_TRAILING_BYTES'],
};

/** Damages many small snapshots and verifies each. Every one has a seed of its own, which an error names. */
export class DamagedFiles {
  readonly #bases = [base(4096, 1000, 220, 600), base(1024, 4, 180, 100), base(16384, 5, 90, 2000)];
  readonly #memory = wasmMemory();
  /** How often each verdict was given. */
  readonly verdicts = new Map<string, number>();

  /** Their trailer no longer fits: each must be refused for the right reason. */
  refuse(count: number, firstSeed: number): void {
    for (let i = 0, done = 0; done < count; i++) {
      const kind = trailerKept[i % trailerKept.length] ?? 'flip';
      const told = this.#verdict(kind, firstSeed + i, damaged => damaged);
      const expected = rightReasons[kind];
      if (told === undefined) continue;
      done++;
      assert.ok(expected.includes(told), `${kind}, seed ${firstSeed + i}: ${told} instead of ${expected.join(' or ')}`);
    }
  }

  /** Their trailer was made anew, so that the reader itself is attacked: it may accept or refuse, and nothing else. */
  survive(count: number, firstSeed: number): void {
    for (let i = 0, done = 0; done < count; i++) {
      const told = this.#verdict(trailerMade[i % trailerMade.length] ?? 'flip', firstSeed + i, (damaged, length) => withTrailer(damaged.subarray(0, length)));
      if (told !== undefined) done++;
    }
  }

  /** Nothing when the damage changed nothing. */
  #verdict(kind: Kind, seed: number, seal: (damaged: Uint8Array, length: number) => Uint8Array): string | undefined {
    const random = generator(seed);
    const chosen = this.#bases[seed % this.#bases.length];
    assert.ok(chosen);
    const original = withTrailer(chosen.now);
    const damaged = damageIt(kind, chosen, original.slice(), limit => Math.floor(random() * limit));
    if (Buffer.compare(damaged, original) === 0) return undefined;
    try {
      return this.#count(verifyBytes(seal(damaged, chosen.now.length), this.#memory).trailer);
    } catch (error) {
      if (error instanceof KnownError) return this.#count(error.args['reason'] === undefined ? error.code : `${error.code} ${error.args['reason']}`);
      throw new Error(`${kind}, seed ${seed}`, { cause: error });
    }
  }

  #count(verdict: string): string {
    this.verdicts.set(verdict, (this.verdicts.get(verdict) ?? 0) + 1);
    return verdict;
  }
}
