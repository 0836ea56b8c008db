"""What a list of the org's own stock shows, and lists that are kept."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from app.core.bounds import Input, ShortText
from app.core.ids import Id
from app.listings.schemas.words import Channel, Documents, Kilometres, Paint, Price, Status, Visibility, Year
from app.vehicles.schemas import Assembly, Body, Fuel, Transmission

StockSort = Literal["newest", "oldest", "price_asc", "price_desc", "km_asc", "year_desc"]
STOCK_SORTS: tuple[StockSort, ...] = ("newest", "oldest", "price_asc", "price_desc", "km_asc", "year_desc")
Slug = Annotated[str, Meta(max_length=63)]


class StockFilters(Input, frozen=True, kw_only=True):
    """`car` is a make, or make/model; `token` paid to this month or not; `feeds`: may leave
    by outlets or not; `lacks` what is missing or in doubt."""

    q: Annotated[str, Meta(max_length=80)] = ""
    branch: Slug = ""
    status: Status | Literal[""] = ""
    age: Literal["", "0-30", "31-60", "61-90", "91-"] = ""
    car: Annotated[str, Meta(max_length=130, pattern="^([a-z0-9-]+(/[a-z0-9-]+)?)?$")] = ""
    year_min: Year | None = None
    year_max: Year | None = None
    price_min: Price | None = None
    price_max: Price | None = None
    km_max: Kilometres | None = None
    body: Body | Literal[""] = ""
    fuel: Fuel | Literal[""] = ""
    transmission: Transmission | Literal[""] = ""
    assembly: Assembly | Literal[""] = ""
    registered: Slug = ""
    documents: Documents | Literal[""] = ""
    paint: Paint | Literal[""] = ""
    token: Literal["", "paid", "due"] = ""
    auction: Literal["", "sheet"] = ""
    visibility: Visibility | Literal[""] = ""
    channel: Channel | Literal[""] = ""
    feeds: Literal["", "in", "out"] = ""
    lacks: Literal["", "price", "papers", "doubt", "twin"] = ""
    sort: StockSort = "newest"


class StockViewForm(Input, frozen=True, kw_only=True):
    name: ShortText
    filters: StockFilters
    shared: bool = False


class StockViewRow(Struct, frozen=True, kw_only=True):
    """`shared`: the team's; `mine`: made by whoever asks; `count`: how many cars it shows now."""

    id: Id
    name: str
    shared: bool
    mine: bool
    filters: StockFilters
    count: int
