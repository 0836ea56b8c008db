"""Addresses of pages and pictures."""

import re
from hashlib import blake2b
from urllib.parse import parse_qsl, urlencode, urlsplit

from app.feeds.rules.cells import tokens
from app.feeds.rules.vocabulary import Places

MOST_IMAGES = 40
_LONGEST = 2_000
_BETWEEN = re.compile(r"[\s|;]+|,(?=\s*https?://)|,\s")
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|ref|source")
_ADDRESS = re.compile(r"https?://[^\s/?#@\\]+(?:[/?#]\S*)?", re.IGNORECASE)
_SALE_IN = re.compile(r"for-sale-in-([a-z-]+?)(?:-\d+)?/?$")


def page(raw: str) -> str | None:
    """An address of the web, else None."""
    text = raw.strip()
    if text.lower().startswith("www."):
        text = f"https://{text}"
    return text if _is_address(text) else None


def pictures(raws: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """Each once, in order, at most 40; and what is no address."""
    found: dict[str, None] = {}
    wrong: list[str] = []
    for raw in raws:
        for part in _BETWEEN.split(raw.strip().strip("[]")):
            text = part.strip(" \t,\"'")
            if not text:
                continue
            address = page(text)
            if address is None:
                wrong.append(text[:120])
            else:
                found[address] = None
    return tuple(found)[:MOST_IMAGES], wrong[:5]


def page_key(address: str) -> str:
    """The same for the same page, whatever was tracked on the way to it."""
    rest = address.partition("://")[2]
    if "?" not in rest and "#" not in rest and rest.isascii():
        host, _, path = rest.partition("/")
        plain = f"{host.lower().removeprefix('www.')}/{path}".rstrip("/")
        return "url:" + blake2b(plain.encode(), digest_size=12).hexdigest()
    try:
        parts = urlsplit(address)
        query = sorted((key, value) for key, value in parse_qsl(parts.query) if not _TRACKING.fullmatch(key))
        plain = f"{parts.netloc.lower().removeprefix('www.')}{parts.path}".rstrip("/")
        plain += f"?{urlencode(query)}" if query else ""
    except ValueError:
        plain = address
    return "url:" + blake2b(plain.encode("utf-8", "replace"), digest_size=12).hexdigest()


def city_in(address: str, places: Places) -> str | None:
    """Marketplaces write "…-for-sale-in-lahore-7303974"."""
    if "for-sale-in" not in address:
        return None
    found = _SALE_IN.search(address.partition("?")[0].lower())
    place = places.by_name.get("".join(tokens(found[1]))) if found else None
    return place.slug if place and place.kind == "city" else None


def _is_address(text: str) -> bool:
    return len(text) <= _LONGEST and _ADDRESS.fullmatch(text) is not None and text.isprintable()
