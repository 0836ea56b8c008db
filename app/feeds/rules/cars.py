"""What was read of one row: the car as far as it is known, and what is wrong with it."""

from msgspec import Struct


class CarFacts(Struct, frozen=True, kw_only=True):
    """`make`, `model`, `variant`, `city` are slugs; `registered_in` is the slug of a place, `unregistered`, or as said.

    `branch` is what the sheet says, for the caller to find.
    """

    make: str | None = None
    model: str | None = None
    variant: str | None = None
    year: int | None = None
    asking_price: int | None = None
    call_for_price: bool = False
    odometer_km: int | None = None
    city: str | None = None
    branch: str | None = None
    engine_cc: int | None = None
    fuel: str | None = None
    transmission: str | None = None
    body: str | None = None
    colour: str | None = None
    assembly: str | None = None
    registered_in: str | None = None
    condition: str | None = None
    stock_number: str | None = None
    title: str | None = None
    description: str | None = None
    url: str | None = None
    images: tuple[str, ...] = ()
    import_year: int | None = None
    auction_grade: str | None = None
    token_paid_to: str | None = None
    documents: str | None = None
    paint: str | None = None
    seller_phone: str | None = None


class Problem(Struct, frozen=True):
    """Why the row is not imported; `code` is a key of `words.ROWS`, `column` a heading or empty for the whole row.

    `other` is the number of the row that it does not go with, 0 where there is none.
    """

    column: str
    value: str
    code: str
    other: int = 0


class Doubt(Struct, frozen=True):
    """Why the row is kept as a draft; `code` is a key of `words.ROWS`."""

    field: str
    value: str
    code: str


class Read(Struct, frozen=True):
    """`key` tells the car again in the next sheet: its stock number, else `derived` from its page or its facts.

    Cars that are equal have equal derived keys: the caller numbers them. `source_hash` is equal while nothing changed.
    `unknown` are (field, raw value) that a person can give a meaning to.
    """

    number: int
    key: str
    derived: bool
    facts: CarFacts | None
    source_hash: bytes
    problems: tuple[Problem, ...]
    doubts: tuple[Doubt, ...]
    unknown: tuple[tuple[str, str], ...]


class Told(Struct, frozen=True):
    """A cell understood: its figure, or why not. A problem rejects the row, a doubt makes it a draft."""

    value: int | None = None
    doubt: str | None = None
    problem: str | None = None


NOTHING = Told()
