"""The metadata of one page, as its template writes them down."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup
from msgspec import Struct

from app.core import settings
from app.listings.queries import Place
from app.market.seo import jsonld, paths

NOINDEX, FOLLOW = "noindex", "noindex, follow"


class Head(Struct, frozen=True, kw_only=True):
    """`english` and `urdu` are the paths of the page in both languages, the one that counts; `image` is absolute.

    `robots` is empty of what may be found. `previous` and `following` are pages of the same list, `steps` where it
    stands from the home page down, by name and path. `car` is the number of the one it shows: its views are counted.
    """

    lang: str
    base_url: str
    english: str
    urdu: str
    robots: str
    image: str | None
    data: Markup
    steps: Sequence[tuple[str, str]]
    previous: str | None
    following: str | None
    mobile: str | None
    android: str | None
    ios: str | None
    scheme: str
    car: int | None

    def leads(self, names: Mapping[str, Mapping[str, Any]], **asked: str) -> str:
        """The page about these slugs, in this language: `head.leads(names, make=slug, city=other)`."""
        known = {
            field: Place(slug, slug, "") if field == "body" else names[field][slug] for field, slug in asked.items()
        }
        return paths.landing(self.lang, asked, known)

    @property
    def path(self) -> str:
        return self.urdu if self.lang == "ur" else self.english

    @property
    def url(self) -> str:
        return self.base_url + self.path

    @property
    def other(self) -> str:
        """The same page in the other language."""
        return self.english if self.lang == "ur" else self.urdu


def head(
    lang: str,
    english: str,
    urdu: str,
    *told: dict[str, Any],
    robots: str = "",
    image: str | None = None,
    steps: Sequence[tuple[str, str]] = (),
    previous: str | None = None,
    following: str | None = None,
    car: int | None = None,
) -> Head:
    """A demo is found by nobody."""
    now = settings.current()
    return Head(
        lang=lang,
        base_url=now.base_url,
        english=english,
        urdu=urdu,
        robots=robots or (FOLLOW if now.desk_demo else ""),
        image=image,
        steps=steps,
        data=jsonld.block(*told) if told else Markup(""),
        previous=previous,
        following=following,
        mobile=now.mobile_base_url,
        android=now.android_package,
        ios=now.ios_app_id,
        scheme=now.app_scheme,
        car=car,
    )
