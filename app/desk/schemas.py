"""Forms of the desk's own screens, and what they mean to the domains below."""

from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta

from app.core.bounds import Input
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.money import AmountUnclear, parse_pkr
from app.listings.schemas import (
    Attributes,
    AuctionGrade,
    Channel,
    Colour,
    Condition,
    Description,
    Documents,
    EngineCc,
    Kilometres,
    ListingForm,
    ListingPatch,
    Paint,
    Place,
    PriceReason,
    StockNumber,
    Title,
    TokenMonth,
    Visibility,
    Year,
)
from app.sla.schemas import Version
from app.vehicles.schemas import Assembly, Body, Fuel, Transmission

Text = Annotated[str, Meta(max_length=120)]


class StockForm(Input, frozen=True, kw_only=True):
    """A car as somebody types it. `car` is make/model; `price` is said as people say it: 42.5 lakh.

    `car`, `year` and `odometer_km` may be left out where an import could not tell them either.
    """

    car: Annotated[str, Meta(max_length=130, pattern="^[a-z0-9-]+/[a-z0-9-]+$")] | None = None
    variant: Text | None = None
    year: Year | None = None
    price: Text | None = None
    price_reason: PriceReason | None = None
    odometer_km: Kilometres | None = None
    city: Text | None = None
    branch: Text | None = None
    title: Title | None = None
    description: Description = ""
    registered_in: Place | None = None
    engine_cc: EngineCc | None = None
    fuel: Fuel | None = None
    transmission: Transmission | None = None
    body: Body | None = None
    colour: Colour | None = None
    assembly: Assembly | None = None
    import_year: Year | None = None
    auction_grade: AuctionGrade | None = None
    token_paid_to: TokenMonth | None = None
    documents: Documents | None = None
    paint: Paint | None = None
    condition: Condition = "used"
    visibility: Visibility = "public"
    channel: Channel = "automart"
    in_feeds: Literal["yes", "no"] = "no"
    stock_number: StockNumber | None = None
    category: Text | None = None
    version: int | None = None


_ATTRIBUTE = "attr."
_NEEDED = ("car", "year", "odometer_km")
_STAYING = ("make", "model", "year", "odometer_km", "city", "branch", "title", "category")


def attributes_in(data: Mapping[str, str], known: Collection[str]) -> Attributes:
    """What the form says of those that its category asks; empty is not said."""
    return {key: data[_ATTRIBUTE + key].strip()[:200] or None for key in known if _ATTRIBUTE + key in data}


def plain(data: Mapping[str, str]) -> dict[str, str]:
    """The form without what its category asks."""
    return {name: text for name, text in data.items() if not name.startswith(_ATTRIBUTE)}


class VersionForm(Input, frozen=True, kw_only=True):
    """What somebody saw before they changed it."""

    version: Version | None = None


def new_listing(form: StockForm, attributes: Attributes) -> ListingForm:
    """Raises Invalid for what is left out, or a price that could mean two things."""
    _demand(form, _NEEDED)
    fields = _fields(form)
    del fields["price_reason"]
    return ListingForm(**fields, attributes=attributes)


def changed_listing(
    form: StockForm, given: Collection[str], attributes: Attributes, saved: Mapping[str, str]
) -> ListingPatch:
    """What the form was sent with; what must not be empty stays as it is. Raises Invalid where what was known is not
    said any more."""
    _demand(form, [name for name in _NEEDED if saved[name]])
    sent = {"asking_price" if name == "price" else name for name in given} | {"make", "model"}
    fields = {name: value for name, value in _fields(form).items() if name in sent}
    kept = {name: UNSET for name in _STAYING if fields.get(name) is None}
    return ListingPatch(**fields | kept, attributes=attributes, version=UNSET if form.version is None else form.version)


def _fields(form: StockForm) -> dict[str, Any]:
    fields = msgspec.structs.asdict(form)
    car = fields.pop("car")
    make, model = car.split("/") if car else (None, None)
    price = fields.pop("price")
    del fields["version"]
    fields["in_feeds"] = form.in_feeds == "yes"
    return {**fields, "make": make, "model": model, "asking_price": rupees(price, "price")}


def _demand(form: StockForm, names: Iterable[str]) -> None:
    faults = [{"field": name, "message": _("This field is needed.")} for name in names if getattr(form, name) is None]
    if faults:
        raise Invalid(faults)


def rupees(said: str | None, field: str) -> int | None:
    """What somebody typed as a price or a cost. Raises Invalid on `field` for what could mean two things."""
    try:
        found = parse_pkr(said or "")
    except AmountUnclear:
        raise Invalid([{"field": field, "message": _("Say lakh or crore: 42.5 lakh, 1.2 crore.")}]) from None
    if found is not None and not 1 <= found <= 9_999_999_999:
        raise Invalid([{"field": field, "message": _("This does not look right.")}])
    return found
