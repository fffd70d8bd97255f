/** A cell: the text etcdctl prints, and what it is ordered by. */
export interface Cell {
  readonly text: string;
  /** Absent: ordered by its text. */
  readonly order?: number | bigint;
}

/** A table of text as etcdctl prints one. Column titles are etcdctl's own words, not translated. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Which column the rows are ordered by. */
export interface SortOrder {
  readonly column: number;
  readonly direction: 'ascending' | 'descending';
}

const collator = new Intl.Collator('en', { numeric: true });

const compare = (a: Cell, b: Cell, sign: number): number =>
  a.order !== undefined && b.order !== undefined ? sign * (a.order < b.order ? -1 : a.order > b.order ? 1 : 0)
  // What has no value (an unreachable member) stands last, whichever way.
  : a.order !== undefined || b.text === '' && a.text !== '' ? -1
  : b.order !== undefined || a.text === '' && b.text !== '' ? 1
  : sign * collator.compare(a.text, b.text);

/** The rows' indexes in the order asked for; stable, so equal rows keep the order of the members. */
export function sortedIndexes(table: Table, sort: SortOrder | undefined): readonly number[] {
  const indexes = table.rows.map((_, index) => index);
  if (!sort) return indexes;
  const sign = sort.direction === 'ascending' ? 1 : -1;
  const empty: Cell = { text: '' };
  return indexes.sort((a, b) =>
    compare(table.rows[a]?.[sort.column] ?? empty, table.rows[b]?.[sort.column] ?? empty, sign));
}

/** The same table with its rows in the order asked for. */
export const sortTable = (table: Table, sort: SortOrder | undefined): Table =>
  ({ ...table, rows: sortedIndexes(table, sort).flatMap(index => table.rows[index] ? [table.rows[index]] : []) });
