"""Two languages from one gettext catalogue: English is the source text, Urdu is in `templates/locales/ur/*.po`."""

import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog
from babel.support import NullTranslations, Translations

Lang = Literal["en", "ur"]
LANGUAGES: Final[tuple[Lang, ...]] = ("en", "ur")
LOCALES = Path(__file__).resolve().parents[2] / "templates" / "locales"


class Text(str):
    """An English sentence waiting for its reader's language, with the values that go in."""

    __slots__ = ("values",)

    values: Mapping[str, Any]

    def __new__(cls, msgid: str, values: Mapping[str, Any]) -> "Text":
        text = super().__new__(cls, msgid)
        text.values = values
        return text


def _(msgid: str, /, **values: Any) -> str:
    """Marks a sentence for the catalogue; it is translated where it is shown: `_("Invited %(name)s.", name=name)`."""
    return Text(msgid, values) if values else msgid


def translate(message: str, lang: Lang, **values: Any) -> str:
    """The sentence in the reader's language, values filled in. Unknown sentences stay English."""
    text: str = translations(lang).gettext(message) if message else ""
    return fill(text, {**getattr(message, "values", {}), **values})


def translate_plural(one: str, many: str, n: int, lang: Lang, **values: Any) -> str:
    text: str = translations(lang).ngettext(one, many, n)
    return fill(text, {"n": f"{n:,}", **values})


def fill(text: str, values: Mapping[str, Any]) -> str:
    """`%` means something only when there are values: "100% ours" needs no doubling."""
    return text % values if values else text


def direction(lang: Lang) -> Literal["ltr", "rtl"]:
    return "rtl" if lang == "ur" else "ltr"


def known(lang: str | None, default: Lang = "en") -> Lang:
    """A language of ours out of anything a cookie, a column or a tag (`templating.tag`) may hold."""
    plain = (lang or "").partition("-")[0]
    return next((ours for ours in LANGUAGES if ours == plain), default)


@cache
def translations(lang: Lang) -> NullTranslations:
    """Compiled in this process from the .po files, so that a fresh clone needs no compile step."""
    if lang == "en":
        return NullTranslations()
    compiled = io.BytesIO()
    mofile.write_mo(compiled, merged(lang))
    compiled.seek(0)
    return Translations(compiled)


def merged(lang: Lang) -> Catalog:
    """All parts of the catalogue as one. A sentence stands in one part only, which `catalogue check` holds."""
    whole = Catalog(locale=lang)
    for part in parts(lang).values():
        for message in part:
            if message.id:
                whole[message.id] = message
    return whole


def parts(lang: Lang) -> dict[str, Catalog]:
    """One .po file a domain, so that two people can add sentences without meeting."""
    found = {}
    for path in sorted((LOCALES / lang).glob("*.po")):
        with path.open("rb") as file:
            found[path.stem] = pofile.read_po(file, locale=lang)
    return found
