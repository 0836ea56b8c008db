"""What a category asks beyond the columns of a listing: checked, and kept with it."""

from typing import Any

from sqlalchemy import delete, insert

from app.core.base import Db
from app.core.errors import Invalid
from app.core.i18n import _
from app.listings import rules
from app.listings.models import Listing, ListingAttribute
from app.listings.rules import Said
from app.taxonomy import queries as taxonomy

USUAL = "cars"
_COLUMNS = {"text": "value_text", "number": "value_number", "bool": "value_bool", "option": "value_option_key"}


async def describe(db: Db, listing: Listing, category: str | None, said: Said, *, fresh: bool) -> None:
    """Takes the category and what it asks into the listing; `fresh`: nothing was said before.

    Raises Invalid, with the field `attributes.KEY` for each of them.
    """
    before = listing.category_id
    if category is not None or fresh:
        listing.category_id = await taxonomy.leaf(db, category or USUAL)
        if category is not None and listing.category_id is None:
            raise Invalid([{"field": "category", "message": _("We do not know that category.")}])
    moved = not fresh and listing.category_id != before
    if not (said or fresh or moved):
        return
    asked = await taxonomy.attributes_of(db, listing.category_id) if listing.category_id else []
    known = {one.key for one in asked}
    kept = {} if fresh else {key: value for key, value in listing.attributes.items() if key in known}
    values, wrong = rules.checked(asked, {**kept, **said}, whole=True)
    if wrong:
        raise Invalid([{"field": f"attributes.{key}", "message": message} for key, message in wrong.items()])
    listing.attributes = {key: value for key, value in values.items() if value is not None}


async def keep_attributes(db: Db, listing: Listing) -> None:
    """The typed rows beside the listing's own copy."""
    await db.flush()
    await db.execute(delete(ListingAttribute).where(ListingAttribute.listing_id == listing.id))
    if listing.attributes and listing.category_id:
        asked = {one.key: one for one in await taxonomy.attributes_of(db, listing.category_id)}
        rows: list[dict[str, Any]] = [
            {
                "org_id": listing.org_id, "listing_id": listing.id, "attribute_id": asked[key].id,
                **dict.fromkeys(_COLUMNS.values()), _COLUMNS[asked[key].kind]: value,
            }
            for key, value in listing.attributes.items()
        ]  # fmt: skip
        await db.execute(insert(ListingAttribute), rows)
