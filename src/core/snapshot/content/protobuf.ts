/** A field of a protobuf message: numbers keep 64 bits, everything else is a range of the bytes. */
export interface Field {
  readonly number: number;
  /** 0 varint, 1 64 bits, 2 bytes, 5 32 bits. */
  readonly wire: number;
  readonly value: bigint;
  readonly from: number;
  readonly to: number;
}

/** The fields of a message in order, or `undefined` where it is none. Groups, which etcd never writes, are none. */
export function readFields(bytes: Uint8Array): readonly Field[] | undefined {
  const fields: Field[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = readVarint(bytes, at);
    if (!tag || tag.value >= 2n ** 32n) return undefined;
    const [number, wire] = [Number(tag.value >> 3n), Number(tag.value & 7n)];
    const field = number > 0 ? readPayload(bytes, tag.next, number, wire) : undefined;
    if (!field) return undefined;
    fields.push(field);
    at = field.to;
  }
  return fields;
}

function readPayload(bytes: Uint8Array, at: number, number: number, wire: number): Field | undefined {
  if (wire === 1 || wire === 5) {
    const to = at + (wire === 1 ? 8 : 4);
    return to <= bytes.length ? { number, wire, value: 0n, from: at, to } : undefined;
  }
  if (wire !== 0 && wire !== 2) return undefined;
  const varint = readVarint(bytes, at);
  if (!varint) return undefined;
  if (wire === 0) return { number, wire, value: varint.value, from: at, to: varint.next };
  const to = varint.next + Number(varint.value);
  return to <= bytes.length ? { number, wire, value: 0n, from: varint.next, to } : undefined;
}

function readVarint(bytes: Uint8Array, at: number): { readonly value: bigint; readonly next: number } | undefined {
  let value = 0n;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), next: at + i + 1 };
  }
  return undefined;
}
