const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

const rounds = [
  { k: 0x5a827999, mix: (b: number, c: number, d: number) => (b & c) | (~b & d) },
  { k: 0x6ed9eba1, mix: (b: number, c: number, d: number) => b ^ c ^ d },
  { k: 0x8f1bbcdc, mix: (b: number, c: number, d: number) => (b & c) | (b & d) | (c & d) },
  { k: 0xca62c1d6, mix: (b: number, c: number, d: number) => b ^ c ^ d },
] as const;

function padded(message: Uint8Array): DataView {
  const blocks = Math.ceil((message.length + 9) / 64);
  const bytes = new Uint8Array(blocks * 64);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setBigUint64(bytes.length - 8, BigInt(message.length) * 8n);
  return view;
}

function schedule(view: DataView, offset: number): Int32Array {
  const words = new Int32Array(80);
  for (let i = 0; i < 16; i++) words[i] = view.getInt32(offset + i * 4);
  const at = (i: number): number => words[i] ?? 0;
  for (let i = 16; i < 80; i++) words[i] = rotate(at(i - 3) ^ at(i - 8) ^ at(i - 14) ^ at(i - 16), 1);
  return words;
}

/** sha1 of a short message, 20 bytes (FIPS 180-4). etcd names members and clusters by it; it protects nothing here. */
export function sha1(message: Uint8Array): Uint8Array {
  const view = padded(message);
  let [h0, h1, h2, h3, h4] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (let offset = 0; offset < view.byteLength; offset += 64) {
    const words = schedule(view, offset);
    let [a, b, c, d, e] = [h0, h1, h2, h3, h4];
    rounds.forEach(({ k, mix }, round) => {
      for (const word of words.subarray(round * 20, round * 20 + 20)) {
        const next = (rotate(a, 5) + mix(b, c, d) + e + k + word) | 0;
        [a, b, c, d, e] = [next, a, rotate(b, 30), c, d];
      }
    });
    [h0, h1, h2, h3, h4] = [(h0 + a) | 0, (h1 + b) | 0, (h2 + c) | 0, (h3 + d) | 0, (h4 + e) | 0];
  }
  const digest = new DataView(new ArrayBuffer(20));
  [h0, h1, h2, h3, h4].forEach((word, i) => digest.setInt32(i * 4, word));
  return new Uint8Array(digest.buffer);
}
