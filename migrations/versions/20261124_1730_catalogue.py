"""Reference data: locations, vehicle makes, models and trims. No org owns them; the application only reads."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from app.core import rls

revision = "0003_catalogue"
down_revision = "0003_job_crashes"

_WORDS = pg.ARRAY(sa.Text())


def upgrade() -> None:
    op.create_table(
        "location",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid()),
        *_named(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_location"),
        sa.ForeignKeyConstraint(["parent_id"], ["location.id"], name="fk_location_parent_id"),
        sa.UniqueConstraint("slug", name="uq_location_slug"),
    )
    op.create_index("ix_location_parent_id", "location", ["parent_id"])
    op.create_table(
        "vehicle_make",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_named(),
        sa.PrimaryKeyConstraint("id", name="pk_vehicle_make"),
        sa.UniqueConstraint("slug", name="uq_vehicle_make_slug"),
    )
    op.create_table(
        "vehicle_model",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("make_id", sa.Uuid(), nullable=False),
        *_named(),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("engines_cc", pg.ARRAY(sa.Integer()), nullable=False),
        sa.Column("battery_kwh", pg.ARRAY(sa.Float()), nullable=False),
        sa.Column("fuels", _WORDS, nullable=False),
        sa.Column("assembly", _WORDS, nullable=False),
        sa.Column("year_from", sa.BigInteger(), nullable=False),
        sa.Column("year_to", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_vehicle_model"),
        sa.ForeignKeyConstraint(["make_id"], ["vehicle_make.id"], name="fk_vehicle_model_make_id"),
        sa.UniqueConstraint("make_id", "slug", name="uq_vehicle_model_make_id_slug"),
    )
    op.create_table(
        "vehicle_trim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("engine_cc", sa.BigInteger()),
        sa.Column("transmission", sa.Text()),
        sa.Column("year_from", sa.BigInteger()),
        sa.Column("year_to", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_vehicle_trim"),
        sa.ForeignKeyConstraint(["model_id"], ["vehicle_model.id"], name="fk_vehicle_trim_model_id"),
        sa.UniqueConstraint("model_id", "slug", name="uq_vehicle_trim_model_id_slug"),
    )
    for table in ("location", "vehicle_make", "vehicle_model", "vehicle_trim"):
        for statement in rls.grant(table, app="select", system="select, insert, update, delete"):
            op.execute(statement)


def downgrade() -> None:
    for table in ("vehicle_trim", "vehicle_model", "vehicle_make", "location"):
        op.drop_table(table)


def _named() -> list[sa.Column[object]]:
    return [
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_ur", sa.Text(), nullable=False),
        sa.Column("aliases", _WORDS, nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=False),
    ]
