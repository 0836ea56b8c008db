"""The metadata of one page, as its template writes them down."""

from typing import Any

from markupsafe import Markup
from msgspec import Struct

from app.core import settings
from app.market.seo import jsonld

NOINDEX, FOLLOW = "noindex", "noindex, follow"


class Head(Struct, frozen=True, kw_only=True):
    """`english` and `urdu` are the paths of the page in both languages, the one that counts; `image` is absolute.

    `robots` is empty of what may be found. `previous` and `following` are pages of the same list.
    """

    lang: str
    base_url: str
    english: str
    urdu: str
    robots: str
    image: str | None
    data: Markup
    previous: str | None
    following: str | None
    mobile: str | None
    android: str | None
    ios: str | None
    scheme: str

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
    previous: str | None = None,
    following: str | None = None,
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
        data=jsonld.block(*told) if told else Markup(""),
        previous=previous,
        following=following,
        mobile=now.mobile_base_url,
        android=now.android_package,
        ios=now.ios_app_id,
        scheme=now.app_scheme,
    )
