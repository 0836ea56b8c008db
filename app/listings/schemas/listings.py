"""What comes in about one listing, and a question to the market."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType, field

from app.core.bounds import Input, LineText, SlugText
from app.core.ids import Id
from app.listings.schemas.words import (
    Attributes,
    AuctionGrade,
    Channel,
    Colour,
    Condition,
    Description,
    Documents,
    EngineCc,
    Kilometres,
    Latitude,
    Longitude,
    Paint,
    Place,
    Price,
    PriceReason,
    Reason,
    Sort,
    StockNumber,
    Title,
    TokenMonth,
    Visibility,
    Year,
)  # fmt: skip
from app.vehicles.schemas import Assembly, Body, Fuel, Transmission


class ListingForm(Input, frozen=True, kw_only=True):
    """A new listing, a draft at first. `title` is made of the car where it is left out; `branch` is a slug.

    `attributes`: what its category asks (`/categories/{slug}/attributes`); without a category it is a car.
    `in_feeds` lets it leave by the org's outlets.
    """

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
    import_year: Year | None = None
    auction_grade: AuctionGrade | None = None
    token_paid_to: TokenMonth | None = None
    documents: Documents | None = None
    paint: Paint | None = None
    condition: Condition = "used"
    visibility: Visibility = "public"
    channel: Channel = "automart"
    in_feeds: bool = False
    stock_number: StockNumber | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    category: SlugText | None = None
    attributes: Attributes = field(default_factory=dict)


class ListingPatch(Input, frozen=True, kw_only=True):
    """`price_reason`: why the price is another one, for the history. An attribute that is null is taken away.

    `version` (or the header If-Match) is the one the change was made on; without it the last one wins."""

    make: SlugText | UnsetType = UNSET
    model: SlugText | UnsetType = UNSET
    variant: SlugText | UnsetType | None = UNSET
    year: Year | UnsetType = UNSET
    asking_price: Price | UnsetType | None = UNSET
    price_reason: PriceReason | None = None
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
    import_year: Year | UnsetType | None = UNSET
    auction_grade: AuctionGrade | UnsetType | None = UNSET
    token_paid_to: TokenMonth | UnsetType | None = UNSET
    documents: Documents | UnsetType | None = UNSET
    paint: Paint | UnsetType | None = UNSET
    condition: Condition | UnsetType = UNSET
    visibility: Visibility | UnsetType = UNSET
    channel: Channel | UnsetType = UNSET
    in_feeds: bool | UnsetType = UNSET
    stock_number: StockNumber | UnsetType | None = UNSET
    doubt: LineText | UnsetType | None = UNSET
    lat: Latitude | UnsetType | None = UNSET
    lon: Longitude | UnsetType | None = UNSET
    category: SlugText | UnsetType = UNSET
    attributes: Attributes | UnsetType = UNSET
    version: int | UnsetType = UNSET


class StatusForm(Input, frozen=True, kw_only=True):
    """`sold_price`: what it really went for; asked of a sale only."""

    status: Literal["live", "reserved", "sold"]
    reason: Reason | None = None
    sold_price: Price | None = None


class PartingForm(Input, frozen=True, kw_only=True):
    other_id: Id


class ListingSearchForm(Struct, frozen=True, kw_only=True):
    """A question to the market. Values of one field are alternatives; the fields must all hold.

    `near` is a city's slug, `radius` in kilometres; `photos`: only cars that show any.
    """

    q: str = ""
    make: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    trim: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    org: tuple[str, ...] = ()
    branch: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    fuel: tuple[str, ...] = ()
    transmission: tuple[str, ...] = ()
    assembly: tuple[str, ...] = ()
    registered: tuple[str, ...] = ()
    auction: tuple[str, ...] = ()
    paint: tuple[str, ...] = ()
    colour: tuple[str, ...] = ()
    condition: tuple[str, ...] = ()
    seller: tuple[str, ...] = ()
    year_min: int | None = None
    year_max: int | None = None
    price_min: int | None = None
    price_max: int | None = None
    km_min: int | None = None
    km_max: int | None = None
    cc_min: int | None = None
    cc_max: int | None = None
    photos: bool = False
    near: str | None = None
    radius: int = 50
    sort: Sort = "relevance"
    page: int = 1
    facets: bool = False
