"""What a landing page says of its cars, in its reader's language; nothing that was not counted."""

from collections.abc import Mapping

from msgspec import Struct

from app.core import i18n, money
from app.core.i18n import Lang, _, translate_plural
from app.listings.queries import Place
from app.search.queries import Figures, Share

ENOUGH = 3
"""Of fewer prices a middle one says nothing."""


class Words(Struct, frozen=True):
    heading: str
    title: str
    description: str
    answers: list[tuple[str, str]]


def words(lang: Lang, about: Mapping[str, str], figures: Figures, cities: Mapping[str, Place]) -> Words:
    """`about` are the names of what the page is about, by field."""
    heading = heading_of(lang, about)
    count = translate_plural("%(n)s car on offer", "%(n)s cars on offer", figures.total, lang)
    asks = _asks(lang, figures)
    from_ = i18n.translate(_("from %(price)s"), lang, price=money.pkr(figures.least, lang)) if figures.least else ""
    more = i18n.translate(_("Photos, kilometres and the seller to ask."), lang)
    return Words(
        heading=heading,
        title=": ".join(filter(None, (heading, _listed(lang, count, from_)))),
        description=" ".join(filter(None, (f"{heading}: {count}.", asks, more))),
        answers=_answers(lang, heading, figures, asks, cities),
    )


def _listed(lang: Lang, *parts: str) -> str:
    return ("، " if lang == "ur" else ", ").join(filter(None, parts))


def heading_of(lang: Lang, about: Mapping[str, str]) -> str:
    """`about` as in `words`; of nothing in particular it is about all cars."""
    make, model, city, body = (about.get(field) for field in ("make", "model", "city", "body"))
    car = f"{make} {model}" if model else None
    if car and city:
        return i18n.translate(_("%(car)s for sale in %(city)s"), lang, car=car, city=city)
    if car:
        return i18n.translate(_("%(car)s for sale"), lang, car=car)
    if make and city:
        return i18n.translate(_("%(make)s cars for sale in %(city)s"), lang, make=make, city=city)
    if make:
        return i18n.translate(_("%(make)s cars for sale"), lang, make=make)
    if city:
        return i18n.translate(_("Cars for sale in %(city)s"), lang, city=city)
    if body:
        return i18n.translate(_("%(body)s for sale"), lang, body=body)
    return i18n.translate(_("Cars for sale"), lang)


def _asks(lang: Lang, figures: Figures) -> str:
    if figures.priced < ENOUGH or not (figures.least and figures.middle and figures.most):
        return ""
    least, middle, most = (money.pkr(price, lang) for price in (figures.least, figures.middle, figures.most))
    said = _("Prices go from %(least)s to %(most)s; half of the cars ask %(middle)s or less.")
    return i18n.translate(said, lang, least=least, most=most, middle=middle)


def _answers(
    lang: Lang, heading: str, figures: Figures, asks: str, cities: Mapping[str, Place]
) -> list[tuple[str, str]]:
    if not figures.total:
        return []
    there = translate_plural(
        "There is %(n)s car on the market now.", "There are %(n)s cars on the market now.", figures.total, lang
    )
    told = [(_asked(lang, _("%(heading)s: how many are there?"), heading), there)]
    if asks:
        told.append((_asked(lang, _("%(heading)s: what do they cost?"), heading), asks))
    if year := _most(figures.by.get("year", [])):
        said = i18n.translate(
            _("Model year %(year)s, with %(n)s of %(total)s cars."), lang,
            year=year.value, n=year.count, total=figures.total,
        )  # fmt: skip
        told.append((_asked(lang, _("%(heading)s: which model year is offered most?"), heading), said))
    city = _most(figures.by.get("city", []))
    if city and city.value in cities:
        said = i18n.translate(
            _("In %(city)s, with %(n)s of %(total)s cars."), lang,
            city=cities[city.value].in_(lang), n=city.count, total=figures.total,
        )  # fmt: skip
        told.append((_asked(lang, _("%(heading)s: where are most of them?"), heading), said))
    return told


def _asked(lang: Lang, question: str, heading: str) -> str:
    return i18n.translate(question, lang, heading=heading)


def _most(shares: list[Share]) -> Share | None:
    """The only one with the highest count, if there are others."""
    ranked = sorted(shares, key=lambda share: -share.count)
    return ranked[0] if len(ranked) > 1 and ranked[0].count > ranked[1].count else None
