"""Structs at the edges of stock: forms in; hits, rows and cards out. Makes, models, trims, cities travel as slugs."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from app.core.bounds import Input, LineText, SlugText
from app.core.ids import Id
from app.media.schemas import Picture
from app.vehicles.schemas import Assembly, Body, Fuel, Transmission

Visibility = Literal["public", "wholesale_public", "private"]
Channel = Literal["automart", "autotrader"]
Status = Literal["draft", "pending", "live", "reserved", "sold", "expired", "rejected", "archived"]
Condition = Literal["used", "new", "certified"]
Seller = Literal["dealer", "private"]
Sort = Literal["relevance", "newest", "price_asc", "price_desc", "km_asc", "year_desc"]
SORTS: tuple[Sort, ...] = ("relevance", "newest", "price_asc", "price_desc", "km_asc", "year_desc")
FACETS = ("make", "model", "city", "body", "fuel", "transmission", "assembly", "seller")

Year = Annotated[int, Meta(ge=1950, le=2100)]
Price = Annotated[int, Meta(ge=1, le=9_999_999_999, description="Whole Pakistani rupees.")]
Kilometres = Annotated[int, Meta(ge=0, le=2_000_000)]
EngineCc = Annotated[int, Meta(ge=50, le=20_000)]
Title = Annotated[str, Meta(min_length=3, max_length=120)]
Description = Annotated[str, Meta(max_length=4000)]
StockNumber = Annotated[str, Meta(min_length=1, max_length=40)]
Place = Annotated[str, Meta(max_length=60)]
Colour = Annotated[str, Meta(max_length=30)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]


class ListingForm(Input, frozen=True, kw_only=True):
    """A new listing, a draft at first. `title` is made of the car where it is left out; `branch` is a slug."""

    make: SlugText
    model: SlugText
    variant: SlugText | None = None
    year: Year
    asking_price: Price | None = None
    odometer_km: Kilometres
    city: SlugText | None = None
    branch: SlugText | None = None
    title: Title | None = None
    description: Description = ""
    registered_in: Place | None = None
    engine_cc: EngineCc | None = None
    fuel: Fuel | None = None
    transmission: Transmission | None = None
    body: Body | None = None
    colour: Colour | None = None
    assembly: Assembly | None = None
    condition: Condition = "used"
    visibility: Visibility = "public"
    channel: Channel = "automart"
    stock_number: StockNumber | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None


class ListingPatch(Input, frozen=True, kw_only=True):
    """`version` (or the header If-Match) is the one the change was made on; without it the last one wins."""

    make: SlugText | UnsetType = UNSET
    model: SlugText | UnsetType = UNSET
    variant: SlugText | UnsetType | None = UNSET
    year: Year | UnsetType = UNSET
    asking_price: Price | UnsetType | None = UNSET
    odometer_km: Kilometres | UnsetType = UNSET
    city: SlugText | UnsetType = UNSET
    branch: SlugText | UnsetType = UNSET
    title: Title | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    registered_in: Place | UnsetType | None = UNSET
    engine_cc: EngineCc | UnsetType | None = UNSET
    fuel: Fuel | UnsetType | None = UNSET
    transmission: Transmission | UnsetType | None = UNSET
    body: Body | UnsetType | None = UNSET
    colour: Colour | UnsetType | None = UNSET
    assembly: Assembly | UnsetType | None = UNSET
    condition: Condition | UnsetType = UNSET
    visibility: Visibility | UnsetType = UNSET
    channel: Channel | UnsetType = UNSET
    stock_number: StockNumber | UnsetType | None = UNSET
    doubt: LineText | UnsetType | None = UNSET
    lat: Latitude | UnsetType | None = UNSET
    lon: Longitude | UnsetType | None = UNSET
    version: int | UnsetType = UNSET


class StatusForm(Input, frozen=True, kw_only=True):
    status: Literal["live", "reserved", "sold"]


class ListingSearchForm(Struct, frozen=True, kw_only=True):
    """A question to the market. Values of one field are alternatives; the fields must all hold."""

    q: str = ""
    make: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    org: tuple[str, ...] = ()
    branch: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    fuel: tuple[str, ...] = ()
    transmission: tuple[str, ...] = ()
    assembly: tuple[str, ...] = ()
    seller: tuple[str, ...] = ()
    year_min: int | None = None
    year_max: int | None = None
    price_min: int | None = None
    price_max: int | None = None
    km_max: int | None = None
    sort: Sort = "relevance"
    page: int = 1
    facets: bool = False


class OrgRef(Struct, frozen=True):
    """Of a private seller only the slug is there."""

    slug: str
    name: str


class ListingHit(Struct, frozen=True, kw_only=True):
    """What the market shows of a listing. `make`, `model`, `variant`, `city`, `branch` are slugs; names beside them."""

    id: Id
    number: int
    title: str
    make: str | None
    model: str | None
    variant: str | None
    year: int | None
    asking_price: int | None
    odometer_km: int | None
    city: str | None
    org: OrgRef
    branch: str | None
    url: str
    status: str
    make_name: str | None
    make_name_ur: str | None
    model_name: str | None
    model_name_ur: str | None
    variant_name: str | None
    city_name: str | None
    city_name_ur: str | None
    branch_name: str | None
    registered_in: str | None
    engine_cc: int | None
    fuel: str | None
    transmission: str | None
    body: str | None
    colour: str | None
    assembly: str | None
    condition: str
    seller: Seller
    published_at: datetime | None
    photo: Picture | None


class PublicListing(ListingHit, frozen=True, kw_only=True):
    """The page of a listing. `open`: one can ask about it; `trade`: only dealers see it. The phone is masked."""

    org_id: Id
    branch_id: Id | None
    description: str
    phone_masked: str | None
    branch_city: str | None
    branch_address: str | None
    quality_score: int
    demo: bool
    open: bool
    trade: bool
    slug: str
    version: int
    photos: list[Picture]


class StockRow(ListingHit, frozen=True, kw_only=True):
    """One of our own listings, in any state."""

    branch_id: Id | None
    visibility: str
    channel: str
    stock_number: str | None
    doubt: str | None
    created_at: datetime
    version: int


class ListingCard(StockRow, frozen=True, kw_only=True):
    """All that a member sees of one of our own listings."""

    org_id: Id
    description: str
    quality_score: int
    demo: bool
    lat: float | None
    lon: float | None
    refreshed_at: datetime | None
    expires_at: datetime | None
    sold_at: datetime | None
    photo_score: int


class PriceRow(Struct, frozen=True):
    price: int | None
    at: datetime
    reason: str


class SearchPage(Struct, frozen=True, kw_only=True):
    """`facets` holds, where asked for, how many cars each value of each facet would leave."""

    total: int
    page: int
    pages: int
    hits: list[ListingHit]
    facets: dict[str, dict[str, int]] | UnsetType = UNSET
