"""What buyers in Pakistan ask first: import year, auction sheet, token, papers, paint."""

from typing import Any

import pytest

from app.listings import rules
from tests.listings.test_api import CIVIC, made, published, southside
from tests.support.api import Caller

PAPERS = {
    "import_year": 2023, "auction_grade": "۴٫۵ b", "token_paid_to": "2027-06", "documents": "original",
    "paint": "genuine", "registered_in": "LHR",
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "grade"),
    [("4.5", "4.5"), ("۴٫۵", "4.5"), (" ra ", "RA"), ("4.5  b", "4.5 B"), ("***", None), ("گریڈ", None), ("<b>", None)],
)
def test_a_grade_is_written_as_the_sheet_prints_it(said: str, grade: str | None) -> None:
    assert rules.grade(said) == grade


def test_token_is_paid_for_life_or_until_a_quarter_and_what_is_there_can_be_chosen_again() -> None:
    months = rules.token_months(2026, "2031-01")

    assert months[:3] == ["lifetime", "2031-01", "2028-12"]
    assert len(months) == len(set(months)) == 22
    assert rules.token_months(2026, "lifetime") == rules.token_months(2026)


async def test_papers_are_kept_shown_and_changed(api: Caller) -> None:
    owner = await southside(api)
    listing = await published(owner, **PAPERS)
    path = f"listings/{listing['id']}"
    shown = (await api.stranger().get(path)).json()
    changed = (
        await owner.patch(path, {"token_paid_to": "lifetime", "paint": None, "registered_in": "اسلام آباد"})
    ).json()

    for one in (listing, shown):
        assert {name: one[name] for name in PAPERS} == {**PAPERS, "auction_grade": "4.5 B", "registered_in": "lahore"}
    assert (changed["token_paid_to"], changed["paint"], changed["registered_in"]) == ("lifetime", None, "islamabad")
    assert changed["auction_grade"] == "4.5 B"


async def test_buyers_find_cars_by_their_papers(api: Caller) -> None:
    owner = await southside(api)
    await published(owner, **PAPERS)
    await published(owner, stock_number="A-2", paint="showered", registered_in="Applied for")
    anybody = api.stranger()

    async def total(query: str) -> Any:
        return (await anybody.get(f"listings?{query}")).json()["total"]

    assert await total("paint=genuine") == await total("auction=sheet") == await total("registered=lahore") == 1
    assert await total("registered=unregistered&paint=showered") == 1
    assert await total("paint=genuine&paint=showered") == 2
    assert await total("q=genuine auction") == 1
    facets = (await anybody.get("listings?facets=1")).json()["facets"]
    assert facets["paint"] == {"genuine": 1, "showered": 1}
    assert facets["auction"] == {"sheet": 1}
    assert facets["registered"] == {"lahore": 1, "unregistered": 1}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"import_year": 2015}, "import_year"), ({"auction_grade": "??"}, "auction_grade"),
        ({"token_paid_to": "June"}, "token_paid_to"), ({"token_paid_to": "2027-13"}, "token_paid_to"),
        ({"documents": "lost"}, "documents"), ({"paint": "pink"}, "paint"), ({"import_year": 3000}, "import_year"),
    ],
)  # fmt: skip
async def test_papers_that_cannot_be_are_refused_on_their_field(api: Caller, wrong: dict[str, Any], field: str) -> None:
    owner = await southside(api)
    listing = await made(owner)
    for answer in (
        await owner.post("listings", {**CIVIC, "stock_number": "A-3", **wrong}),
        await owner.patch(f"listings/{listing['id']}", wrong),
    ):
        assert answer.status_code in (400, 422), answer.text
        assert field in str(answer.json()["errors"]), answer.text
