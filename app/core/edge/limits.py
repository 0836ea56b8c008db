"""Rate limit classes as data, and what a request to take one costs."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

LimitName = Literal["login", "account", "otp", "lead", "intake", "feed", "api", "page", "live"]

NEIGHBOURHOOD = 10
"""A /24 (IPv6: /48) may do this many times what one address may: carriers here put many homes behind one."""

STRICTER = 4
"""Without Redis, closed classes let through one of so many, because each process counts alone."""


class Limit(Struct, frozen=True):
    """`times` at once, then one each `per_s / times` seconds. Closed ones get stricter when Redis is away."""

    times: int
    per_s: int
    closed: bool = False

    def scaled(self, factor: float) -> "Limit":
        return Limit(max(1, round(self.times * factor)), self.per_s, self.closed)


LIMITS: Mapping[LimitName, Limit] = {
    "login": Limit(10, 60, closed=True),
    "account": Limit(10, 900, closed=True),
    "otp": Limit(5, 300, closed=True),
    "lead": Limit(20, 60),
    "intake": Limit(120, 60),
    "feed": Limit(60, 60),
    "api": Limit(600, 60),
    "page": Limit(600, 60),
    "live": Limit(120, 60),
}

DEMO_LIMITS: Mapping[LimitName, Limit] = {
    **LIMITS,
    "login": Limit(30, 60, closed=True),
    "account": Limit(30, 60, closed=True),
    "lead": Limit(150, 60),
    "api": Limit(60_000, 60),
    "page": Limit(60_000, 60),
    "live": Limit(60_000, 60),
}


class Bucket(Struct, frozen=True):
    """One key to count, with the limit that applies to it."""

    key: str
    limit: Limit
