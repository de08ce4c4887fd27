/** A table that becomes a list of cards on a narrow screen; each cell then carries its column's heading. */
import type { ReactNode } from 'react';

export interface TableColumn<Row> {
  readonly id: string;
  readonly heading: string;
  readonly cell: (row: Row) => ReactNode;
  /** The cell that names the row. */
  readonly rowHeader?: boolean;
}

export function Table<Row>({ caption, captionHidden, columns, rows, rowKey }: {
  readonly caption: string; readonly captionHidden?: boolean; readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[]; readonly rowKey: (row: Row) => string;
}): ReactNode {
  return (
    <table className="accord-table">
      <caption className={captionHidden ? 'nhsuk-u-visually-hidden' : 'nhsuk-table__caption'}>{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.id} scope="col">
              {column.heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            {columns.map((column) => column.rowHeader ? (
              <th key={column.id} scope="row" className={`accord-table__${column.id}`}>{column.cell(row)}</th>
            ) : (
              <td key={column.id} className={`accord-table__${column.id}`} data-heading={column.heading}>{column.cell(row)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
