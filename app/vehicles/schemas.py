"""What the seed file and the API say of makes, models and trims."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Slug = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Year = Annotated[int, Meta(ge=1950, le=2100)]
Body = Literal[
    "sedan", "hatchback", "suv", "crossover", "double_cabin", "pickup", "van", "mini_van", "mpv", "station_wagon",
    "coupe", "convertible",
]  # fmt: skip
Fuel = Literal["petrol", "diesel", "hybrid", "phev", "electric", "cng", "lpg"]
Transmission = Literal["manual", "automatic"]
Assembly = Literal["local", "jdm", "cbu"]


class TrimSeed(Struct, frozen=True, forbid_unknown_fields=True):
    slug: Slug
    name: str
    engine_cc: int | None
    transmission: Transmission | None
    year_from: Year | None
    year_to: Year | None


class ModelSeed(Struct, frozen=True, forbid_unknown_fields=True):
    slug: Slug
    name: str
    name_ur: str
    aliases: list[str]
    body: Body
    engines_cc: list[Annotated[int, Meta(ge=600, le=8000)]]
    battery_kwh: list[float]
    year_from: Year
    year_to: Year | None
    assembly: list[Assembly]
    fuels: list[Fuel]
    weight: int
    trims: list[TrimSeed] = field(default_factory=list)


class MakeSeed(Struct, frozen=True, forbid_unknown_fields=True):
    """One make of `data/catalogue.json`."""

    slug: Slug
    name: str
    name_ur: str
    aliases: list[str]
    models: list[ModelSeed]


class MakeRow(Struct, frozen=True):
    slug: str
    name: str
    name_ur: str


class TrimRow(Struct, frozen=True):
    slug: str
    name: str
    engine_cc: int | None
    transmission: Transmission | None
    year_from: int | None
    year_to: int | None


class ModelRow(Struct, frozen=True):
    make: str
    slug: str
    name: str
    name_ur: str
    body: Body
    fuels: list[Fuel]
    assembly: list[Assembly]
    engines_cc: list[int]
    battery_kwh: list[float]
    year_from: int
    year_to: int | None
    trims: list[TrimRow]
