"""Where a registration can be looked up: the province's own portal, what it asks for, and whether there is one."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

Asks = Literal["plate", "plate_and_date", "district_and_plate", "visit"]


class Portal(Struct, frozen=True):
    """`asks: visit` has no check that works online; the address then says where its offices are.

    Nothing is ever fetched from there: whoever wants to know types it in.
    """

    asks: Asks
    url: str
    tokens_url: str | None = None


PORTALS: Mapping[str, Portal] = {
    "punjab": Portal("plate", "https://mtmis.excise.punjab.gov.pk", "https://epay.punjab.gov.pk"),
    "sindh": Portal("plate", "https://excise.gos.pk/vehicle/vehicle_search"),
    "islamabad-capital-territory": Portal("plate_and_date", "https://islamabadexcise.gov.pk"),
    "khyber-pakhtunkhwa": Portal("district_and_plate", "https://www.kpexcise.gov.pk/new/"),
    "balochistan": Portal("visit", "https://excise.balochistan.gov.pk"),
}
"""By the slug of the province."""
