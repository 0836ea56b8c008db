"""Cards that stand in a car's windscreen: a page of paper each, with a code that opens the car's public page."""

import segno
from markupsafe import Markup
from msgspec import Struct

from app.core import settings
from app.core.base import Db
from app.core.i18n import Lang
from app.core.ids import Id
from app.listings import queries
from app.listings.schemas import PrintedCar

MOST = 50


class WindshieldCard(Struct, frozen=True):
    """`address` and its `code` are there only for a car that anybody can look up."""

    car: PrintedCar
    address: str | None
    code: Markup | None


async def cards(db: Db, ids: list[Id], lang: Lang) -> list[WindshieldCard]:
    return [_card(car, lang) for car in await queries.printed(db, ids[:MOST])]


def _card(car: PrintedCar, lang: Lang) -> WindshieldCard:
    """The short address: it stays when the car is given another title, and the code has fewer and larger squares."""
    if not car.public:
        return WindshieldCard(car, None, None)
    address = f"{settings.current().base_url}{'/ur' if lang == 'ur' else ''}/l/{car.number}"
    return WindshieldCard(car, address.partition("://")[2], _code(f"{address}?from=card"))


def _code(address: str) -> Markup:
    made = segno.make(address, error="m", micro=False)
    return Markup(made.svg_inline(border=0, omitsize=True, svgclass=None, lineclass=None))  # noqa: S704 - our own squares
