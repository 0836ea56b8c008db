"""Who sells a car, for machines: where a dealer is and when its doors are open."""

from typing import Any

from app.listings.queries import Front
from app.listings.schemas import PublicListing
from app.sla.schemas import Doors, Hours

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def dealer(
    listing: PublicListing, front: Front, doors: Doors | None, spot: tuple[float, float] | None
) -> dict[str, Any] | None:
    """A private seller is not told of. `spot` is where the car's city is: no branch says more of where it is."""
    if not front.name:
        return None
    told = listing.branch_city in (None, "", listing.city_name)
    address = {
        "@type": "PostalAddress",
        "streetAddress": listing.branch_address,
        "addressLocality": listing.branch_city or listing.city_name,
        "addressCountry": "PK",
    }
    return {
        "@type": "AutoDealer",
        "name": front.name,
        "address": address,
        "geo": {"@type": "GeoCoordinates", "latitude": spot[0], "longitude": spot[1]} if spot and told else None,
        "openingHoursSpecification": [_hours(one) for one in doors.hours] if doors else None,
    }


def _hours(told: Hours) -> dict[str, Any]:
    return {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": [_DAYS[day] for day in told.weekdays],
        "opens": told.opens,
        "closes": told.closes,
        "validFrom": told.first.isoformat() if told.first else None,
        "validThrough": told.last.isoformat() if told.last else None,
    }
