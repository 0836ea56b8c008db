"""Sheets of any size as a dealer would write them: the same number makes the same sheet."""

import csv
import random
from pathlib import Path

_HEADERS = (
    "Stock No", "Make", "Model", "Model Year", "Price", "Mileage", "City", "Colour", "Fuel", "Transmission", "Engine",
    "Registered In", "Description",
)  # fmt: skip
_CARS = (
    ("Toyota", "Corolla", 1300, 30, 48), ("Toyota", "Yaris", 1300, 38, 46), ("Honda", "Civic", 1800, 45, 75),
    ("Honda", "City", 1300, 28, 42), ("Suzuki", "Alto", 660, 18, 26), ("Suzuki", "Cultus", 1000, 24, 36),
    ("Suzuki", "Wagon R", 1000, 22, 30), ("Suzuki", "Swift", 1300, 26, 44), ("Daihatsu", "Cuore", 850, 8, 14),
    ("KIA", "Sportage", 2000, 65, 95), ("Hyundai", "Tucson", 2000, 68, 98), ("Toyota", "Vitz", 1000, 28, 48),
)  # fmt: skip
_CITIES = ("Lahore", "Karachi", "Islamabad", "Rawalpindi", "Faisalabad", "Multan", "Sialkot", "Gujranwala")
_COLOURS = ("White", "Silver", "Black", "Grey", "Pearl White", "Blue", "Red", "Super White")
_WORDS = ("First owner.", "Home used car.", "Token paid.", "Original paint.", "New tyres.", "Exchange possible.")


def write(path: Path, rows: int, *, seed: int, changed: int | None = None) -> Path:
    """`changed` is a row that asks another price than without it."""
    chance = random.Random(seed)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(_HEADERS)
        for number in range(rows):
            row = _row(chance, number)
            if number == changed:
                row[4] = f"{float(row[4].split()[0]) + 1:g} lacs"
            out.writerow(row)
    return path


def _row(chance: random.Random, number: int) -> list[str]:
    make, model, cc, low, high = chance.choice(_CARS)
    year = chance.randrange(2016, 2023)
    lakh = chance.randrange(low * 10, high * 10) / 10
    return [
        f"B-{number:07d}", make, model, str(year), f"{lakh:g} lacs", f"{chance.randrange(20_000, 150_000):,} km",
        chance.choice(_CITIES), chance.choice(_COLOURS), "Petrol", chance.choice(("Manual", "Automatic")), f"{cc} cc",
        "Punjab", " ".join(chance.sample(_WORDS, 3)),
    ]  # fmt: skip
