"""What changes of stock show on open screens: the car's row in the branch's list and in the org's."""

from app.core.base import Db
from app.core.events import Fact, tag_of
from app.core.i18n import _
from app.core.ids import Id
from app.core.live import InWindow, Push, Stale, TopicKind, Window, heard
from app.core.security import Principal, may
from app.listings import queries
from app.listings.errors import ListingGone
from app.listings.facts import (
    ListingArchived,
    ListingChanged,
    ListingExpired,
    ListingPriceChanged,
    ListingPublished,
    ListingReserved,
    ListingSold,
    ListingUnpublished,
    StockChanged,
    StockFilled,
)
from app.listings.schemas import StockRow
from app.media.facts import MediaAdded, MediaFact, MediaFailed

ORG = "org"
"""Stands in a topic for "every branch of the org"."""


def _may(who: Principal, key: str) -> bool:
    """`key` is a branch's slug or ORG; everybody who reads stock reads all of it."""
    return may(who.role, "listing.read") and bool(key)


async def _is_ours(db: Db, _who: Principal, key: str) -> bool:
    try:
        return await queries.is_ours(db, Id(key))
    except ValueError:
        return False


async def photos_now(db: Db, key: str) -> list[Push]:
    """The pictures of the listing `key`, as its page in the desk shows them."""
    try:
        album = await queries.album(db, Id(key))
    except ListingGone:
        return []
    context = {"album": album, "car_id": Id(key)}
    return [
        Push(topic=f"photos:{key}", target="photos", swap="morph", fragment="listings/_photos.html", context=context)
    ]


async def _in_window(db: Db, listing_id: Id) -> InWindow | None:
    try:
        car = await queries.public_listing_of(db, listing_id)
    except ListingGone:
        return None
    context = {"listing": car, "drops": await queries.drops(db, car)}
    push = Push(
        topic=f"listing:{car.id}", target="offer", swap="morph", fragment="listings/_offer.html", context=context,
        say=_("The price or the state of this car has just changed."),
    )  # fmt: skip
    return InWindow(car.org_id, car.version, push)


def _gone() -> Push:
    context = {"listing": None, "drops": ()}
    return Push(
        topic="listing", target="offer", swap="morph", fragment="listings/_offer.html", context=context,
        say=_("This car is no longer here."),
    )  # fmt: skip


WINDOW = Window(
    numbers=queries.public_versions,
    show=_in_window,
    gone=_gone,
    facts=frozenset(
        tag_of(fact)
        for fact in (
            ListingPriceChanged, ListingPublished, ListingUnpublished, ListingReserved, ListingSold, ListingExpired,
            ListingArchived, ListingChanged,
        )
    ),
    any_of=frozenset({tag_of(StockChanged), tag_of(StockFilled), "feed.run_advanced", "feed.run_undone"}),
)  # fmt: skip
"""Price and availability on the open page of a car: what strangers may hear, and of what."""

TOPICS = (
    TopicKind(name="listing", log=False, may=lambda _who, _key: False, window=WINDOW),
    TopicKind(name="stock", log=True, may=_may, region="/desk/stock/region", pace_s=2.0),
    TopicKind(
        name="photos", log=False, may=_may, check=_is_ours, region="/desk/stock/{key}/photos", snapshot=photos_now
    ),
)


async def photos_changed(db: Db, fact: MediaFact) -> list[Push]:
    """The pictures on the car's page; its row, should another be the cover now."""
    topic = f"photos:{fact.listing_id}"
    shown = await photos_now(db, str(fact.listing_id)) if heard(db, topic) else []
    if isinstance(fact, MediaAdded | MediaFailed):  # neither is seen in any list
        return shown
    try:
        car = await queries.row(db, fact.listing_id)
    except ListingGone:
        return shown
    if car.status != "archived":
        topics = (f"stock:{ORG}", *((f"stock:{car.branch}",) if car.branch else ()))
        shown += [_row(topic, car) for topic in topics]
    return shown


async def stock_filled(db: Db, _fact: Fact) -> list[Stale]:
    """Too many cars at once to be told one by one, in any branch."""
    slugs = [ORG, *(await queries.branch_slugs(db)).values()]
    return [Stale(f"stock:{slug}") for slug in slugs if heard(db, f"stock:{slug}")]


async def listing_changed(db: Db, fact: Fact) -> list[Push]:
    """The row as it is now. What was put away or deleted leaves, also the list of the branch it has moved away from."""
    try:
        car = await queries.row(db, fact.id)
    except ListingGone:
        car = None
    branch = await queries.branch_by_id(db, fact.branch_id) if fact.branch_id else None
    topics = [f"stock:{ORG}", *([f"stock:{branch.slug}"] if branch else [])]
    if car is None or car.status == "archived":
        return [Push(topic=topic, target=f"stock-{fact.id}", swap="remove") for topic in topics]
    shown = [_row(topic, car) for topic in topics]
    if isinstance(fact, ListingChanged) and fact.was_branch_id is not None:
        left = await queries.branch_by_id(db, fact.was_branch_id)
        if left and left.slug != (branch and branch.slug):
            shown.append(Push(topic=f"stock:{left.slug}", target=f"stock-{fact.id}", swap="remove"))
    return shown


def _row(topic: str, car: StockRow) -> Push:
    return Push(topic=topic, target="stock", fragment="listings/_row.html", context={"car": car})


async def stock_changed(db: Db, fact: StockChanged) -> list[Push]:
    """Every row of the chunk as it is now, and away from the branches its cars have left."""
    cars = await queries.batch_part(db, fact.id, fact.part)
    rows = await queries.rows(db, [car.listing_id for car in cars])
    slugs = await queries.branch_slugs(db) if any("branch_id" in car.before for car in cars) else {}
    shown = list[Push]()
    for car in cars:
        row, target = rows.get(car.listing_id), f"stock-{car.listing_id}"
        here = {f"stock:{ORG}"} | ({f"stock:{row.branch}"} if row is not None and row.branch else set())
        if row is None or row.status == "archived":
            shown += [Push(topic=topic, target=target, swap="remove") for topic in here]
            continue
        fragment, context = "listings/_row.html", {"car": row}
        shown += [Push(topic=topic, target="stock", fragment=fragment, context=context) for topic in here]
        stood = {slugs.get(str(side.get("branch_id"))) for side in (car.before, car.after)} - {None, row.branch}
        shown += [Push(topic=f"stock:{slug}", target=target, swap="remove") for slug in stood]
    return [push for push in shown if heard(db, push.topic)]
