"""What the seed file and the API say of a place."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Kind = Literal["province", "city", "area"]
Slug = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class LocationSeed(Struct, frozen=True, forbid_unknown_fields=True):
    """One line of `data/locations.json`; parents come before their children."""

    slug: Slug
    parent: Slug | None
    kind: Kind
    name: str
    name_ur: str
    lat: Annotated[float, Meta(ge=23, le=38)]
    lon: Annotated[float, Meta(ge=60, le=78)]
    aliases: list[str]
    weight: int


class LocationRow(Struct, frozen=True):
    slug: str
    parent: str | None
    kind: Kind
    name: str
    name_ur: str
    lat: float
    lon: float
