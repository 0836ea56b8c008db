"""Many rows at once by COPY, into a temporary table: row-level security lets COPY in nowhere else."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Column, MetaData, Table
from sqlalchemy.schema import CreateTable

from app.core.base import Db


def temporary(name: str, *columns: Column[Any]) -> Table:
    """A table for `copied`; every transaction that uses it makes it anew and loses it at its end."""
    return Table(name, MetaData(), *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")


async def copied(db: Db, table: Table, rows: Iterable[Sequence[Any]]) -> None:
    """The rows, in the order of the table's columns, in `table`: once in a transaction."""
    await db.execute(CreateTable(table))
    raw = await (await db.connection()).get_raw_connection()
    driver = raw.driver_connection
    assert driver is not None  # noqa: S101 - narrows the type; a connection in use has a driver
    await driver.copy_records_to_table(table.name, records=rows, columns=[column.name for column in table.columns])
