import type { Sql } from './sql.ts';

/**
 * One row for a statement over a JSON array of rows, its only parameter. Rows given to the same statement in one turn of the
 * loop are sent as one; each caller is answered the rows of all, and takes its own.
 */
export type Gather = <Row = never>(statement: string, row: object) => Promise<readonly Row[]>;

type Gathering = { readonly rows: object[]; readonly answer: Promise<readonly never[]> };

export function gatherInto(sql: Sql): Gather {
  const open = new Map<string, Gathering>();
  const gathering = (statement: string): Gathering => {
    const rows: object[] = [];
    // By then every work of the transaction has gone as far as it can without an answer.
    const answer = new Promise<void>((resolve) => process.nextTick(resolve)).then(() => {
      open.delete(statement);
      return sql(statement, [JSON.stringify(rows)]);
    });
    return { rows, answer };
  };
  return (statement, row) => {
    const current = open.get(statement) ?? gathering(statement);
    open.set(statement, current);
    current.rows.push(row);
    return current.answer;
  };
}
