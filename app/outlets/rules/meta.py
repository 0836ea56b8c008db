"""A car as Meta's catalogue of vehicles takes it (formats 14.4), by CSV.

`vin` and `sale_price` stay empty: chassis numbers are never published, and what the page says is the price. The words
of gears, fuel, body and drive are those of Meta's own client library; anything else is OTHER.
"""

from collections.abc import Mapping

from app.listings.schemas import OfferedCar
from app.outlets.rules.addresses import absolute

MOST_PICTURES = 10
COLUMNS = (
    "vehicle_id", "title", "description", "url", *(f"image[{place}].url" for place in range(MOST_PICTURES)), "make",
    "model", "year", "mileage.value", "mileage.unit", "price", "state_of_vehicle", "availability", "exterior_color",
    "transmission", "fuel_type", "body_style", "drivetrain", "trim", "vin", "address.addr1", "address.city",
    "address.region", "address.country", "latitude", "longitude", "dealer_id", "sale_price",
)  # fmt: skip

_STATE = {"new": "NEW", "used": "USED", "certified": "CPO"}
_GEARS = {"automatic": "AUTOMATIC", "manual": "MANUAL"}
_DRIVE = {"fwd": "FWD", "rwd": "RWD", "awd": "AWD"}
_FUEL = {
    "petrol": "PETROL", "diesel": "DIESEL", "hybrid": "HYBRID", "phev": "PLUGIN_HYBRID", "electric": "ELECTRIC",
    "cng": "OTHER", "lpg": "OTHER",
}  # fmt: skip
_BODY = {
    "sedan": "SEDAN", "hatchback": "HATCHBACK", "suv": "SUV", "crossover": "CROSSOVER", "double_cabin": "PICKUP",
    "pickup": "PICKUP", "van": "VAN", "mini_van": "MINIVAN", "mpv": "MPV", "station_wagon": "WAGON", "coupe": "COUPE",
    "convertible": "CONVERTIBLE",
}  # fmt: skip


def meta_row(car: OfferedCar, site: str) -> dict[str, str]:
    """`site` is our public origin. What is not known is empty."""
    pictures = {f"image[{place}].url": absolute(site, url) for place, url in enumerate(car.pictures[:MOST_PICTURES])}
    said = {
        "vehicle_id": str(car.number),
        "title": _plain(car.title),
        "description": _plain(car.description) or _plain(car.title),
        "url": absolute(site, car.url),
        "make": car.make_name,
        "model": car.model_name,
        "year": car.year,
        "mileage.value": car.odometer_km,
        "mileage.unit": "KM",
        "price": f"{car.asking_price} PKR",
        "state_of_vehicle": _STATE[car.condition],
        "availability": "available" if car.status == "live" else "not_available",
        "exterior_color": car.colour and car.colour.replace("_", " ").title(),
        "transmission": _word(_GEARS, car.transmission),
        "fuel_type": _word(_FUEL, car.fuel),
        "body_style": _word(_BODY, car.body),
        "drivetrain": _word(_DRIVE, car.drive),
        "trim": car.variant_name,
        "address.addr1": _plain(car.branch_address or car.city_name or ""),
        "address.city": car.city_name,
        "address.region": car.province_name,
        "address.country": "PK",
        "latitude": car.lat,
        "longitude": car.lon,
        "dealer_id": car.org.slug,
    }
    return {name: "" if (value := said.get(name)) is None else str(value) for name in COLUMNS} | pictures


def _word(words: Mapping[str, str], value: str | None) -> str:
    return words.get(value, "OTHER") if value else ""


def _plain(text: str) -> str:
    """Nothing in front that a spreadsheet would take for a formula: an advertisement cannot show an apostrophe."""
    return text.lstrip("=+-@\t\r\n ")
