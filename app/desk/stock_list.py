"""The list of stock as its address asks for it: filters in, the region's context out."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Request

from app.analytics import queries as analytics
from app.analytics.rules import today
from app.core import clock
from app.core.base import Db
from app.core.bounds import clean_text
from app.core.errors import Invalid
from app.core.ids import Id
from app.core.security import Principal, may
from app.desk.schemas import rupees
from app.listings import queries, rules
from app.listings.live import ORG
from app.listings.schemas import STOCK_SORTS, StockFilters
from app.orgs import queries as orgs

# What each tab shows, and all of them together where nothing is chosen: everything but what was put away.
TABS = ("live", "draft", "pending", "reserved", "sold", "expired", "rejected", "archived")
KEPT = tuple(status for status in TABS if status != "archived")
_FIELDS = {field.name: field for field in msgspec.structs.fields(StockFilters)}
_SAID = ("price_min", "price_max")
# Beside what stands on the page itself.
PANEL = tuple(name for name in _FIELDS if name not in ("q", "branch", "status", "age", "sort"))


def filters_of(request: Request[Any, Any, Any]) -> StockFilters:
    """Whatever cannot be is left out: an empty box, a mistyped year. Prices may be said: 42 lakh."""
    found: dict[str, Any] = {}
    for name, field in _FIELDS.items():
        text = clean_text(request.query_params.get(name, ""))
        if not text:
            continue
        try:
            given = rupees(text, name) if name in _SAID else text.replace(",", "") if name == "km_max" else text
            found[name] = msgspec.convert(given, field.type, strict=False)
        except (msgspec.ValidationError, Invalid):
            continue
    return StockFilters(**found)


def address(asked: StockFilters, **change: Any) -> str:
    """The list's page with `change`: only what is not the default."""
    wanted = msgspec.structs.replace(asked, **change)
    given = [(name, str(value)) for name in _FIELDS if (value := getattr(wanted, name)) != _FIELDS[name].default]
    return f"/desk/stock{'?' + urlencode(given) if given else ''}"


def statuses(asked: StockFilters) -> tuple[str, ...]:
    """Of one age are only cars that are for sale or reserved."""
    if asked.status:
        return (asked.status,)
    return rules.IN_STOCK if asked.age else KEPT


async def branch_id_of(db: Db, asked: StockFilters) -> Id | None:
    """Raises NotFound for a branch that is not ours."""
    return await orgs.branch_id_of(db, asked.branch) if asked.branch else None


async def region(db: Db, who: Principal, asked: StockFilters, cursor: str | None) -> dict[str, Any]:
    """Raises NotFound for a branch that is not ours."""
    branch_id = await branch_id_of(db, asked)
    found = await queries.stock(db, asked, status=statuses(asked), branch_id=branch_id, cursor=cursor, limit=50)
    counts = await queries.counts(db, asked, branch_id=branch_id)
    total = sum(counts.get(name, 0) for name in (rules.IN_STOCK if asked.age else KEPT))
    plain = asked == StockFilters(branch=asked.branch) and not cursor
    return {
        "cars": found.items,
        "reach": await analytics.reach_of(db, [car.id for car in found.items], today(clock.now())),
        "position": found.position,
        "topic": f"stock:{asked.branch or ORG}" if plain else None,
        "counts": counts,
        "total": total,
        "listed": counts.get(asked.status, 0) if asked.status else total,
        "tabs": [(name, address(asked, status=name)) for name in TABS if counts.get(name) or name == asked.status],
        "every": address(asked, status=""),
        "asked": asked,
        "narrowed": asked != StockFilters(),
        "chips": [(name, getattr(asked, name), address(asked, **{name: _FIELDS[name].default})) for name in _on(asked)],
        "bare": address(StockFilters(q=asked.q, branch=asked.branch, status=asked.status, sort=asked.sort)),
        "here_again": address(asked),
        "following": _with(address(asked), cursor=found.next_cursor) if found.next_cursor else None,
        "as_json": msgspec.json.encode(asked).decode(),
        "sorts": STOCK_SORTS,
        "changes": may(who.role, "listing.change"),
    }


def _on(asked: StockFilters) -> list[str]:
    return [name for name in ("age", *PANEL) if getattr(asked, name) != _FIELDS[name].default]


def _with(path: str, **more: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{urlencode(more)}"
