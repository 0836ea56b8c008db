"""What the walk needs for the market's pages: words of their addresses, and what strangers send."""

from typing import Any

from tests.support.tenancy_stock import MARKET

_NUMBER = int(MARKET.partition("-")[0])
NOT_SERVED = {"GET /sitemaps/{name:str}"}
"""Nothing of a demo, which this world is, is to be found; the sitemap's own tests hold it."""
PARTS = {"make": "honda", "model": "civic", "city": "multan", "shape": "sedan", "facets": "honda/civic"}
_FORMS = {"/l/{number:int}/report": {"reason": "wrong", "note": "It is blue."}}


def part_of(template: str, name: str) -> str | None:
    return PARTS.get(name) if "/l/" not in template and "/api/" not in template else None


def form_for(template: str) -> dict[str, str] | None:
    return _FORMS.get(template.removeprefix("/ur"))


def body_for(template: str) -> dict[str, Any] | None:
    return {"view": [_NUMBER]} if template == "/seen" else None
