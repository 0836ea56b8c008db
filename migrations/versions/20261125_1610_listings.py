"""Stock: listings with prices and attributes, what searches read, and the storefronts anybody may see."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from app.core import rls

revision = "0004_listings"
down_revision = "0003_catalogue"

_TIME = sa.DateTime(timezone=True)
_HERE = sa.text("deleted_at is null")
_LIVE = sa.text("status = 'live' and deleted_at is null")
_LIVE_ROW = sa.text("live")


def upgrade() -> None:
    _storefronts()
    op.execute(sa.schema.CreateSequence(sa.Sequence("listing_number_seq", start=100_001)))
    _listing()
    _listing_indexes()
    _details()
    _search()
    for statement in _protection():
        op.execute(statement)


def _storefronts() -> None:
    op.create_table(
        "storefront",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org_id", name="pk_storefront"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_storefront_org_id", ondelete="cascade"),
        sa.UniqueConstraint("slug", name="uq_storefront_slug"),
    )
    op.create_table(
        "storefront_branch",
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone_masked", sa.Text()),
        sa.PrimaryKeyConstraint("branch_id", name="pk_storefront_branch"),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name="fk_storefront_branch_branch_id", ondelete="cascade"
        ),
    )
    op.create_index("ix_storefront_branch_org_id", "storefront_branch", ["org_id"])
    for statement in (_KEEP_STOREFRONT, _KEEP_BRANCH, *_TRIGGERS):
        op.execute(statement)
    # What is there already passes through the triggers once. Forced row-level security would hide it from us.
    for table in ("org", "branch"):
        op.execute(f"alter table {table} no force row level security")
        op.execute(f"update {table} set slug = slug")  # noqa: S608
        op.execute(f"alter table {table} force row level security")


# As desk_owner: the application may read storefronts and never write them.
_KEEP_STOREFRONT = """
create function desk_keep_storefront() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if new.status = 'active' and new.kind <> 'platform' then
    insert into storefront (org_id, slug, name, kind) values (new.id, new.slug, new.name, new.kind)
    on conflict (org_id) do update set slug = excluded.slug, name = excluded.name, kind = excluded.kind;
  else
    delete from storefront where org_id = new.id;
  end if;
  return null;
end $$
"""
_KEEP_BRANCH = """
create function desk_keep_storefront_branch() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if new.archived_at is null then
    insert into storefront_branch (branch_id, org_id, slug, name, city, address, phone_masked)
    values (new.id, new.org_id, new.slug, new.name, new.city, new.address,
      left(new.phone, 5) || repeat('•', greatest(length(new.phone) - 8, 0)) || right(new.phone, 3))
    on conflict (branch_id) do update set slug = excluded.slug, name = excluded.name, city = excluded.city,
      address = excluded.address, phone_masked = excluded.phone_masked;
  else
    delete from storefront_branch where branch_id = new.id;
  end if;
  return null;
end $$
"""
_TRIGGERS = (
    """create trigger org_storefront after insert or update of slug, name, kind, status on org
    for each row execute function desk_keep_storefront()""",
    """create trigger branch_storefront after insert or update of slug, name, city, address, phone, archived_at
    on branch for each row execute function desk_keep_storefront_branch()""",
)


def _listing() -> None:
    text, uuid, number = sa.Text(), sa.Uuid(), sa.BigInteger()
    op.create_table(
        "listing",
        sa.Column("id", uuid, nullable=False),
        sa.Column("org_id", uuid, nullable=False),
        sa.Column("number", number, nullable=False, server_default=sa.text("nextval('listing_number_seq')")),
        sa.Column("branch_id", uuid),
        sa.Column("seller_id", uuid),
        sa.Column("category_id", uuid),
        sa.Column("make_id", uuid),
        sa.Column("model_id", uuid),
        sa.Column("trim_id", uuid),
        sa.Column("year", number),
        sa.Column("title", text, nullable=False),
        sa.Column("description", text, nullable=False, server_default=""),
        sa.Column("asking_price", number),
        sa.Column("odometer_km", number),
        sa.Column("location_id", uuid),
        sa.Column("registered_in", text),
        sa.Column("engine_cc", number),
        sa.Column("fuel", text),
        sa.Column("transmission", text),
        sa.Column("body", text),
        sa.Column("colour", text),
        sa.Column("assembly", text),
        sa.Column("condition", text, nullable=False, server_default="used"),
        sa.Column("visibility", text, nullable=False, server_default="public"),
        sa.Column("channel", text, nullable=False, server_default="automart"),
        sa.Column("status", text, nullable=False, server_default="draft"),
        sa.Column("stock_number", text),
        sa.Column("doubt", text),
        sa.Column("quality_score", number, nullable=False, server_default=sa.text("0")),
        sa.Column("attributes", pg.JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb")),
        sa.Column("contact_phone_masked", text),
        sa.Column("lat", sa.Float()),
        sa.Column("lon", sa.Float()),
        sa.Column("demo", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("published_at", _TIME),
        sa.Column("refreshed_at", _TIME),
        sa.Column("expires_at", _TIME),
        sa.Column("sold_at", _TIME),
        sa.Column("deleted_at", _TIME),
        sa.Column("version", number, nullable=False, server_default=sa.text("1")),
        sa.PrimaryKeyConstraint("id", name="pk_listing"),
        sa.UniqueConstraint("number", name="uq_listing_number"),
        sa.UniqueConstraint("org_id", "id", name="uq_listing_org_id_id"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_listing_org_id"),
        sa.ForeignKeyConstraint(
            ["org_id", "branch_id"], ["branch.org_id", "branch.id"], name="fk_listing_org_id_branch_id"
        ),
        sa.ForeignKeyConstraint(["seller_id"], ["app_user.id"], name="fk_listing_seller_id"),
        sa.ForeignKeyConstraint(["make_id"], ["vehicle_make.id"], name="fk_listing_make_id"),
        sa.ForeignKeyConstraint(["model_id"], ["vehicle_model.id"], name="fk_listing_model_id"),
        sa.ForeignKeyConstraint(["trim_id"], ["vehicle_trim.id"], name="fk_listing_trim_id"),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name="fk_listing_location_id"),
        sa.CheckConstraint(
            "status in ('draft', 'rejected', 'archived') or (make_id is not null and model_id is not null "
            "and year is not null and odometer_km is not null and location_id is not null)",
            name="ck_listing_complete",
        ),
        sa.CheckConstraint("asking_price > 0 and odometer_km >= 0", name="ck_listing_figures"),
        sa.CheckConstraint("branch_id is not null or seller_id is not null", name="ck_listing_offered_by"),
        sa.CheckConstraint(
            "status in ('draft', 'pending', 'live', 'reserved', 'sold', 'expired', 'rejected', 'archived') "
            "and visibility in ('public', 'wholesale_public', 'private') and channel in ('automart', 'autotrader')",
            name="ck_listing_words",
        ),
    )


def _listing_indexes() -> None:
    op.create_index(
        "uq_listing_org_id_stock_number", "listing", ["org_id", "stock_number"], unique=True, postgresql_where=_HERE
    )
    op.create_index("ix_listing_org_id_status_created_at", "listing", ["org_id", "status", "created_at"])
    op.create_index("ix_listing_org_id_branch_id_status", "listing", ["org_id", "branch_id", "status"])
    op.create_index("ix_listing_make_id_model_id_year", "listing", ["make_id", "model_id", "year"])
    op.create_index(
        "ix_listing_place", "listing", ["status", "category_id", "location_id", sa.text("refreshed_at desc")]
    )
    op.create_index("ix_listing_live_year", "listing", ["year"], postgresql_where=_LIVE)
    op.create_index("ix_listing_live_odometer_km", "listing", ["odometer_km"], postgresql_where=_LIVE)
    op.create_index("ix_listing_due", "listing", ["expires_at"], postgresql_where=_LIVE)
    op.create_index(
        "ix_listing_attributes",
        "listing",
        ["attributes"],
        postgresql_using="gin",
        postgresql_ops={"attributes": "jsonb_path_ops"},
    )
    # point is built in: the extensions for distances are not everywhere, and this finds what is near
    op.execute("create index ix_listing_spot_x on listing using gist (point(lon, lat)) where lat is not null")


def _details() -> None:
    op.create_table(
        "listing_attribute",
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("attribute_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("value_text", sa.Text()),
        sa.Column("value_number", sa.Float()),
        sa.Column("value_bool", sa.Boolean()),
        sa.Column("value_option_key", sa.Text()),
        sa.PrimaryKeyConstraint("listing_id", "attribute_id", name="pk_listing_attribute"),
        _of_listing("listing_attribute"),
        sa.CheckConstraint(
            "num_nonnulls(value_text, value_number, value_bool, value_option_key) = 1",
            name="ck_listing_attribute_one_value",
        ),
    )
    op.create_table(
        "listing_price",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("price", sa.BigInteger()),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, server_default="changed"),
        sa.PrimaryKeyConstraint("id", name="pk_listing_price"),
        _of_listing("listing_price"),
    )
    op.create_index("ix_listing_price_listing_id_at", "listing_price", ["listing_id", "at"])


def _of_listing(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["org_id", "listing_id"],
        ["listing.org_id", "listing.id"],
        name=f"fk_{table}_org_id_listing_id",
        ondelete="cascade",
    )


def _search() -> None:
    text, number = sa.Text(), sa.BigInteger()
    op.create_table(
        "listing_search",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid()),
        sa.Column("live", sa.Boolean(), nullable=False),
        *(sa.Column(name, text, nullable=False) for name in ("status", "visibility", "channel")),
        *(sa.Column(name, text) for name in ("make", "model", "city")),
        *(sa.Column(name, number) for name in ("year", "asking_price", "odometer_km", "engine_cc")),
        *(sa.Column(name, text) for name in ("body", "fuel", "transmission", "assembly", "colour")),
        *(sa.Column(name, text, nullable=False) for name in ("condition", "seller")),
        sa.Column("quality_score", number, nullable=False),
        sa.Column("lat", sa.Float()),
        sa.Column("lon", sa.Float()),
        sa.Column("published_at", _TIME),
        sa.Column("version", number, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_listing_search"),
        sa.ForeignKeyConstraint(["id"], ["listing.id"], name="fk_listing_search_id", ondelete="cascade"),
    )
    newest = sa.text("published_at desc")
    for name, columns in (
        ("newest", [newest, "id"]),
        ("price", ["asking_price", newest]),
        ("km", ["odometer_km"]),
        ("year", [sa.text("year desc"), newest]),
        ("car", ["make", "model", "city", "year"]),
        ("city", ["city", "make", "model"]),
    ):
        op.create_index(f"ix_listing_search_{name}", "listing_search", columns, postgresql_where=_LIVE_ROW)
    op.create_index("ix_listing_search_org", "listing_search", ["org_id", "branch_id", newest])
    op.create_table(
        "listing_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("words", pg.TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_listing_text"),
        sa.ForeignKeyConstraint(["id"], ["listing.id"], name="fk_listing_text_id", ondelete="cascade"),
    )
    op.create_index("ix_listing_text_words", "listing_text", ["words"], postgresql_using="gin")


# The truth table of app/listings/rules: what the public market shows, and what dealers show each other.
_SHOWN = f"""
deleted_at is null and status in ('live', 'reserved', 'sold') and (
  (visibility = 'public' and channel = 'automart') or (visibility in ('public', 'wholesale_public')
  and exists (select from storefront looks where looks.org_id = {rls.ORG} and looks.kind = 'dealer')))
and exists (select from storefront offers where offers.org_id = listing.org_id)
"""  # noqa: S608 - of our own constants


def _protection() -> list[str]:
    own = f"org_id = {rls.ORG}"
    return [
        *rls.policy("listing", sees=f"{own} or ({_SHOWN})", writes=own),
        *_own_writes("listing", own),
        *rls.guard("listing_attribute"),
        *rls.guard("listing_price"),
        *rls.grant("storefront", app="select", system="select"),
        *rls.grant("storefront_branch", app="select", system="select"),
        *rls.grant("listing", system="select"),
        "grant usage on sequence listing_number_seq to desk_app",
        *rls.grant("listing_attribute"),
        *rls.grant("listing_price", app="select, insert, delete"),
        *rls.grant("listing_search", system="select"),
        *rls.grant("listing_text", system="select"),
    ]


def _own_writes(table: str, own: str) -> list[str]:
    """What is seen of another org can still not be changed or deleted: `using` alone would let a delete through."""
    return [
        f"create policy own_update on {table} as restrictive for update using ({own})",
        f"create policy own_delete on {table} as restrictive for delete using ({own})",
    ]


def downgrade() -> None:
    for table in ("listing_text", "listing_search", "listing_price", "listing_attribute", "listing"):
        op.drop_table(table)
    op.execute("drop sequence listing_number_seq")
    op.execute("drop trigger branch_storefront on branch")
    op.execute("drop trigger org_storefront on org")
    for name in ("desk_keep_storefront_branch", "desk_keep_storefront"):
        op.execute(f"drop function {name}()")
    for table in ("storefront_branch", "storefront"):
        op.drop_table(table)
