"""What a row says, as columns of a listing."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from app.core.ids import Id
from app.feeds.rules import papers
from app.feeds.rules.cars import CarFacts
from app.listings import rules as stock
from app.listings.queries import StockBook
from app.listings.service import COLUMNS, of_kind

_SAME = tuple(name for name in CarFacts.__struct_fields__ if name in COLUMNS and name not in ("title", "branch"))
"""Facts that are columns by the same name."""


_PAPERS = {
    "documents": papers.documents,
    "paint": papers.paint,
    "token_paid_to": papers.token_paid_to,
    "auction_grade": papers.auction_grade,
}


class Ground(Struct, frozen=True):
    """What every row of a run stands on: the catalogue, the org's branches by slug and folded name, its branch.

    `within` is the only branch whose cars it may touch; None: all.
    """

    book: StockBook
    branches: dict[str, Id]
    branch_id: Id | None
    within: Id | None
    publish: bool
    stands: dict[Id, Any]


def elsewhere(ground: Ground, facts: Mapping[str, Any], stands_at: Id | None) -> bool:
    """Whether the car stands in a branch that this run may not touch, or the row would put it there."""
    named = ground.branches.get(stock.fold(facts.get("branch", "")))
    return ground.within is not None and not {stands_at, named or ground.within} <= {ground.within}


def facts_of(facts: CarFacts) -> dict[str, Any]:
    """The facts as they are kept beside the car, those that are there."""
    return {name: value for name, value in msgspec.structs.asdict(facts).items() if value not in (None, "", (), False)}


def values(ground: Ground, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Columns that these facts settle; a fact that is not there settles nothing."""
    book = ground.book
    found = {name: facts[name] for name in _SAME if name in facts}
    for name, understood in _PAPERS.items():
        if name in found and (said := understood(found.pop(name))) is not None:
            found[name] = said
    if "title" in facts:
        found["title"] = facts["title"]
    make = book.makes.get(facts.get("make", ""))
    model = book.models.get((facts.get("make", ""), facts.get("model", "")))
    trim = book.trims.get((model.id, facts.get("variant", ""))) if model else None
    place = book.places.get(facts.get("city", ""))
    for column, one in (("make_id", make), ("model_id", model), ("trim_id", trim), ("location_id", place)):
        if one is not None:
            found[column] = one.id
    if place is not None:
        found |= {"lat": place.lat, "lon": place.lon}
    branch = ground.branches.get(stock.fold(facts.get("branch", "")))
    if branch is not None:
        found["branch_id"] = branch
    if facts.get("call_for_price"):
        found["asking_price"] = None
    if model is not None:
        kind = of_kind(model, trim)
        found |= {name: value for name, value in kind.items() if value is not None and name not in found}
    return found
