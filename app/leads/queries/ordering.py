"""In which order a list of leads stands, and where its next page begins."""

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Select, func, tuple_

from app.core import lists
from app.core.base import Db
from app.core.ids import Id
from app.core.paging import Cursors
from app.leads.models import Lead
from app.listings.models import Listing

_VALUE = func.coalesce(Listing.asking_price, Lead.price_at_open, 0)


class Order(Protocol):
    def page(self, query: Select[*tuple[Any, ...]], cursor: str | None) -> Select[*tuple[Any, ...]]: ...

    def following(self, lead: Lead, car: Listing | None) -> str: ...


class Arrived:
    """The latest arrivals first."""

    def __init__(self, cursors: Cursors) -> None:
        self._cursors = cursors

    def page(self, query: Select[*tuple[Any, ...]], cursor: str | None) -> Select[*tuple[Any, ...]]:
        after = self._cursors.decode(cursor, tuple[datetime, Id])
        query = query.order_by(Lead.arrived_at.desc(), Lead.id.desc())
        return query.where(tuple_(Lead.arrived_at, Lead.id) < after) if after else query

    def following(self, lead: Lead, _car: Listing | None) -> str:
        return self._cursors.encode(lead.arrived_at, lead.id)


class Due:
    """What is due first; of several at once the dearest car first."""

    def __init__(self, cursors: Cursors) -> None:
        self._cursors = cursors

    def page(self, query: Select[*tuple[Any, ...]], cursor: str | None) -> Select[*tuple[Any, ...]]:
        after = self._cursors.decode(cursor, tuple[datetime, int, Id])
        query = query.order_by(Lead.due_at, _VALUE.desc(), Lead.id)
        return query.where(tuple_(Lead.due_at, -_VALUE, Lead.id) > after) if after else query

    def following(self, lead: Lead, car: Listing | None) -> str:
        asking = car.asking_price if car else None
        value = lead.price_at_open if asking is None else asking
        return self._cursors.encode(lead.due_at, -(value or 0), lead.id)


def of(db: Db, view: str) -> Order:
    return Due(lists.cursors(db, "leads-due")) if view == "call" else Arrived(lists.cursors(db, "leads"))
