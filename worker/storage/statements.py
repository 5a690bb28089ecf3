"""The few statements that SQLite and PostgreSQL spell differently."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    CursorResult,
    Executable,
    Select,
    String,
    Table,
    TableValuedAlias,
    Text,
    any_,
    bindparam,
    cast,
    func,
    select,
    text,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

#: SQLite takes 32,766 parameters and PostgreSQL 65,535; far below both.
PARAMETERS = 5_000

Values = Mapping[str, object]
T = TypeVar("T")


def upsert(conn: Connection, table: Table) -> PostgresInsert | SqliteInsert:
    """An INSERT that can say what to do on conflict. Sort the rows by key: unsorted batches of
    several writers deadlock on PostgreSQL."""
    return postgres_insert(table) if is_postgres(conn) else sqlite_insert(table)


def insert_rows(conn: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Insert rows, all with the same columns."""
    _insert(conn, table, rows, ())


def replace_rows(
    conn: Connection, table: Table, key: Sequence[str], rows: Sequence[Values]
) -> None:
    """Insert rows, sorted by key and with the same columns, over those of the same key."""
    _insert(conn, table, rows, tuple(key))


def _insert(conn: Connection, table: Table, rows: Sequence[Values], key: tuple[str, ...]) -> None:
    if not rows:
        return
    names = [column.name for column in table.columns if column.name in rows[0]]
    statement = upsert(conn, table)
    if is_postgres(conn):
        statement = statement.from_select(names, _unnested(table, names))
    if key:
        written = {name: statement.excluded[name] for name in names if name not in key}
        statement = statement.on_conflict_do_update(index_elements=key, set_=written)
    if is_postgres(conn):
        conn.execute(statement, {f"all_{name}": [row[name] for row in rows] for name in names})
    else:
        conn.execute(statement, list(rows))


def _unnested(table: Table, names: Sequence[str]) -> Select[Any]:
    """The rows as one array a column: on PostgreSQL three times as fast as a statement a row."""
    types = {name: table.c[name].type for name in names}
    arrays = [bindparam(f"all_{name}", type_=ARRAY(kind)) for name, kind in types.items()]
    casts = [cast(array, array.type) for array in arrays]
    return select(func.unnest(*casts).table_valued(*names).render_derived())


def within(conn: Connection, column: Column[T], values: Collection[T]) -> ColumnElement[bool]:
    """Whether the column is one of the values: one parameter on PostgreSQL, however many."""
    if is_postgres(conn):
        return column == any_(bindparam(None, list(values), type_=ARRAY(column.type)))
    return column.in_(values)


def listed(conn: Connection, values: Collection[int]) -> TableValuedAlias:
    """The numbers as a table with the one column `value`, to be joined with."""
    if is_postgres(conn):
        array = bindparam(None, list(values), type_=ARRAY(BigInteger))
        return func.unnest(cast(array, array.type)).table_valued("value").render_derived()
    return func.json_each(json.dumps(list(values))).table_valued("value")


def contains(conn: Connection, column: ColumnElement[str], query: str) -> ColumnElement[bool]:
    """Whether the column contains the query, in any case."""
    if is_postgres(conn):
        wanted = func.lower(type_coerce(query, Text))
        return func.strpos(func.lower(type_coerce(column, Text)), wanted) > 0
    return func.instr(func.casefold(column), type_coerce(query.casefold(), String)) > 0


def is_postgres(conn: Connection) -> bool:
    return conn.dialect.name == "postgresql"


def affected(conn: Connection, statement: Executable) -> int:
    """How many rows an UPDATE, DELETE or INSERT touched."""
    outcome: CursorResult[Any] = conn.execute(statement)
    return outcome.rowcount


def one_at_a_time(conn: Connection, name: str) -> None:
    """Serialise with every other transaction of this `name` until this one ends.

    SQLite's write lock does so already.
    """
    if is_postgres(conn):
        conn.execute(
            text("SELECT pg_advisory_xact_lock(hashtext(current_schema() || :name))"),
            {"name": f" {name}"},
        )


def chunks(rows: Sequence[T] | Iterable[T], size: int = PARAMETERS) -> Iterator[list[T]]:
    """The rows in lists of at most `size`."""
    listed = list(rows)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]
