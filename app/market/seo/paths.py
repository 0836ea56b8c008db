"""Addresses of landing pages. Makes, models and cities are called there as each language calls them."""

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import quote

from msgspec import structs

from app.listings.schemas import ListingSearchForm

PARTS = ("make", "model", "city", "body")
SHAPES = frozenset({("make",), ("make", "model"), ("city",), ("make", "city"), ("make", "model", "city"), ("body",)})
"""What a landing page may be about; anything more is a page of results."""


class Named(Protocol):
    @property
    def name_ur(self) -> str: ...


def base(lang: str) -> str:
    return "/ur" if lang == "ur" else ""


def slug_in(lang: str, slug: str, name_ur: str) -> str:
    """`toyota` and `ٹویوٹا`; what has no Urdu name keeps its slug."""
    return (name_ur.replace(" ", "-").lower() if lang == "ur" else "") or slug


def landing(lang: str, asked: Mapping[str, str], names: Mapping[str, Named]) -> str:
    """The address of the page about these slugs, `names` by field. A body is called the same in both languages."""
    called = {
        field: quote(slug.replace("_", "-") if field == "body" else slug_in(lang, slug, names[field].name_ur))
        for field, slug in asked.items()
    }
    parts = [called[field] for field in ("make", "model") if field in called]
    parts += ["in", called["city"]] if "city" in called else []
    parts += ["body", called["body"]] if "body" in called else []
    return "/".join((f"{base(lang)}/cars", *parts))


def question(asked: Mapping[str, str]) -> ListingSearchForm:
    """The search for the cars of that page."""
    return structs.replace(ListingSearchForm(), **{field: (slug,) for field, slug in asked.items()})


def shape(asked: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(field for field in PARTS if field in asked)
