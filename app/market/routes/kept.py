"""Cars that somebody keeps on their device: the shortlist, what they looked at, up to four side by side."""

import re
from typing import Any

from litestar import Request, Response, get

from app.core import render
from app.core.asks import WithDb
from app.listings import queries
from app.market import rules

_PRIVATE = {"cache-control": "private, no-store"}
_KEPT = re.compile(r"([1-9][0-9]{0,14})(?:-([1-9][0-9]{0,11}))?")
MOST_KEPT, MOST_COMPARED = 60, 4

Asking = Request[Any, Any, Any]


@get(["/shortlist", "/ur/shortlist"], access="public", language="path")
async def show_shortlist(request: Asking) -> Response[Any]:
    """Empty as we send it: what is on it never leaves the device but by its numbers, to be shown as they are now."""
    return render.page("market/shortlist.html", other_url=render.other_language(request.url.path))


@get(["/kept", "/ur/kept"], access="public", language="path")
async def list_kept(request: Asking, db: WithDb) -> Response[Any]:
    """The cars of `cars=NUMBER-PRICE,…` as they are now, each beside what it asked when it was kept."""
    found = [_KEPT.fullmatch(one) for one in request.query_params.get("cars", "").split(",")[:MOST_KEPT]]
    was = {int(one[1]): int(one[2]) if one[2] else None for one in found if one}
    cars = await queries.public_hits(db, list(was))
    seen = request.query_params.get("show") == "seen"
    gone = [number for number in was if number not in cars]
    return render.page(
        "market/_kept.html",
        cars=[cars[number] for number in was if number in cars][: 4 if seen else None],
        was=was,
        gone=[] if seen else gone,
        level=3 if seen else 2,
    ).sent(headers=_PRIVATE)


@get(["/compare", "/ur/compare"], access="public", language="path")
async def show_compared(request: Asking, db: WithDb) -> Response[Any]:
    """`ids` are the cars' numbers, with commas or repeated; `differ=1` leaves out what is the same in all."""
    numbers = rules.compared(request.query_params.getall("ids", []))[:MOST_COMPARED]
    found = await queries.public_hits(db, numbers)
    cars = [found[number] for number in numbers if number in found]
    differ = request.query_params.get("differ") == "1"
    lang = render.choices(request).lang
    return render.page(
        "market/compare.html",
        other_url=rules.compare("en" if lang == "ur" else "ur", numbers, differ=differ),
        cars=cars,
        missing=len(numbers) - len(cars),
        differ=differ,
        rows=rules.compared_rows(cars, differ=differ),
        link=rules.compare(lang, [car.number for car in cars]),
        toggled=rules.compare(lang, [car.number for car in cars], differ=not differ),
        fewer={
            car.number: rules.compare(lang, [one.number for one in cars if one is not car], differ=differ)
            for car in cars
        },
        home=rules.home(lang),
    ).sent(headers={"cache-control": "no-cache"})


ROUTES: list[Any] = [show_shortlist, list_kept, show_compared]
