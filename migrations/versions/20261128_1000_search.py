"""Search rows of numbers instead of words, the dictionary of those numbers, and what there is of each value."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.core import rls

revision = "0025_search"
down_revision = "0024_job_holder"

_TIME = sa.DateTime(timezone=True)
_LIVE_ROW = sa.text("live")
_COVERED = ("year", "looks", "odometer_km", "asking_price", "engine_cc", "registered", "trim")
_VACUUM = """autovacuum_vacuum_scale_factor = 0.005, autovacuum_vacuum_threshold = 500,
autovacuum_vacuum_insert_scale_factor = 0.005, autovacuum_analyze_scale_factor = 0.02,
autovacuum_vacuum_cost_delay = 0"""

# As they stand on the day of this revision; the code's own lists only grow at their end.
_BODIES = (
    "sedan", "hatchback", "suv", "crossover", "double_cabin", "pickup", "van", "mini_van", "mpv", "station_wagon",
    "coupe", "convertible",
)  # fmt: skip
_COLOURS = (
    "white", "silver", "black", "grey", "blue", "red", "beige", "green", "brown", "maroon", "gold", "orange", "yellow",
    "purple", "pink", "turquoise",
)  # fmt: skip
_KINDS = (
    ("body", 0, 15, _BODIES),
    ("fuel", 4, 15, ("petrol", "diesel", "hybrid", "phev", "electric", "cng", "lpg")),
    ("transmission", 8, 3, ("manual", "automatic")),
    ("assembly", 10, 7, ("local", "jdm", "cbu")),
    ("seller", 13, 3, ("dealer", "private")),
)
_LOOKS = (
    ("colour", 0, 31, _COLOURS),
    ("paint", 5, 7, ("genuine", "touched", "panels", "showered", "repainted")),
    ("auction", 8, 3, ("sheet",)),
    ("condition", 10, 3, ("used", "new", "certified")),
)


def upgrade() -> None:
    op.execute("alter table listing no force row level security")
    op.execute("alter table listing_search rename to listing_search_old")
    op.execute("alter table listing_search_old rename constraint pk_listing_search to pk_listing_search_old")
    _codes()
    _search()
    op.execute(_fill())
    op.drop_table("listing_search_old")
    _indexes()
    op.drop_column("listing_text", "live")
    op.execute("alter table listing force row level security")
    _tally()
    _openings()
    for statement in (
        *rls.grant("search_code", app="select, insert", system="select, insert"),
        *rls.grant("listing_search", system="select"),
        *rls.grant("listing_tally", app="select", system="select, insert, delete"),
    ):
        op.execute(statement)


def _codes() -> None:
    op.create_table(
        "search_code",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("code", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "slug", name="pk_search_code"),
        sa.UniqueConstraint("kind", "code", name="uq_search_code_kind"),
    )
    op.execute("""
        insert into search_code (kind, slug, code)
        select kind, slug, row_number() over (partition by kind order by slug)
        from (
          select distinct v.kind, v.slug
          from listing_search_old s join listing l on l.id = s.id left join vehicle_trim t on t.id = l.trim_id
          cross join lateral (values
            ('make', s.make), ('model', s.make || '/' || s.model), ('trim', s.make || '/' || s.model || '/' || t.slug),
            ('city', s.city), ('registered', left(s.registered, 60))
          ) v(kind, slug)
          where v.slug <> ''
        ) found
    """)


def _search() -> None:
    small, number = sa.SmallInteger(), sa.BigInteger()
    op.create_table(
        "listing_search",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid()),
        sa.Column("asking_price", number),
        sa.Column("fresh_at", _TIME),
        sa.Column("version", number, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("odometer_km", sa.Integer()),
        *(sa.Column(name, small, nullable=False) for name in ("make", "model", "trim", "city")),
        *(sa.Column(name, small) for name in ("year", "engine_cc")),
        *(sa.Column(name, small, nullable=False) for name in ("kinds", "looks", "registered")),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("offered", "live")),
        sa.PrimaryKeyConstraint("id", name="pk_listing_search"),
        sa.ForeignKeyConstraint(["id"], ["listing.id"], name="fk_listing_search_id", ondelete="cascade"),
    )
    op.execute(f"alter table listing_search set (fillfactor = 90, {_VACUUM})")


def _fill() -> str:
    code = "coalesce((select code from search_code c where c.kind = '{0}' and c.slug = {1}), 0)"
    model, trim = "s.make || '/' || s.model", "s.make || '/' || s.model || '/' || t.slug"
    kinds = " + ".join(_placed(f"s.{name}", shift, values) for name, shift, _mask, values in _KINDS)
    named = "|".join(_COLOURS)
    colour = f"coalesce(substring(replace(lower(s.colour), 'gray', 'grey') from '.*\\m({named})\\M'), '')"
    looks = " + ".join(
        _placed(colour if name == "colour" else f"s.{name}", shift, values) for name, shift, _mask, values in _LOOKS
    )
    return f"""
        insert into listing_search (id, org_id, branch_id, asking_price, fresh_at, version, rank, odometer_km, make,
          model, trim, city, year, engine_cc, kinds, looks, registered, offered, live)
        select s.id, s.org_id, s.branch_id, s.asking_price, s.fresh_at, s.version,
          round(extract(epoch from coalesce(s.fresh_at, '2020-01-01') - timestamptz '2020-01-01'))
            + round(1209600 * ln((20 + s.quality_score) / 120.0) / ln(2)),
          s.odometer_km, {code.format("make", "s.make")}, {code.format("model", model)}, {code.format("trim", trim)},
          {code.format("city", "s.city")}, s.year, least(s.engine_cc, 32767), {kinds},
          {looks} + case when l.photo_score > 0 then 4096 else 0 end,
          {code.format("registered", "left(s.registered, 60)")}, s.live,
          s.live and exists (select from storefront o where o.org_id = s.org_id)
        from listing_search_old s join listing l on l.id = s.id left join vehicle_trim t on t.id = l.trim_id
    """  # noqa: S608 - of our own constants


def _placed(said: str, shift: int, values: Sequence[str]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"(coalesce(array_position(array[{listed}], {said}), 0) << {shift})"


def _indexes() -> None:
    for name, columns in (
        ("by_car", ["make", "model", "kinds", "city", *_COVERED]),
        ("by_city", ["city", "make", "model", "kinds", *_COVERED]),
        ("rank", [sa.text("rank desc")]),
        ("newest", [sa.text("fresh_at desc")]),
        ("price", ["asking_price"]),
        ("km", ["odometer_km"]),
        ("year", [sa.text("year desc"), sa.text("fresh_at desc")]),
    ):
        op.create_index(f"ix_listing_search_{name}", "listing_search", columns, postgresql_where=_LIVE_ROW)
    op.create_index("ix_listing_search_org", "listing_search", ["org_id"])


_FACETS = ("model", "city", "kinds", "looks", "registered")
_TOLD = ", ".join(f"('{name}', t.{name})" for name in _FACETS)
_COUNTED = f"""
  insert into listing_tally (facet, code, amount)
  select v.facet, v.code, sum(t.amount) from ({{0}}) t
  cross join lateral (values {_TOLD}) v(facet, code) group by v.facet, v.code having sum(t.amount) <> 0;
"""  # noqa: S608 - of our own constants
_COLUMNS = ", ".join(_FACETS)
_MORE, _LESS = (
    f"select {_COLUMNS}, {amount} amount from {table} where live"  # noqa: S608 - of our own constants
    for table, amount in (("after_rows", 1), ("before_rows", -1))
)


def _tally() -> None:
    """As desk_owner: whoever writes search rows has them counted and never writes a count."""
    op.create_table(
        "listing_tally",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("facet", sa.Text(), nullable=False),
        sa.Column("code", sa.SmallInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_listing_tally"),
    )
    op.execute(f"alter table listing_tally set ({_VACUUM})")
    op.execute(_COUNTED.format(_MORE.replace("after_rows", "listing_search")))
    tables = {
        "insert": ("referencing new table as after_rows", _MORE),
        "delete": ("referencing old table as before_rows", _LESS),
        "update": ("referencing old table as before_rows new table as after_rows", f"{_MORE} union all {_LESS}"),
    }
    for verb, (referencing, rows) in tables.items():
        _function(f"desk_tally_{verb}", _COUNTED.format(rows))
        op.execute(
            f"create trigger listing_search_tally_{verb} after {verb} on listing_search {referencing} "
            f"for each statement execute function desk_tally_{verb}()"
        )
    _function("desk_tally_truncate", "delete from listing_tally;")
    op.execute(
        "create trigger listing_search_tally_truncate after truncate on listing_search "
        "for each statement execute function desk_tally_truncate()"
    )


def _openings() -> None:
    """A closed org's cars leave the market with its storefront and come back with it."""
    _function(
        "desk_open_search",
        "update listing_search set live = offered and tg_op = 'INSERT' "
        "where org_id = coalesce(new.org_id, old.org_id) and live <> (offered and tg_op = 'INSERT');",
    )
    op.execute(
        "create trigger storefront_search after insert or delete on storefront "
        "for each row execute function desk_open_search()"
    )


def _function(name: str, body: str) -> None:
    op.execute(
        f"create function {name}() returns trigger language plpgsql security definer "
        f"set search_path = public, pg_temp as $$ begin {body} return null; end $$"
    )


def downgrade() -> None:
    op.execute("drop trigger storefront_search on storefront")
    op.execute("alter table listing no force row level security")
    op.execute("alter table listing_search rename to listing_search_new")
    op.execute("alter table listing_search_new rename constraint pk_listing_search to pk_listing_search_new")
    _old_search()
    op.execute(_refill())
    op.drop_table("listing_search_new")
    op.drop_table("listing_tally")
    op.drop_table("search_code")
    _old_indexes()
    for verb in ("insert", "delete", "update", "truncate"):
        op.execute(f"drop function desk_tally_{verb}()")
    op.execute("drop function desk_open_search()")
    op.add_column("listing_text", sa.Column("live", sa.Boolean(), nullable=False, server_default="false"))
    op.execute("update listing_text t set live = s.live from listing_search s where s.id = t.id")
    op.alter_column("listing_text", "live", server_default=None)
    op.execute("alter table listing force row level security")
    for statement in rls.grant("listing_search", system="select"):
        op.execute(statement)


def _old_search() -> None:
    words, number = sa.Text(), sa.BigInteger()
    op.create_table(
        "listing_search",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid()),
        sa.Column("live", sa.Boolean(), nullable=False),
        *(sa.Column(name, words, nullable=False) for name in ("status", "visibility", "channel")),
        *(sa.Column(name, words) for name in ("make", "model", "city")),
        *(sa.Column(name, number) for name in ("year", "asking_price", "odometer_km", "engine_cc")),
        *(sa.Column(name, words) for name in ("body", "fuel", "transmission", "assembly", "colour")),
        *(sa.Column(name, words, nullable=False) for name in ("condition", "seller")),
        sa.Column("quality_score", number, nullable=False),
        sa.Column("lat", sa.Float()),
        sa.Column("lon", sa.Float()),
        sa.Column("fresh_at", _TIME),
        sa.Column("version", number, nullable=False),
        *(sa.Column(name, words) for name in ("registered", "auction", "paint")),
        sa.PrimaryKeyConstraint("id", name="pk_listing_search"),
        sa.ForeignKeyConstraint(["id"], ["listing.id"], name="fk_listing_search_id", ondelete="cascade"),
    )


def _refill() -> str:
    return """
        insert into listing_search (id, org_id, branch_id, live, status, visibility, channel, make, model, city, year,
          asking_price, odometer_km, engine_cc, body, fuel, transmission, assembly, colour, condition, seller,
          quality_score, lat, lon, fresh_at, version, registered, auction, paint)
        select l.id, l.org_id, l.branch_id, s.offered, l.status, l.visibility, l.channel, mk.slug, md.slug, pl.slug,
          l.year, l.asking_price, l.odometer_km, l.engine_cc, l.body, l.fuel, l.transmission, l.assembly, l.colour,
          l.condition, case when l.branch_id is null then 'private' else 'dealer' end, l.quality_score, l.lat, l.lon,
          s.fresh_at, l.version, (select slug from search_code c where c.kind = 'registered' and c.code = s.registered),
          case when l.auction_grade is not null then 'sheet' end, l.paint
        from listing_search_new s join listing l on l.id = s.id left join vehicle_make mk on mk.id = l.make_id
        left join vehicle_model md on md.id = l.model_id left join location pl on pl.id = l.location_id
    """


def _old_indexes() -> None:
    newest = sa.text("fresh_at desc")
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
