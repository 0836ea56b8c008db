"""Listings made and edited, with what their car says of itself filled in."""

from typing import Any

import msgspec
from msgspec import UNSET

from app.core import clock
from app.core.base import Db
from app.core.conflicts import unique_or
from app.core.errors import Invalid
from app.core.events import record
from app.core.i18n import _
from app.core.ids import Id, new_id
from app.core.security import Principal
from app.listings import queries, rules
from app.listings.errors import StockNumberTaken
from app.listings.facts import ListingChanged, ListingCreated, ListingPriceChanged
from app.listings.models import Listing, ListingPrice
from app.listings.queries import Car
from app.listings.schemas import ListingForm, ListingPatch
from app.listings.service.attributes import describe, keep_attributes
from app.listings.service.contacts import masked_phone_of
from app.listings.service.indexing import index
from app.listings.service.locking import locked, mine
from app.orgs.models import Branch

_PLAIN = (
    "year", "odometer_km", "description", "registered_in", "engine_cc", "fuel", "transmission", "body", "colour",
    "assembly", "import_year", "auction_grade", "token_paid_to", "documents", "paint", "condition", "visibility",
    "channel", "in_feeds", "stock_number", "lat", "lon",
)  # fmt: skip
_CAR = ("make", "model", "variant")


async def create_listing(db: Db, who: Principal, form: ListingForm) -> Id:
    """A draft. Raises Invalid, StockNumberTaken, OtherBranch."""
    _check_year(form.year)
    given = {name: getattr(form, name) for name in _PLAIN}
    await _check_papers(db, given, form.year)
    car = await queries.car_of(db, form.make, form.model, form.variant)
    branch = await _branch(db, who, form.branch)
    now = clock.now()
    listing = Listing(
        id=new_id(),
        org_id=who.org_id,
        branch_id=branch.id if branch else None,
        seller_id=None if branch else who.person_id,
        contact_phone_masked=None if branch else await masked_phone_of(db, who.person_id),
        **given,
        asking_price=form.asking_price,
        title=form.title or "",
        status="draft",
        created_at=now,
        version=1,
    )
    _take(listing, car)
    for name, value in of_car(car).items():
        if getattr(listing, name) is None:
            setattr(listing, name, value)
    await _stand(db, listing, form.city, branch)
    await describe(db, listing, form.category, form.attributes, fresh=True)
    listing.quality_score = rules.quality(listing)
    async with unique_or(db, "uq_listing_org_id_stock_number", StockNumberTaken):
        db.add(listing)
    db.add(_price(listing, "created"))
    if listing.attributes:
        await keep_attributes(db, listing)
    await index(db, listing)
    record(
        db,
        ListingCreated(org_id=listing.org_id, id=listing.id, branch_id=listing.branch_id),
        changed={"title": (None, listing.title), "asking_price": (None, listing.asking_price)},
    )
    return listing.id


async def change_listing(
    db: Db, who: Principal, listing_id: Id, patch: ListingPatch, *, version: int | None = None
) -> None:
    """Raises ListingGone, Stale, Invalid, StockNumberTaken, OtherBranch. Changing nothing is no change."""
    listing = await locked(db, who, listing_id, patch.version if version is None else version)
    before = _kept(listing)
    await _apply(db, who, listing, patch)
    changed = {name: (before[name], now) for name, now in _kept(listing).items() if now != before[name]}
    if not changed:
        return
    listing.version += 1
    listing.quality_score = rules.quality(listing)
    async with unique_or(db, "uq_listing_org_id_stock_number", StockNumberTaken):
        pass
    if "attributes" in changed:
        await keep_attributes(db, listing)
    org_id, branch_id = listing.org_id, listing.branch_id
    if "asking_price" in changed:
        db.add(_price(listing, patch.price_reason or "changed"))
        price = {"asking_price": changed.pop("asking_price")}
        record(db, ListingPriceChanged(org_id=org_id, id=listing.id, branch_id=branch_id), changed=price)
    if changed:
        was = changed["branch_id"][0] if "branch_id" in changed else None
        fact = ListingChanged(org_id=org_id, id=listing.id, branch_id=branch_id, was_branch_id=was)
        record(db, fact, changed=changed)
    await index(db, listing)


async def _apply(db: Db, who: Principal, listing: Listing, patch: ListingPatch) -> None:
    given = {name: value for name, value in msgspec.structs.asdict(patch).items() if value is not UNSET}
    if "year" in given:
        _check_year(given["year"])
    await _check_papers(db, given, given.get("year", listing.year))
    said = listing.title
    generated = await _title(db, listing) == said
    if any(name in given for name in _CAR):
        _take(listing, await _car(db, listing, given))
    if "branch" in given:
        branch = await queries.branch_of(db, given["branch"])
        mine(who, branch.id)
        listing.branch_id = branch.id
    if "city" in given:
        await _stand(db, listing, given["city"], None)
    for name in ("asking_price", "doubt", "title", *_PLAIN):
        if name in given:
            setattr(listing, name, given[name])
    await describe(db, listing, given.get("category"), given.get("attributes") or {}, fresh=False)
    if generated and given.get("title", said) == said:
        listing.title = await _title(db, listing)


async def _car(db: Db, listing: Listing, given: dict[str, Any]) -> Car:
    """The car as it is now meant: what was not named stays, but a trim goes with its model."""
    make, model, trim = await queries.car_by_ids(db, listing.make_id, listing.model_id, listing.trim_id)
    moved = "make" in given or "model" in given
    variant = given.get("variant", None if moved or trim is None else trim.slug)
    return await queries.car_of(
        db, given.get("make", make.slug if make else ""), given.get("model", model.slug if model else ""), variant
    )


def _take(listing: Listing, car: Car) -> None:
    listing.make_id, listing.model_id = car.make.id, car.model.id
    listing.trim_id = car.trim.id if car.trim else None
    if not listing.title:
        listing.title = title_of(car, listing.year)


def title_of(car: Car, year: int | None) -> str:
    parts = (car.make.name, car.model.name, car.trim.name if car.trim else None, str(year) if year else None)
    return " ".join(part for part in parts if part)


async def _title(db: Db, listing: Listing) -> str:
    make, model, trim = await queries.car_by_ids(db, listing.make_id, listing.model_id, listing.trim_id)
    return title_of(Car(make, model, trim), listing.year) if make and model else ""


def of_car(car: Car) -> dict[str, Any]:
    """What make, model and trim already settle."""
    return of_kind(car.model, car.trim)


def of_kind(model: Any, trim: Any) -> dict[str, Any]:
    """The same of any model and trim that carry these values."""
    return {
        "engine_cc": (trim and trim.engine_cc) or (model.engines_cc[0] if len(model.engines_cc) == 1 else None),
        "transmission": trim and trim.transmission,
        "fuel": model.fuels[0] if len(model.fuels) == 1 else None,
        "assembly": model.assembly[0] if len(model.assembly) == 1 else None,
        "body": model.body,
    }


async def _branch(db: Db, who: Principal, slug: str | None) -> Branch | None:
    """Where a dealer's car stands; a person's stands nowhere of ours. Raises Invalid, OtherBranch."""
    if who.org_kind == "person":
        return None
    if slug is not None:
        branch = await queries.branch_of(db, slug)
    elif who.branch_id is not None:
        branch = await queries.branch_by_id(db, who.branch_id)
    else:
        raise Invalid([{"field": "branch", "message": "Say in which branch this car stands."}])
    mine(who, branch.id)
    return branch


async def _stand(db: Db, listing: Listing, city: str | None, branch: Branch | None) -> None:
    """The city, and a place on the map where none was given. Raises Invalid."""
    place = await queries.place_of(db, city) if city else await queries.place_like(db, branch.city) if branch else None
    if place is None:
        raise Invalid([{"field": "city", "message": "Say in which city this car is."}])
    if listing.location_id != place.id and (listing.location_id is not None or listing.lat is None):
        listing.lat, listing.lon = place.lat, place.lon
    listing.location_id = place.id


def _check_year(year: int) -> None:
    if not 1950 <= year <= clock.now().year + 1:
        raise Invalid([{"field": "year", "message": "That model year cannot be."}])


async def _check_papers(db: Db, given: dict[str, Any], year: int | None) -> None:
    """Writes the grade as the sheet does, the place as a slug where we know it. Raises Invalid."""
    if given.get("registered_in"):
        given["registered_in"] = await queries.registration(db, given["registered_in"])
    if rules.imported_before_built(year, given.get("import_year")):
        raise Invalid([{"field": "import_year", "message": _("No car is imported before it is built.")}])
    if given.get("auction_grade") is not None:
        given["auction_grade"] = rules.grade(given["auction_grade"])
        if given["auction_grade"] is None:
            raise Invalid([{"field": "auction_grade", "message": _("Write the grade as on the sheet: 4.5, S, R.")}])


def _price(listing: Listing, reason: str) -> ListingPrice:
    return ListingPrice(
        id=new_id(),
        org_id=listing.org_id,
        listing_id=listing.id,
        price=listing.asking_price,
        at=clock.now(),
        reason=reason,
    )


def _kept(listing: Listing) -> dict[str, Any]:
    names = ("make_id", "model_id", "trim_id", "branch_id", "location_id", "title", "asking_price", "doubt", *_PLAIN)
    return {name: getattr(listing, name) for name in ("category_id", "attributes", *names)}
