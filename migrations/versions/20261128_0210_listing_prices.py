"""Prices: whoever sees a car may read what it asked, so that its page can tell of a drop."""

from alembic import op

from app.core import rls

revision = "0015_listing_prices"
down_revision = "0014_listing_facts"

_OWN = f"org_id = {rls.ORG}"
# The policy of listing holds inside: a price is seen with its car.
_SEEN = "exists (select from listing where listing.org_id = listing_price.org_id and listing.id = listing_id)"


def upgrade() -> None:
    op.execute("drop policy org on listing_price")
    for statement in rls.policy("listing_price", sees=f"{_OWN} or {_SEEN}", writes=_OWN):
        op.execute(statement)
    op.execute(f"create policy own_delete on listing_price as restrictive for delete using ({_OWN})")


def downgrade() -> None:
    for policy in ("own_delete", "org"):
        op.execute(f"drop policy {policy} on listing_price")
    for statement in rls.guard("listing_price"):
        op.execute(statement)
