"""What buyers in Pakistan ask of a car first: import year, auction sheet, token, papers and paint."""

import sqlalchemy as sa
from alembic import op

revision = "0014_listing_facts"
down_revision = "0012_board"

_WORDS = (
    "(documents is null or documents in ('original', 'duplicate', 'missing', 'open_letter', 'bank', 'import_papers')) "
    "and (paint is null or paint in ('genuine', 'touched', 'panels', 'showered', 'repainted')) "
    "and (token_paid_to is null or token_paid_to ~ '^(lifetime|20[0-9]{2}-(0[1-9]|1[0-2]))$')"
)


def upgrade() -> None:
    op.add_column("listing", sa.Column("import_year", sa.BigInteger()))
    for name in ("auction_grade", "token_paid_to", "documents", "paint"):
        op.add_column("listing", sa.Column(name, sa.Text()))
    op.create_check_constraint("ck_listing_papers", "listing", _WORDS)
    for name in ("registered", "auction", "paint"):
        op.add_column("listing_search", sa.Column(name, sa.Text()))


def downgrade() -> None:
    for name in ("registered", "auction", "paint"):
        op.drop_column("listing_search", name)
    op.drop_constraint("ck_listing_papers", "listing")
    for name in ("import_year", "auction_grade", "token_paid_to", "documents", "paint"):
        op.drop_column("listing", name)
