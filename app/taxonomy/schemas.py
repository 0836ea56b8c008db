"""What the seed file and the API say of a place."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from app.core.ids import Id

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


AttributeKind = Literal["text", "number", "bool", "option"]
Key = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


class AttributeSeed(Struct, frozen=True, forbid_unknown_fields=True):
    """One attribute of `data/categories.json`; options are key: [English, Urdu]."""

    key: Key
    label: str
    label_ur: str
    kind: AttributeKind
    unit: str | None = None
    options: dict[Key, tuple[str, str]] = field(default_factory=dict)
    required: bool = False
    least: float | None = None
    most: float | None = None
    indexed: bool = False


class CategorySeed(Struct, frozen=True, forbid_unknown_fields=True):
    """One category of `data/categories.json`; parents come before their children."""

    slug: Slug
    parent: Slug | None
    name: str
    name_ur: str
    attributes: list[AttributeSeed]


class CategoryRow(Struct, frozen=True):
    id: Id
    slug: str
    parent: str | None
    level: int
    name: str
    name_ur: str
    is_leaf: bool


class AttributeRow(Struct, frozen=True):
    """`options` are key: [English, Urdu]; `least` and `most` bound a number, `most` the length of a text."""

    id: Id
    key: str
    label: str
    label_ur: str
    kind: AttributeKind
    unit: str | None
    options: dict[str, tuple[str, str]]
    required: bool
    least: float | None
    most: float | None
