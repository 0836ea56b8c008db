"""Sitemaps as XML: an index of parts, and parts whose every page is there in both languages."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct

CARS_A_PART = 10_000
"""Numbers a part holds; each car stays in its part for ever, and has a page in each language."""
LANDINGS_A_PART = 20_000

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
START = f'{_HEAD}<urlset {_NAMESPACE} xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
END = "</urlset>\n"


class Page(Struct, frozen=True):
    """Paths of one page in English and Urdu."""

    english: str
    urdu: str
    changed_at: datetime | None


def index(base_url: str, parts: Iterable[tuple[str, datetime | None]]) -> str:
    told = "".join(f"<sitemap><loc>{escape(base_url + path)}</loc>{_lastmod(at)}</sitemap>\n" for path, at in parts)
    return f"{_HEAD}<sitemapindex {_NAMESPACE}>\n{told}</sitemapindex>\n"


def pages(base_url: str, told: Iterable[Page]) -> Iterator[str]:
    for page in told:
        english, urdu = base_url + page.english, base_url + page.urdu
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{tag}" href={quoteattr(url)}/>'
            for tag, url in (("en-PK", english), ("ur-PK", urdu), ("x-default", english))
        )
        for url in (english, urdu):
            yield f"<url><loc>{escape(url)}</loc>{_lastmod(page.changed_at)}{others}</url>\n"


def _lastmod(at: datetime | None) -> str:
    return f"<lastmod>{at.isoformat(timespec='seconds')}</lastmod>" if at else ""
