"""The vehicles of an ADF document: what is asked for and what is offered in exchange, in the sender's words."""

import re

from msgspec import Struct

from app.core.money import AmountUnclear, parse_pkr
from app.leads.rules.markup import Node

_WORDS = 80
_PAISA = re.compile(r"^([\d,]{4,})[.]\d{1,2}$")
_LINK = re.compile(r"https?://[^\s<>\"']{1,500}", re.IGNORECASE)
_INTERESTS = {"tradein": "trade-in", "testdrive": "test-drive", "trade": "trade-in", "purchase": "buy"}
_KNOWN = ("buy", "lease", "sell", "trade-in", "test-drive")


class Vehicle(Struct, frozen=True, kw_only=True):
    """Text is the sender's; empty is not said. `price` is whole and in `currency`; `marks` are numbers it goes by."""

    interest: str
    year: str
    make: str
    model: str
    trim: str
    stock: str
    vin: str
    odometer: str
    odometer_units: str
    details: list[str]
    price: int | None
    currency: str
    comments: str
    links: list[str]
    marks: list[tuple[str, str]]

    @property
    def title(self) -> str:
        """Year, make, model and trim, as far as they were said."""
        return " ".join(part for part in (self.year, self.make, self.model, self.trim) if part)

    @property
    def told(self) -> str:
        """The title with the mileage."""
        run = " ".join(part for part in (self.odometer, self.odometer_units) if part)
        return ", ".join(part for part in (self.title, run) if part)


def read_vehicle(node: Node, odd: list[str]) -> Vehicle:
    """`odd` gets the paths of what stands there and cannot be read."""
    marks = [(one.attributes.get("source", "").strip().lower(), one.value) for one in node.all("id") if one.value]
    odometers = [one for one in node.all("odometer") if one.value]
    units = odometers[0].attributes if odometers else {}
    price, currency = _price(node, odd)
    told = "\n".join(one.value for one in node.all("comments", "pricecomments") if one.value)
    return Vehicle(
        interest=_interest(node, odd),
        year=node.one("year")[:20],
        make=node.one("make")[:_WORDS],
        model=node.one("model")[:_WORDS],
        trim=node.one("trim")[:_WORDS],
        stock=(node.one("stock") or next((value for source, value in marks if source == "stock"), ""))[:_WORDS],
        vin=node.one("vin")[:40],
        odometer=odometers[0].value[:20] if odometers else "",
        odometer_units=(units.get("units") or units.get("unit") or "").strip()[:20],
        details=_details(node),
        price=price,
        currency=currency,
        comments=_LINK.sub("", told).strip(),
        links=_LINK.findall(told),
        marks=marks,
    )


def _interest(node: Node, odd: list[str]) -> str:
    given = node.attributes.get("interest", "").strip().lower().replace("_", "-").replace(" ", "-")
    known = _INTERESTS.get(given.replace("-", ""), given)
    if known and known not in _KNOWN:
        odd.append(f"{node.path}@interest")
    return known


def _details(node: Node) -> list[str]:
    told = [one.value for one in node.all("bodystyle", "doors", "transmission", "condition")]
    for colours in node.all("colorcombination", "colourcombination"):
        told += [one.value for one in colours.all("exteriorcolor", "exteriorcolour", "interiorcolor", "interiorcolour")]
        colours.all("preference")
    for option in node.all("option"):
        told.append(option.one("optionname", "name"))
        option.all("manufacturercode", "stock", "weighting")
    return [text[:_WORDS] for text in dict.fromkeys(told) if text][:30]


def _price(node: Node, odd: list[str]) -> tuple[int | None, str]:
    for one in node.all("price"):
        currency = one.attributes.get("currency", "").strip().upper()[:8]
        try:
            amount = parse_pkr(_PAISA.sub(r"\1", one.value[:60]))
        except AmountUnclear:
            odd.append(one.path)
            continue
        if amount is not None:
            return amount, currency
    return None, ""
