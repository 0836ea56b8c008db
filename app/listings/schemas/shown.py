"""What goes out about listings: hits, rows and cards."""

from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from app.core.ids import Id
from app.listings.schemas.words import Seller
from app.media.schemas import Picture


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
    import_year: int | None
    auction_grade: str | None
    token_paid_to: str | None
    documents: str | None
    paint: str | None
    condition: str
    seller: Seller
    published_at: datetime | None
    photo: Picture | None


class PublicListing(ListingHit, frozen=True, kw_only=True):
    """The page of a listing. `open`: one can ask about it; `trade`: only dealers see it. The phone is masked."""

    org_id: Id
    branch_id: Id | None
    description: str
    category: str | None
    attributes: dict[str, Any]
    phone_masked: str | None
    branch_city: str | None
    branch_address: str | None
    quality_score: int
    demo: bool
    open: bool
    sold_at: datetime | None
    trade: bool
    slug: str
    version: int
    photos: list[Picture]


class PrintedCar(ListingHit, frozen=True, kw_only=True):
    """One of our own as it is put into its window, without pictures. `public`: anybody can open its page and ask.

    `phone` is the dealer's own, whole: who prints it is signed in, and it stands on the car.
    """

    stock_number: str | None
    phone: str | None
    branch_city: str | None
    branch_address: str | None
    public: bool


class StockRow(ListingHit, frozen=True, kw_only=True):
    """One of our own listings, in any state. `twin`: another is perhaps the same car; `in_feeds`: it may go out."""

    branch_id: Id | None
    visibility: str
    channel: str
    status_reason: str | None
    stock_number: str | None
    doubt: str | None
    in_feeds: bool
    twin: bool
    created_at: datetime
    version: int


class ListingCard(StockRow, frozen=True, kw_only=True):
    """All that a member sees of one of our own listings."""

    org_id: Id
    description: str
    category: str | None
    attributes: dict[str, Any]
    quality_score: int
    demo: bool
    lat: float | None
    lon: float | None
    refreshed_at: datetime | None
    expires_at: datetime | None
    sold_at: datetime | None
    photo_score: int
    sold_price: int | None


class OfferedCar(ListingHit, frozen=True, kw_only=True):
    """A car as feeds carry it. `pictures` are addresses, ours without the origin; `drive` is fwd, rwd or awd."""

    description: str
    stock_number: str | None
    branch_address: str | None
    province_name: str | None
    lat: float | None
    lon: float | None
    drive: str | None
    pictures: tuple[str, ...]


class PriceRow(Struct, frozen=True):
    price: int | None
    at: datetime
    reason: str


class DropRow(Struct, frozen=True):
    """The price went down to `price` from `was`, the lowest of the month before."""

    price: int
    was: int
    at: datetime


class TwinRow(Struct, frozen=True):
    """Another of ours that is perhaps the same car."""

    id: Id
    number: int
    title: str
    stock_number: str | None
    status: str
    asking_price: int | None
    odometer_km: int | None


class SearchPage(Struct, frozen=True, kw_only=True):
    """`facets` holds, where asked for, how many cars each value of each facet would leave; `pages` can be had of them.

    `fallback`: the engine that should have answered did not, PostgreSQL did. `dropped`: no car had the words that no
    filter was made of; these are those that fit the filters.
    """

    total: int
    page: int
    pages: int
    hits: list[ListingHit]
    facets: dict[str, dict[str, int]] | UnsetType = UNSET
    engine: str = "postgres"
    fallback: bool = False
    dropped: bool = False
