const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'] as const;

/**
 * A size as etcdctl prints it: SI units, one decimal below ten (`20 kB`, `1.2 MB`).
 * The rounding is that of go-humanize `Bytes`, which etcdctl's `printer.go` calls.
 */
export function humanBytes(bytes: number): string {
  if (bytes < 10) return `${bytes} B`;
  const exponent = Math.min(Math.floor(Math.log(bytes) / Math.log(1000)), units.length - 1);
  const value = Math.floor(bytes / 1000 ** exponent * 10 + 0.5) / 10;
  return `${value < 10 ? value.toFixed(1) : roundHalfEven(value)} ${units[exponent] ?? 'B'}`;
}

/** Go's `%.0f` rounds a half to the even neighbour. */
const roundHalfEven = (value: number): number =>
  value % 1 === 0.5 ? 2 * Math.round(value / 2) : Math.round(value);
