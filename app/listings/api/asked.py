"""A question to the market, out of an address: strictly for programs, kindly for people."""

import re
from typing import Annotated, Any

import msgspec
from litestar.params import QueryParameter

from app.core.asks import AnyRequest
from app.core.bounds import QueryText, clean_text
from app.core.errors import Invalid
from app.listings.schemas import LAST_PAGE, LISTS, SORTS, ListingSearchForm, Sort

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?")
_MOST_VALUES = 50

Slugs = Annotated[list[str] | None, QueryParameter(description="Slugs; repeated ones are alternatives.")]
Rupees = Annotated[int | None, QueryParameter(ge=0, le=9_999_999_999)]
Year = Annotated[int | None, QueryParameter(ge=1900, le=2100)]
Kilometres = Annotated[int | None, QueryParameter(ge=0, le=9_999_999)]
EngineCc = Annotated[int | None, QueryParameter(ge=0, le=20_000)]
Radius = Annotated[int, QueryParameter(ge=10, le=300, description="Kilometres around `near`.")]
PageNumber = Annotated[int, QueryParameter(ge=1, le=LAST_PAGE)]


async def provide_asked(
    q: QueryText = "",
    make: Slugs = None,
    model: Slugs = None,
    trim: Slugs = None,
    city: Slugs = None,
    org: Slugs = None,
    branch: Slugs = None,
    body_type: Annotated[list[str] | None, QueryParameter(name="body", description="Slugs.")] = None,
    fuel: Slugs = None,
    transmission: Slugs = None,
    assembly: Slugs = None,
    registered: Slugs = None,
    auction: Slugs = None,
    paint: Slugs = None,
    colour: Slugs = None,
    condition: Slugs = None,
    seller: Slugs = None,
    year_min: Year = None,
    year_max: Year = None,
    price_min: Rupees = None,
    price_max: Rupees = None,
    km_min: Kilometres = None,
    km_max: Kilometres = None,
    cc_min: EngineCc = None,
    cc_max: EngineCc = None,
    photos: Annotated[bool, QueryParameter(description="1: only cars with photos.")] = False,
    near: Annotated[str | None, QueryParameter(max_length=63, description="Slug of a city.")] = None,
    radius: Radius = 50,
    sort: Annotated[Sort, QueryParameter()] = "relevance",
    page: PageNumber = 1,
    facets: Annotated[bool, QueryParameter(description="1: count what each further filter would leave.")] = False,
) -> ListingSearchForm:
    """Dependency `asked`. Raises Invalid."""
    lists = {
        "make": make, "model": model, "city": city, "org": org, "branch": branch, "body": body_type, "fuel": fuel,
        "transmission": transmission, "assembly": assembly, "registered": registered, "auction": auction,
        "paint": paint, "colour": colour, "condition": condition, "seller": seller, "trim": trim,
    }  # fmt: skip
    wrong = [name for name, values in lists.items() if values and not _fit(values)]
    if near is not None and not _SLUG.fullmatch(near):
        wrong.append("near")
    if sort == "distance" and near is None:
        wrong.append("sort")
    if wrong:
        raise Invalid([{"field": name, "message": "This does not look right."} for name in wrong])
    return ListingSearchForm(
        q=clean_text(q),
        **{name: tuple(values or ()) for name, values in lists.items()},
        year_min=year_min,
        year_max=year_max,
        price_min=price_min,
        price_max=price_max,
        km_min=km_min,
        km_max=km_max,
        cc_min=cc_min,
        cc_max=cc_max,
        photos=photos,
        near=near,
        radius=radius,
        sort=sort,
        page=page,
        facets=facets,
    )


def _fit(values: list[str]) -> bool:
    return len(values) <= _MOST_VALUES and all(_SLUG.fullmatch(value) for value in values)


_BOUNDS = {
    **dict.fromkeys(("year_min", "year_max"), (1900, 2100)),
    **dict.fromkeys(("price_min", "price_max"), (0, 9_999_999_999)),
    **dict.fromkeys(("km_min", "km_max"), (0, 9_999_999)),
    **dict.fromkeys(("cc_min", "cc_max"), (0, 20_000)),
    "radius": (10, 300),
    "page": (1, LAST_PAGE),
}


def asked_of(request: AnyRequest) -> ListingSearchForm:
    """The same from a page's address, where whatever cannot be is left out: an empty box, a mistyped year."""
    given = request.query_params
    found: dict[str, Any] = {"q": clean_text(given.get("q", ""))[:200]}
    for name in LISTS:
        found[name] = tuple(value for value in given.getall(name, [])[:_MOST_VALUES] if _SLUG.fullmatch(value))
    for name, (least, most) in _BOUNDS.items():
        text = given.get(name, "").replace(",", "").strip()
        if text.isascii() and text.isdecimal() and len(text) <= 10 and least <= int(text) <= most:
            found[name] = int(text)
    if _SLUG.fullmatch(given.get("near", "")):
        found["near"] = given.get("near")
    found["photos"] = given.get("photos") in ("1", "on", "true")
    if given.get("sort") in SORTS and (given.get("sort") != "distance" or "near" in found):
        found["sort"] = given.get("sort")
    return msgspec.convert(found, ListingSearchForm)
