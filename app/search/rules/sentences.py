"""What somebody typed beside the filters that were made of it: handed back as it was, and replaced as a whole."""

from typing import Any

from msgspec import structs

from app.listings.schemas import LIMITS, LISTS, ListingSearchForm

_BLANK = ListingSearchForm()
_SINGLE = (*LIMITS, "photos", "near")


def stands(told: ListingSearchForm, asked: ListingSearchForm) -> bool:
    """Whether `asked` still holds all that a sentence was taken for (`told`); its words may be spelt better there."""
    return (
        all(set(getattr(told, name)) <= set(getattr(asked, name)) for name in LISTS)
        and all(getattr(told, name) in (getattr(_BLANK, name), getattr(asked, name)) for name in _SINGLE)
        and len(told.q.split()) == len(asked.q.split())
    )


def without(asked: ListingSearchForm, told: ListingSearchForm) -> ListingSearchForm:
    """What was asked beside a sentence that another one takes the place of."""
    change: dict[str, Any] = {
        name: tuple(value for value in getattr(asked, name) if value not in getattr(told, name)) for name in LISTS
    }
    change |= {
        name: getattr(_BLANK, name)
        for name in (*_SINGLE, "sort")
        if getattr(told, name) != getattr(_BLANK, name) and getattr(told, name) == getattr(asked, name)
    }
    if "near" in change:
        change["radius"] = _BLANK.radius
    return structs.replace(asked, **change, page=1)
