/** An object with that one property, or without any: a property that is absent must not be there at all. */
export const optional = <K extends string, T>(key: K, value: T | undefined): Readonly<Partial<Record<K, T>>> =>
  (value === undefined ? {} : { [key]: value }) as Readonly<Partial<Record<K, T>>>;
