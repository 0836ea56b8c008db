"""What each kind of page of the market tells about itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import structs

from app.core import i18n, settings, static
from app.core.i18n import Lang, _
from app.core.templating import environment_of
from app.listings.queries import Names, Place
from app.listings.schemas import ListingHit, ListingSearchForm, PublicListing, SearchPage
from app.market import rules
from app.market.seo import jsonld, paths
from app.market.seo.head import FOLLOW, NOINDEX, Head, head
from app.market.seo.words import heading_of

THIN = 3
"""With fewer cars a landing page tells nothing of its own."""


def of_home(lang: str) -> Head:
    base_url = settings.current().base_url
    logo = base_url + static.url("img/share.png")
    return head(lang, "/", "/ur", *jsonld.site(base_url, lang, "/ur" if lang == "ur" else "/", logo))


WORDS = {"about": _("About us"), "contact": _("Contact"), "privacy": _("Privacy"), "terms": _("Terms of use")}
"""Pages about ourselves, by their path."""


def of_words(lang: str, name: str) -> Head:
    base = paths.base(lang)
    trail = [("Automart.pk", base or "/"), (i18n.translate(WORDS[name], i18n.known(lang)), f"{base}/{name}")]
    return head(lang, f"/{name}", f"/ur/{name}", jsonld.crumbs(settings.current().base_url, trail), steps=trail)


def of_results(lang: str, asked: ListingSearchForm, found: SearchPage, names: Names) -> Head:
    """The address that counts has the make, model, city and body; what narrows further is not found by itself."""
    english, urdu = (_main(one, asked, names, page=asked.page) for one in ("en", "ur"))
    last = max(1, found.pages)
    trail = [*_top(lang), *_steps(lang, _single(asked), names_of(_single(asked), names))]
    return head(
        lang,
        english,
        urdu,
        jsonld.crumbs(settings.current().base_url, trail),
        steps=trail,
        robots=FOLLOW if is_deep(asked) or not found.total or asked.page > last else "",
        previous=_main(lang, asked, names, page=asked.page - 1) if asked.page > 1 else None,
        following=_main(lang, asked, names, page=asked.page + 1) if asked.page < last else None,
    )


def heading(lang: Lang, asked: ListingSearchForm, names: Names) -> str:
    """Of a page of results: the make, model and city where one is asked for."""
    main = {field: slug for field, slug in _single(asked).items() if field != "body"}
    return heading_of(lang, {field: name.in_(lang) for field, name in names_of(main, names).items()})


def is_deep(asked: ListingSearchForm) -> bool:
    """More is asked than a landing page can be about."""
    plain = structs.replace(ListingSearchForm(), **{name: getattr(asked, name) for name in paths.PARTS})
    same = structs.replace(asked, sort="relevance", page=1, facets=False)
    main = _single(asked)
    several = any(len(getattr(asked, name)) > 1 for name in paths.PARTS)
    return same != plain or several or (bool(main) and paths.shape(main) not in paths.SHAPES)


def _single(asked: ListingSearchForm) -> dict[str, str]:
    """The main question: each of its fields that names one thing."""
    return {name: getattr(asked, name)[0] for name in paths.PARTS if len(getattr(asked, name)) == 1}


def _main(lang: str, asked: ListingSearchForm, names: Names, *, page: int) -> str:
    main = _single(asked)
    known = names_of(main, names)
    if page == 1 and paths.shape(main) in paths.SHAPES and known.keys() == main.keys():
        return paths.landing(lang, main, known)
    return rules.results(lang, paths.question(main), page=page)


def names_of(main: Mapping[str, str], names: Names) -> dict[str, Any]:
    """Of each field by its slug; of the body itself, which is named by a template."""
    return {
        field: Place(slug, slug, "") if field == "body" else names[field][slug]
        for field, slug in main.items()
        if field == "body" or slug in names.get(field, {})
    }


def of_landing(
    lang: str, asked: Mapping[str, str], known: Mapping[str, Place], total: int, shown: Sequence[ListingHit],
    answers: Sequence[tuple[str, str]],
) -> Head:  # fmt: skip
    base_url = settings.current().base_url
    trail = [*_top(lang), *_steps(lang, asked, known)]
    told = [jsonld.crumbs(base_url, trail)]
    if shown:
        told.append(jsonld.cars(base_url, [paths.base(lang) + one.url for one in shown]))
    if answers:
        told.append(jsonld.questions(answers))
    english, urdu = (paths.landing(one, asked, known) for one in ("en", "ur"))
    return head(lang, english, urdu, *told, robots=FOLLOW if total < THIN else "", steps=trail)


def steps(lang: str, asked: Mapping[str, str], known: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Where a landing page stands, from all cars down to itself."""
    return [*_top(lang)[1:], *_steps(lang, asked, known)]


def _top(lang: str) -> list[tuple[str, str]]:
    base = paths.base(lang)
    return [("Automart.pk", base or "/"), (i18n.translate(_("Cars for sale"), i18n.known(lang)), f"{base}/cars")]


def _steps(lang: str, asked: Mapping[str, str], known: Mapping[str, Any]) -> list[tuple[str, str]]:
    """From the make down to what is asked: every one of them is a page."""
    steps: list[tuple[str, str]] = []
    so_far: dict[str, str] = {}
    for field in paths.shape(asked):
        so_far[field] = asked[field]
        if field not in known or paths.shape(so_far) not in paths.SHAPES:
            break
        name = body_name(lang, asked[field]) if field == "body" else known[field].in_(lang)
        steps.append((name, paths.landing(lang, so_far, known)))
    return steps


def body_name(lang: str, body: str) -> str:
    return str(environment_of(lang).globals["ui"].body(body)).strip()  # type: ignore[attr-defined]


def of_listing(lang: str, listing: PublicListing, seller: dict[str, Any] | None) -> Head:
    """What is gone, the demo's and dealers' own are not found."""
    base_url, home = settings.current().base_url, paths.base(lang)
    url = base_url + home + listing.url
    images = [absolute(base_url, one.url) for one in listing.photos if not one.drawn]
    hidden = listing.demo or listing.trade or not listing.open
    trail = [*_top(lang), *_of_car(lang, listing), (listing.title, home + listing.url)]
    told = [jsonld.crumbs(base_url, trail)]
    if not listing.demo:
        told.append(jsonld.car(listing, seller, url, images))
    return head(
        lang, listing.url, f"/ur{listing.url}", *told, robots=NOINDEX if hidden else "",
        image=images[0] if images else None, steps=trail, car=listing.number,
    )  # fmt: skip


def _of_car(lang: str, listing: PublicListing) -> list[tuple[str, str]]:
    known = {
        "make": Place(listing.make or "", listing.make_name or "", listing.make_name_ur or ""),
        "model": Place(listing.model or "", listing.model_name or "", listing.model_name_ur or ""),
    }
    asked = {field: place.slug for field, place in known.items() if place.slug}
    return _steps(lang, asked, known)


def absolute(base_url: str, url: str) -> str:
    return url if "://" in url else base_url + url
