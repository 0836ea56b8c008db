"""Categories and what each of them asks of a listing. Reference data: the application only reads."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from app.core import rls

revision = "0019_categories"
down_revision = "0018_stock_views"


def upgrade() -> None:
    op.create_table(
        "category",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid()),
        sa.Column("level", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_ur", sa.Text(), nullable=False),
        sa.Column("is_leaf", sa.Boolean(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_category"),
        sa.UniqueConstraint("slug", name="uq_category_slug"),
        sa.ForeignKeyConstraint(["parent_id"], ["category.id"], name="fk_category_parent_id"),
    )
    op.create_table(
        "attribute",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("label_ur", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text()),
        sa.Column("options", pg.JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb")),
        sa.Column("required", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("least", sa.Float()),
        sa.Column("most", sa.Float()),
        sa.Column("is_indexed", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attribute"),
        sa.UniqueConstraint("category_id", "key", name="uq_attribute_category_id_key"),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name="fk_attribute_category_id"),
        sa.CheckConstraint("kind in ('text', 'number', 'bool', 'option')", name="ck_attribute_kind"),
    )
    for table in ("category", "attribute"):
        for statement in rls.grant(table, app="select", system="select, insert, update"):
            op.execute(statement)
    op.create_foreign_key("fk_listing_category_id", "listing", "category", ["category_id"], ["id"])
    op.create_foreign_key(
        "fk_listing_attribute_attribute_id", "listing_attribute", "attribute", ["attribute_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_constraint("fk_listing_attribute_attribute_id", "listing_attribute")
    op.drop_constraint("fk_listing_category_id", "listing")
    op.drop_table("attribute")
    op.drop_table("category")
