"""Tables of listings, of what they said and asked, and who sees which."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Sequence,
    UniqueConstraint,
    and_,
    exists,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, OrgOwned, OrgRow, Scope, visible
from app.core.ids import Id
from app.media.models import Media
from app.orgs.models import Storefront

NUMBERS = Sequence("listing_number_seq", start=100_001)
_HERE = text("deleted_at is null")
_PATHS = {"attributes": "jsonb_path_ops"}
_LIVE = text("status = 'live' and deleted_at is null")


class Listing(OrgRow, Base):
    """One car for sale. A dealer's stands in a branch; a private seller's names the person.

    Only drafts may be incomplete: what an import could not settle stays a draft with its `doubt`. `version` counts
    changes. `number` is the public, short name. `in_feeds`: it may leave by the org's outlets.
    `changed_at` follows `version`: triggers set it.
    """

    __tablename__ = "listing"
    __table_args__ = (
        ForeignKeyConstraint(["org_id"], ["org.id"]),
        ForeignKeyConstraint(["org_id", "branch_id"], ["branch.org_id", "branch.id"]),
        UniqueConstraint("number"),
        UniqueConstraint("org_id", "id"),
        CheckConstraint(
            "status in ('draft', 'rejected', 'archived') or (make_id is not null and model_id is not null "
            "and year is not null and odometer_km is not null and location_id is not null)",
            name="complete",
        ),
        CheckConstraint("asking_price > 0 and odometer_km >= 0", name="figures"),
        CheckConstraint("sold_price > 0", name="sold_price"),
        CheckConstraint("branch_id is not null or seller_id is not null", name="offered_by"),
        CheckConstraint(
            "status in ('draft', 'pending', 'live', 'reserved', 'sold', 'expired', 'rejected', 'archived') "
            "and visibility in ('public', 'wholesale_public', 'private') and channel in ('automart', 'autotrader')",
            name="words",
        ),
        CheckConstraint(
            "(documents is null or documents in "
            "('original', 'duplicate', 'missing', 'open_letter', 'bank', 'import_papers')) "
            "and (paint is null or paint in ('genuine', 'touched', 'panels', 'showered', 'repainted')) "
            "and (token_paid_to is null or token_paid_to ~ '^(lifetime|20[0-9]{2}-(0[1-9]|1[0-2]))$')",
            name="papers",
        ),
        Index("uq_listing_org_id_stock_number", "org_id", "stock_number", unique=True, postgresql_where=_HERE),
        Index(None, "org_id", "status", "created_at"),
        Index(None, "org_id", "branch_id", "status"),
        Index(None, "make_id", "model_id", "year"),
        Index(None, "org_id", "model_id", "year"),
        Index("ix_listing_place", "status", "category_id", "location_id", text("refreshed_at desc")),
        Index("ix_listing_due", "expires_at", postgresql_where=_LIVE),
        Index("ix_listing_in_feeds", "org_id", "id", postgresql_where=text("in_feeds and deleted_at is null")),
        Index(
            "ix_listing_attributes", "attributes", postgresql_using="gin", postgresql_ops=_PATHS,
            postgresql_where=text("attributes <> '{}'::jsonb"),
        ),
    )  # fmt: skip

    id: Mapped[Id] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(server_default=NUMBERS.next_value())
    branch_id: Mapped[Id | None]
    seller_id: Mapped[Id | None] = mapped_column(ForeignKey("app_user.id"))
    category_id: Mapped[Id | None] = mapped_column(ForeignKey("category.id"))
    make_id: Mapped[Id | None] = mapped_column(ForeignKey("vehicle_make.id"))
    model_id: Mapped[Id | None] = mapped_column(ForeignKey("vehicle_model.id"))
    trim_id: Mapped[Id | None] = mapped_column(ForeignKey("vehicle_trim.id"))
    year: Mapped[int | None]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="")
    asking_price: Mapped[int | None]
    odometer_km: Mapped[int | None]
    location_id: Mapped[Id | None] = mapped_column(ForeignKey("location.id"))
    registered_in: Mapped[str | None]
    engine_cc: Mapped[int | None]
    fuel: Mapped[str | None]
    transmission: Mapped[str | None]
    body: Mapped[str | None]
    colour: Mapped[str | None]
    assembly: Mapped[str | None]
    import_year: Mapped[int | None]
    auction_grade: Mapped[str | None]
    token_paid_to: Mapped[str | None]
    documents: Mapped[str | None]
    paint: Mapped[str | None]
    condition: Mapped[str] = mapped_column(server_default="used")
    visibility: Mapped[str] = mapped_column(server_default="public")
    channel: Mapped[str] = mapped_column(server_default="automart")
    status: Mapped[str] = mapped_column(server_default="draft")
    status_reason: Mapped[str | None]
    sold_price: Mapped[int | None]
    stock_number: Mapped[str | None]
    doubt: Mapped[str | None]
    quality_score: Mapped[int] = mapped_column(server_default=text("0"))
    photo_score: Mapped[int] = mapped_column(server_default=text("0"))
    attributes: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    contact_phone_masked: Mapped[str | None]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    in_feeds: Mapped[bool] = mapped_column(server_default=text("false"))
    demo: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    published_at: Mapped[datetime | None]
    refreshed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    sold_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class ListingAttribute(OrgOwned, Base):
    """What a category asks beyond the columns above: exactly one of the values is there."""

    __tablename__ = "listing_attribute"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "listing_id"], ["listing.org_id", "listing.id"], ondelete="cascade"),
        CheckConstraint("num_nonnulls(value_text, value_number, value_bool, value_option_key) = 1", name="one_value"),
    )

    listing_id: Mapped[Id] = mapped_column(primary_key=True)
    attribute_id: Mapped[Id] = mapped_column(ForeignKey("attribute.id"), primary_key=True)
    value_text: Mapped[str | None]
    value_number: Mapped[float | None]
    value_bool: Mapped[bool | None]
    value_option_key: Mapped[str | None]


class ListingPrice(OrgRow, Base):
    """What a listing asked from a moment on; None is "call for price". Whoever sees the listing sees it."""

    __tablename__ = "listing_price"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "listing_id"], ["listing.org_id", "listing.id"], ondelete="cascade"),
        Index(None, "listing_id", "at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    listing_id: Mapped[Id]
    price: Mapped[int | None]
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(server_default="changed")


_SHOWN = Listing.__table__.alias("shown").c
_OFFERS = Storefront.__table__.alias("offers").c
_LOOKS = Storefront.__table__.alias("looks").c


_CAR = Listing.__table__.alias("priced").c


@visible(Listing)
def _listings(scope: Scope) -> ColumnElement[bool]:
    """The truth table of `rules` as SQL: one's own, what the public sees, what dealers see.

    The policy of the table says the same, and a test holds all three together.
    """
    return _seen(Listing, scope)


@visible(ListingPrice)
def _prices(scope: Scope) -> ColumnElement[bool]:
    return exists().where(_CAR.org_id == ListingPrice.org_id, _CAR.id == ListingPrice.listing_id, _seen(_CAR, scope))


def _seen(car: Any, scope: Scope) -> ColumnElement[bool]:
    public = and_(car.visibility == "public", car.channel == "automart")
    dealer = exists().where(_LOOKS.org_id == scope.org_id, _LOOKS.kind == "dealer")
    trade = and_(car.visibility.in_(("public", "wholesale_public")), dealer) if scope.org_id is not None else public
    shown = and_(
        car.deleted_at.is_(None),
        car.status.in_(("live", "reserved", "sold")),
        or_(public, trade),
        exists().where(_OFFERS.org_id == car.org_id),
    )
    return or_(car.org_id == scope.org_id, shown) if scope.org_id is not None else shown


@visible(Media)
def _pictures(scope: Scope) -> ColumnElement[bool]:
    """Whoever sees a listing sees its pictures, once they are ready and until they are removed."""
    shown = and_(
        Media.state == "ready",
        Media.removed_at.is_(None),
        exists().where(_SHOWN.id == Media.listing_id, _seen(_SHOWN, scope)),
    )
    return or_(Media.org_id == scope.org_id, shown) if scope.org_id is not None else shown
