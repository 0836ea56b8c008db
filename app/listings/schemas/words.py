"""Words and bounds of stock. Makes, models, trims, cities travel as slugs."""

from typing import Annotated, Literal

from msgspec import Meta

Visibility = Literal["public", "wholesale_public", "private"]
Channel = Literal["automart", "autotrader"]
Status = Literal["draft", "pending", "live", "reserved", "sold", "expired", "rejected", "archived"]
Condition = Literal["used", "new", "certified"]
Documents = Literal["original", "duplicate", "missing", "open_letter", "bank", "import_papers"]
Paint = Literal["genuine", "touched", "panels", "showered", "repainted"]
PriceReason = Literal["market", "aged", "offer", "negotiated", "costs", "correction"]
Seller = Literal["dealer", "private"]
Sort = Literal["relevance", "newest", "price_asc", "price_desc", "km_asc", "year_desc", "distance"]
SORTS: tuple[Sort, ...] = ("relevance", "newest", "price_asc", "price_desc", "km_asc", "year_desc", "distance")
FACETS = (
    "make", "model", "city", "body", "fuel", "transmission", "assembly", "registered", "auction", "paint", "colour",
    "seller",
)  # fmt: skip
"""Filters whose values are counted."""
LISTS = (*FACETS, "trim", "condition", "org", "branch")
"""Filters that take several slugs."""
LIMITS = ("year_min", "year_max", "price_min", "price_max", "km_min", "km_max", "cc_min", "cc_max")
LAST_PAGE = 400
"""Further than anybody reads, and than an engine should be made to go."""
RADII = (10, 25, 50, 100, 200, 300)

_PAID_TO = r"^(lifetime|20[0-9]{2}-(0[1-9]|1[0-2]))$"

Year = Annotated[int, Meta(ge=1950, le=2100)]
Price = Annotated[int, Meta(ge=1, le=9_999_999_999, description="Whole Pakistani rupees.")]
Kilometres = Annotated[int, Meta(ge=0, le=2_000_000)]
EngineCc = Annotated[int, Meta(ge=50, le=20_000)]
Title = Annotated[str, Meta(min_length=3, max_length=120)]
Description = Annotated[str, Meta(max_length=4000)]
StockNumber = Annotated[str, Meta(min_length=1, max_length=40)]
Place = Annotated[str, Meta(max_length=60)]
Colour = Annotated[str, Meta(max_length=30)]
AuctionGrade = Annotated[str, Meta(max_length=8, description="As the Japanese auction sheet says: 4.5, 5, S, R, RA.")]
TokenMonth = Annotated[
    str, Meta(pattern=_PAID_TO, description="The last month whose token tax is paid, 2027-06; or `lifetime`.")
]
Reason = Annotated[str, Meta(max_length=80, description="A code the desk offers, or one's own words.")]
AttributeText = Annotated[str, Meta(max_length=200)]
Attributes = Annotated[
    dict[Annotated[str, Meta(max_length=40)], AttributeText | float | bool | None], Meta(max_length=60)
]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
