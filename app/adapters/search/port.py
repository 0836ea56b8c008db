"""What a search engine is asked and what it answers, whichever it is.

Not promised, because one of the engines cannot: pages beyond `last_page`, reading one's own writes, more than the
scope's cars. Whoever shows what was found reads it again from the database, under the reader's own eyes.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol, get_args

from msgspec import Struct, field

from app.core.ids import Id

Sort = Literal["relevance", "newest", "price_asc", "price_desc", "km_asc", "year_desc", "distance"]
FacetName = Literal[
    "make", "model", "city", "body", "fuel", "transmission", "assembly", "seller", "registered", "auction", "paint",
    "colour",
]  # fmt: skip
FilterName = Literal[
    "make", "model", "city", "body", "fuel", "transmission", "assembly", "seller", "registered", "auction", "paint",
    "colour", "trim", "condition",
]  # fmt: skip
RangeName = Literal["year", "price", "km", "cc"]

FACETS: tuple[FacetName, ...] = get_args(FacetName)
EIGHT: tuple[FacetName, ...] = FACETS[:8]
"""Those that every page of results counts."""

PER_PAGE = 24
Limits = tuple[int | None, int | None]


class SearchDown(Exception):
    """The engine does not answer, or too late: PostgreSQL can."""


class SearchWriteFailed(Exception):
    """The engine took a change and then did not make it; `why` is its own word."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class SearchTimeout(Exception):
    """A change is still not visible; it may yet become so."""


class Scope(Struct, frozen=True, kw_only=True):
    """Which of the cars on the market; built by the server, never from a request. None: no limit by it."""

    orgs: tuple[Id, ...] | None = None
    branches: tuple[Id, ...] | None = None


class Geo(Struct, frozen=True):
    """Within so many metres of a point; None is anywhere, to sort by distance only."""

    lat: float
    lon: float
    radius_m: int | None = None


class SearchQuery(Struct, frozen=True, kw_only=True):
    """`words` must all be there, each as one of its alternatives (the first is the one that was typed), folded; the
    last also as a beginning. `filters` are slugs: OR inside, AND between. `ranges` include both ends; a car that does
    not say is in no range.
    """

    scope: Scope = Scope()
    words: tuple[tuple[str, ...], ...] = ()
    filters: Mapping[FilterName, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[RangeName, Limits] = field(default_factory=dict)
    photos: bool = False
    geo: Geo | None = None
    without: tuple[Id, ...] = ()
    sort: Sort = "relevance"
    page: int = 1
    per_page: int = PER_PAGE
    facets: tuple[FacetName, ...] = ()


class SearchPage(Struct, frozen=True, kw_only=True):
    """`total` is exact. `facets`: how many cars each value would leave, its own facet's filter aside (models within the
    makes asked for), the most first, then by slug; what would leave none is not there. `position`: how far the engine
    had come in the order of changes, where it tells.
    """

    ids: tuple[Id, ...]
    total: int
    facets: Mapping[FacetName, Mapping[str, int]]
    last_page: int
    engine: str
    position: int | None = None


class PromoFlags(Struct, frozen=True):
    bump: bool = False
    top: bool = False
    spotlight: bool = False


class ListingDoc(Struct, frozen=True, kw_only=True):
    """A car as an outside engine holds it. Everything that is filtered on is a slug; only what anybody may find
    becomes a document. `rank` orders by freshness and quality (the higher first), `version` is the listing's own: an
    older document never replaces a newer one.
    """

    id: Id
    number: int
    version: int
    org: Id
    branch: Id | None
    title: str
    description: str
    names: tuple[str, ...]
    """Make, model, variant and city in both languages with their other spellings, for full text."""
    category_path: tuple[str, ...]
    location_path: tuple[str, ...]
    price: int | None
    currency: str = "PKR"
    condition: str
    attrs: Mapping[str, str | float | bool]
    lat: float | None
    lon: float | None
    published_at: datetime | None
    refreshed_at: datetime | None
    fresh_at: datetime
    quality_score: int
    rank: int
    promo_flags: PromoFlags = PromoFlags()
    promo_until: datetime | None = None
    make: str | None
    model: str | None
    trim: str | None
    year: int | None
    km: int | None
    cc: int | None
    city: str | None
    body: str | None
    fuel: str | None
    transmission: str | None
    assembly: str | None
    colour: str | None
    registered: str | None
    auction: str | None
    paint: str | None
    seller: str
    photos: bool
    status: str
    visibility: str
    channel: str


class Receipt(Struct, frozen=True):
    """A change on its way; `ref` is None where it is made already."""

    ref: str | None = None


class Rebuilt(Struct, frozen=True):
    documents: int
    seconds: float
    generation: str | None = None


class IndexHealth(Struct, frozen=True, kw_only=True):
    """`checksum` is over id and version of every document, the same for the same stock in any engine."""

    documents: int
    checksum: str | None = None
    generation: str | None = None
    why: str | None = None


class SearchIndex(Protocol):
    """An engine. `search` raises SearchDown; the others that or SearchWriteFailed."""

    @property
    def name(self) -> str: ...

    async def ensure(self) -> None:
        """Its settings as they must be; harmless when they are."""

    async def upsert(self, docs: Sequence[ListingDoc]) -> Receipt:
        """Whole documents in place of older ones, or of none."""

    async def delete(self, ids: Sequence[Id]) -> Receipt: ...

    async def wait(self, receipt: Receipt, timeout_s: float = 30) -> None:
        """Until searches see the change. Raises SearchTimeout."""

    async def search(self, query: SearchQuery) -> SearchPage: ...

    async def rebuild(self, docs: AsyncIterator[Sequence[ListingDoc]]) -> Rebuilt:
        """From nothing, while searches go on with what was there."""

    def versions(self) -> AsyncIterator[Mapping[Id, int]]:
        """Of every document, so many at a time."""

    async def health(self) -> IndexHealth: ...

    async def close(self) -> None: ...
