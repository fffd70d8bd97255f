import type { ValueCounts } from '../report.js';

/** `k8s:`, `enc:` and `k8s\0`, as big-endian words. */
const K8S = 0x6b38733a;
const ENC = 0x656e633a;
const PROTOBUF = 0x6b387300;
const MOST_KEYS = 16;
const LONGEST = 128;

/** Counts values by how they are stored; looks at their first bytes only. */
export class ValueCounter {
  encrypted = 0;
  protobuf = 0;
  plain = 0;
  readonly #keys = new Set<string>();

  take(view: DataView, at: number, end: number): void {
    const word = end - at >= 4 ? view.getUint32(at) : 0;
    if (word === PROTOBUF) this.protobuf++;
    else if (word === K8S && end - at >= 8 && view.getUint32(at + 4) === ENC) {
      this.encrypted++;
      if (this.#keys.size < MOST_KEYS) this.#addKey(view, at + 8, Math.min(end, at + LONGEST));
    } else this.plain++;
  }

  /** Provider, version and key name, each ended by a colon. Kubernetes: `encryptionconfig/config.go`. */
  #addKey(view: DataView, at: number, end: number): void {
    let name = '';
    let colons = 0;
    for (let i = at; i < end; i++) {
      const byte = view.getUint8(i);
      if (byte === 0x3a && ++colons === 3) {
        this.#keys.add(name);
        return;
      }
      if (byte < 0x21 || byte > 0x7e) return;
      name += String.fromCharCode(byte);
    }
  }

  counts(): ValueCounts {
    return { encrypted: this.encrypted, protobuf: this.protobuf, plain: this.plain, encryptionKeys: [...this.#keys].sort() };
  }
}
