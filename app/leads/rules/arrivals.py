"""What we make of a prospect: its car, its branch, what makes it the same again, what the timeline tells of it."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any

from app.core.blind import words
from app.core.ids import Id
from app.leads.rules.adf import Prospect
from app.leads.rules.adf_vehicle import Vehicle

_OURS = ("automart", "autotrader", "automart.pk", "autotrader.pk")
_MOST = 20


def stock_numbers(prospect: Prospect) -> list[str]:
    asked = prospect.asked
    return [asked.stock] if asked and asked.stock else []


def listing_numbers(prospect: Prospect, hosts: Iterable[str]) -> list[int]:
    """From links to our own pages, and from numbers the document says are ours."""
    names = "|".join(re.escape(host) for host in hosts)
    page = re.compile(rf"https?://(?:{names})(?:/ur)?/l/(\d{{1,12}})(?!\d)", re.IGNORECASE)
    asked = prospect.asked
    told = "\n".join((prospect.comments, *(asked.links if asked else ())))
    found = page.findall(told)
    if asked:
        found += [value for source, value in asked.marks if source in _OURS and re.fullmatch(r"\d{1,12}", value)]
    return [int(number) for number in found[:_MOST] if number.isascii()]


def branch_meant(vendors: Sequence[str], branches: Sequence[tuple[Id, str, str]]) -> Id | None:
    """The branch (id, slug, name) a vendor's name or id is, else the only one whose name stands in it."""
    for name in vendors:
        for id_, slug, branch in branches:
            if name.strip().casefold() in (slug.casefold(), branch.casefold()):
                return id_
    said = [f" {' '.join(words(name))} " for name in vendors]
    within = {id_ for id_, _slug, name in branches if any(f" {' '.join(words(name))} " in one for one in said)}
    return within.pop() if len(within) == 1 else None


def key_of(prospect: Prospect, digest: bytes, number: int) -> bytes:
    """The sender's id for this buyer; without an id, or when nobody says whose it is, the very document.

    The buyer is part of it: some senders give every lead the same id.
    """
    first = prospect.ids[0] if prospect.ids else None
    source = (first.source or prospect.provider or prospect.service) if first else ""
    if first is None or not source:
        return hashlib.sha256(b"raw\0" + digest + str(number).encode()).digest()
    parts = (source.casefold(), first.value, prospect.phone or prospect.email or "")
    return hashlib.sha256("\0".join(("id", *parts)).encode()).digest()


def details(prospect: Prospect, document_id: Id) -> dict[str, Any]:
    """For the timeline, without anything of the person: their words are the entry's text."""
    asked, trade_in = prospect.asked, prospect.trade_in
    told = {
        "document_id": str(document_id),
        "provider": " · ".join(part for part in (prospect.provider, prospect.service) if part),
        "lead_type": prospect.lead_type,
        "vehicle": asked.told if asked else "",
        "interest": asked.interest if asked else "",
        "stock": asked.stock if asked else "",
        "offered": _price(asked),
        "also": [one.told for one in prospect.also_asked if one.told],
        "trade_in": ", ".join((trade_in.told, *trade_in.details)).strip(", ") if trade_in else "",
        "requested_at": prospect.requested_at.isoformat() if prospect.requested_at else "",
        "unknown": prospect.unknown,
    }
    return {name: value for name, value in told.items() if value}


def _price(vehicle: Vehicle | None) -> str:
    if vehicle is None or vehicle.price is None:
        return ""
    return f"{vehicle.currency} {vehicle.price:,}".strip()
