"""A car as the feeds for anybody say it: by the names our own imports read, so that another dealer can take it in.

Its stock number goes along: by that the leads of a portal find their car again.
"""

from typing import Any

from app.listings.schemas import OfferedCar
from app.outlets.rules.addresses import absolute

COLUMNS = (
    "stock_number", "url", "title", "make", "model", "variant", "year", "price", "mileage_km", "city", "branch",
    "engine_cc", "fuel", "transmission", "body", "colour", "assembly", "registered_in", "condition", "import_year",
    "auction_grade", "token_paid_to", "documents", "paint", "description", "images",
)  # fmt: skip


def plain_row(car: OfferedCar, site: str) -> dict[str, Any]:
    """`images` is a list, figures are numbers; what is not known is None. `site` is our public origin."""
    said = {
        **{name: getattr(car, name) for name in COLUMNS if hasattr(car, name)},
        "stock_number": car.stock_number or str(car.number),
        "url": absolute(site, car.url),
        "make": car.make_name,
        "model": car.model_name,
        "variant": car.variant_name,
        "price": None if car.asking_price is None else f"{car.asking_price} PKR",
        "mileage_km": car.odometer_km,
        "city": car.city_name,
        "branch": car.branch_name,
        "description": car.description or None,
        "images": [absolute(site, url) for url in car.pictures],
    }
    return {name: said[name] for name in COLUMNS}
