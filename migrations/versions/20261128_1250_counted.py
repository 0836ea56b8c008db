"""What the public looks at, by listing and day; earlier names of makes, models, places; when a listing was changed."""

import sqlalchemy as sa
from alembic import op

from app.core import rls

revision = "0026_counted"
down_revision = "0028_light_rows"

_TIME = sa.DateTime(timezone=True)
_COUNTS = (
    "impressions",
    "views",
    "card_views",
    "clicks",
    "phone_reveals",
    "whatsapp_clicks",
    "enquiries",
    "card_leads",
)
_NAMED = {"make": "vehicle_make", "model": "vehicle_model", "place": "location"}
_KEEP = """
create function desk_keep_name() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  insert into former_name (kind, target_id, slug, name_ur, at)
  values (tg_argv[0], old.id, old.slug, old.name_ur, now());
  return null;
end $$
"""


_CHANGED = """
create function desk_listing_changed() returns trigger language plpgsql as $$
begin
  new.changed_at := now();
  return new;
end $$
"""


def upgrade() -> None:
    op.add_column("listing", sa.Column("changed_at", _TIME, nullable=False, server_default=sa.text("now()")))
    op.execute("alter table listing no force row level security")
    op.execute("update listing set changed_at = greatest(created_at, published_at, refreshed_at, sold_at, deleted_at)")
    op.execute("alter table listing force row level security")
    op.execute(_CHANGED)
    op.execute(
        "create trigger listing_made before insert on listing for each row "
        "when (new.changed_at is null) execute function desk_listing_changed()"
    )
    op.execute(
        "create trigger listing_changed before update on listing for each row "
        "when (old.version is distinct from new.version) execute function desk_listing_changed()"
    )
    op.create_table(
        "listing_day",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False, server_default=sa.text("0")) for name in _COUNTS),
        sa.PrimaryKeyConstraint("listing_id", "day", name="pk_listing_day"),
        sa.ForeignKeyConstraint(
            ["org_id", "listing_id"], ["listing.org_id", "listing.id"], ondelete="cascade",
            name="fk_listing_day_org_id_listing_id",
        ),
    )  # fmt: skip
    op.create_index("ix_listing_day_org_id_day", "listing_day", ["org_id", "day"])
    rights = rls.grant("listing_day", app="select", system="select, insert, update")
    for statement in (*rls.guard("listing_day"), *rights):
        op.execute(statement)
    op.create_table(
        "market_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "kind", "name", name="pk_market_day"),
    )
    op.create_table(
        "count_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_count_batch"),
    )
    for table, may in (("market_day", "select, insert, update"), ("count_batch", "select, insert, delete")):
        for statement in rls.grant(table, app="", system=may):
            op.execute(statement)
    op.create_table(
        "former_name",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name_ur", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_former_name"),
        sa.CheckConstraint("kind in ('make', 'model', 'place')", name="ck_former_name_kind"),
    )
    op.create_index("ix_former_name_kind_slug", "former_name", ["kind", "slug"])
    for statement in rls.grant("former_name", app="select", system="select"):
        op.execute(statement)
    op.execute(_KEEP)
    for kind, table in _NAMED.items():
        op.execute(
            f"create trigger {table}_keep_name after update on {table} for each row "
            "when (old.slug is distinct from new.slug or old.name_ur is distinct from new.name_ur) "
            f"execute function desk_keep_name('{kind}')"
        )


def downgrade() -> None:
    op.execute("drop trigger listing_changed on listing")
    op.execute("drop trigger listing_made on listing")
    op.execute("drop function desk_listing_changed()")
    op.drop_column("listing", "changed_at")
    for table in _NAMED.values():
        op.execute(f"drop trigger {table}_keep_name on {table}")
    op.execute("drop function desk_keep_name()")
    for table in ("former_name", "count_batch", "market_day", "listing_day"):
        op.drop_table(table)
