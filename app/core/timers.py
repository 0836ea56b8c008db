"""Timers are rows: something is due at a moment, and fires once, by the database's clock."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Row, Table

from app.core.base import Db


class Timer(Struct, frozen=True, kw_only=True):
    """One kind of timer. `table` has `org_id`; `due` is its moment; `open` says which rows are still to fire.

    `fire(db, rows, at)` is one ordinary transaction of one org over at most 500 locked rows that were due `at` the
    database's time: it marks every one of them (fired, or due later than that) and records what happened. An index on
    (due) where `open` carries the search.
    """

    name: str
    table: Table
    due: ColumnElement[Any]
    open: ColumnElement[bool]
    fire: Callable[[Db, Sequence[Row[Any]], datetime], Awaitable[None]]


_timers: tuple[Timer, ...] = ()


def install(timers: tuple[Timer, ...]) -> None:
    global _timers
    _timers = timers


def installed() -> tuple[Timer, ...]:
    return _timers
