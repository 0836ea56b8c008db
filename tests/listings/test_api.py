"""Stock through the API: made, changed, moved, found, and never by or for the wrong people."""

import asyncio
from typing import Any

import asyncpg

from app.core.ids import Id
from app.core.settings import Settings
from app.listings.timers import TIMERS
from jobs.sweeper import Sweeper
from tests.support.api import Caller, org_of

CIVIC = {
    "make": "honda", "model": "civic", "variant": "1-5-oriel", "year": 2021, "odometer_km": 41_000,
    "asking_price": 6_450_000, "branch": "lahore", "colour": "white", "stock_number": "A-1",
    "description": "One owner.",
}  # fmt: skip


async def southside(api: Caller) -> Caller:
    owner = await org_of(api, "southside", "kim@southside.pk")
    branch = {"name": "Lahore", "slug": "lahore", "city": "Lahore", "phone": "042 35761234"}
    assert (await owner.post("branches", branch)).status_code == 201
    return owner


async def made(owner: Caller, **more: Any) -> dict[str, Any]:
    answer = await owner.post("listings", {**CIVIC, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def published(owner: Caller, **more: Any) -> dict[str, Any]:
    listing = await made(owner, **more)
    answer = await owner.post(f"listings/{listing['id']}/publish")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_new_car_is_a_draft_that_knows_its_catalogue(api: Caller) -> None:
    owner = await southside(api)
    listing = await made(owner)

    assert listing["status"] == "draft"
    assert listing["title"] == "Honda Civic 1.5 Oriel 2021"
    assert (listing["make"], listing["model"], listing["variant"], listing["city"]) == (
        "honda", "civic", "1-5-oriel", "lahore",
    )  # fmt: skip
    assert (listing["body"], listing["fuel"], listing["assembly"]) == ("sedan", "petrol", "local")
    assert listing["org"] == {"slug": "southside", "name": "Southside"}
    assert listing["number"] > 100_000
    assert (await api.stranger().get(f"listings/{listing['id']}")).status_code == 404
    assert (await api.stranger().get("listings")).json()["total"] == 0


async def test_a_published_car_is_found_and_read_by_anybody_without_any_phone(api: Caller) -> None:
    owner = await southside(api)
    listing = await published(owner)
    anybody = api.stranger()
    page = (await anybody.get("listings?q=oriel lahore")).json()
    shown = await anybody.get(f"listings/{listing['id']}")

    assert [hit["id"] for hit in page["hits"]] == [listing["id"]]
    assert page["total"] == page["pages"] == 1
    assert page["hits"][0]["url"].startswith(f"/l/{listing['number']}-honda-civic")
    assert shown.json()["open"] is True
    assert "42357" not in shown.text
    assert shown.json()["phone_masked"].endswith("234")
    assert "stock_number" not in shown.json()
    assert shown.headers["cache-control"].startswith("public")
    assert shown.headers["etag"] == '"2"'


async def test_people_find_it_in_their_own_words(api: Caller) -> None:
    await published(await southside(api))

    for q in ("Honda Civic", "ہونڈا سوک", "civ", "۲۰۲۱ civic", "لاہور", "CIVIC, lahore!"):
        assert (await api.stranger().get("listings", params={"q": q})).json()["total"] == 1, q


async def test_filters_are_or_inside_and_and_between_and_facets_do_not_limit_themselves(api: Caller) -> None:
    owner = await southside(api)
    await published(owner)
    await published(owner, stock_number="A-2", make="toyota", model="corolla", variant=None, asking_price=5_000_000)
    await published(owner, stock_number="A-3", make="toyota", model="yaris", variant=None, year=2023)
    anybody = api.stranger()

    async def found(query: str) -> Any:
        return (await anybody.get(f"listings?{query}")).json()

    both = await found("make=toyota&model=corolla&model=yaris&facets=1")
    assert both["total"] == 2
    assert both["facets"]["make"] == {"toyota": 2}
    assert both["facets"]["model"] == {"corolla": 1, "yaris": 1}
    assert (await found("make=honda&facets=1"))["facets"]["make"] == {"toyota": 2, "honda": 1}
    assert set(both["facets"]) == {
        "make", "model", "city", "body", "fuel", "transmission", "assembly", "registered", "auction", "paint",
        "colour", "seller",
    }  # fmt: skip
    assert "facets" not in await found("make=toyota")
    assert (await found("price_max=5500000"))["total"] == 1
    assert (await found("year_min=2022"))["total"] == 1
    assert (await found("org=southside&branch=lahore"))["total"] == 3
    assert (await found("org=nobody"))["total"] == 0
    prices = [hit["asking_price"] for hit in (await found("sort=price_asc"))["hits"]]
    assert prices == sorted(prices)
    assert (await found("sort=year_desc"))["hits"][0]["year"] == 2023
    assert (await found("page=2"))["hits"] == []


async def test_odd_questions_are_refused_and_junk_in_the_words_is_just_words(api: Caller) -> None:
    for query in (
        "sort=best", "page=0", "page=10000", "make=%00", "make=' or 1=1", "year_min=x", "price_min=-1", "scope=all",
        "city=" + "x" * 70, "q=" + "x" * 300,
    ):  # fmt: skip
        assert (await api.stranger().get(f"listings?{query}")).status_code in (400, 422), query
    for q in ("'; drop table listing --", '" OR tenant != 1', "😀", "a:* & !b | (c", "\\", "%", "'''"):
        assert (await api.stranger().get("listings", params={"q": q})).status_code == 200, q


async def test_own_stock_lists_every_state_by_cursor(api: Caller) -> None:
    owner = await southside(api)
    first = await published(owner)
    second = await made(owner, stock_number="B-2")
    page = (await owner.get("listings?scope=org&limit=1")).json()
    rest = (await owner.get("listings", params={"scope": "org", "limit": 1, "cursor": page["next_cursor"]})).json()

    assert [page["items"][0]["id"], rest["items"][0]["id"]] == [second["id"], first["id"]]
    assert rest["next_cursor"] is None
    assert page["position"]
    assert {"status", "visibility", "stock_number", "doubt", "registered_in", "engine_cc"} <= set(page["items"][0])
    drafts = (await owner.get("listings?scope=org&status=draft")).json()["items"]
    assert [one["id"] for one in drafts] == [second["id"]]
    assert [one["id"] for one in (await owner.get("listings?scope=org&q=B-2")).json()["items"]] == [second["id"]]
    assert (await api.stranger().get("listings?scope=org")).status_code == 401


async def test_a_change_is_refused_when_somebody_was_faster(api: Caller) -> None:
    owner = await southside(api)
    listing = await made(owner)
    path = f"listings/{listing['id']}"
    first = await owner.patch(path, {"colour": "black"}, headers={"if-match": '"1"'})
    late = await owner.patch(path, {"colour": "red"}, headers={"if-match": '"1"'})
    also_late = await owner.patch(path, {"colour": "red", "version": 1})
    again = await owner.patch(path, {"colour": "black"})

    assert (first.status_code, first.json()["version"]) == (200, 2)
    assert (late.status_code, late.json()["code"], also_late.status_code) == (412, "stale", 412)
    assert again.json()["version"] == 2, "what changes nothing is no change"
    assert (await owner.patch(path, {"colour": "red"}, headers={"if-match": "nonsense"})).status_code == 412


async def test_prices_are_kept_and_the_title_follows_the_car_until_somebody_writes_one(api: Caller) -> None:
    owner = await southside(api)
    path = f"listings/{(await published(owner))['id']}"
    await owner.patch(path, {"asking_price": 6_300_000})
    await owner.patch(path, {"asking_price": None})
    prices = (await owner.get(f"{path}/prices")).json()

    assert [row["price"] for row in prices] == [None, 6_300_000, 6_450_000]
    assert (await owner.patch(path, {"year": 2020})).json()["title"] == "Honda Civic 1.5 Oriel 2020"
    assert (await owner.patch(path, {"title": "Civic like new"})).json()["title"] == "Civic like new"
    moved = (await owner.patch(path, {"make": "suzuki", "model": "alto"})).json()
    assert (moved["title"], moved["variant"], moved["make"]) == ("Civic like new", None, "suzuki")
    assert (await api.stranger().get("listings?q=suzuki alto")).json()["total"] == 1
    assert (await api.stranger().get("listings?make=honda")).json()["total"] == 0


async def test_a_car_goes_its_way_and_no_other(api: Caller) -> None:
    owner = await southside(api)
    path = f"listings/{(await made(owner))['id']}"

    async def status(to: str) -> tuple[int, str]:
        answer = await owner.patch(f"{path}/status", {"status": to})
        return answer.status_code, answer.json().get("status", answer.json().get("code"))

    assert (await status("sold"))[0] == 409
    assert (await owner.post(f"{path}/publish")).json()["status"] == "live"
    assert (await owner.post(f"{path}/publish")).json()["version"] == 2, "again changes nothing"
    assert await status("reserved") == (200, "reserved")
    assert (await api.stranger().get("listings")).json()["total"] == 0
    assert (await api.stranger().get(path)).json()["status"] == "reserved"
    assert await status("live") == (200, "live")
    assert await status("sold") == (200, "sold")
    assert (await api.stranger().get(path)).json()["open"] is False
    assert (await owner.post(f"{path}/archive")).json()["status"] == "archived"
    assert (await api.stranger().get(path)).status_code == 404
    assert (await owner.delete(path)).status_code == 204
    assert (await owner.get(path)).status_code == 404
    assert (await owner.get("listings?scope=org")).json()["items"] == []


async def test_an_unpublished_car_disappears(api: Caller) -> None:
    owner = await southside(api)
    path = f"listings/{(await published(owner))['id']}"

    assert (await owner.post(f"{path}/unpublish")).json()["status"] == "draft"
    assert (await api.stranger().get(path)).status_code == 404
    assert (await api.stranger().get("listings?q=civic")).json()["total"] == 0


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"year": 1885}, "year"), ({"year": 2099}, "year"), ({"asking_price": 0}, "asking_price"),
    ({"asking_price": -5}, "asking_price"), ({"asking_price": 10**12}, "asking_price"),
    ({"odometer_km": -1}, "odometer_km"), ({"make": "nobody"}, "make"), ({"model": "nothing"}, "model"),
    ({"variant": "none"}, "variant"), ({"city": "atlantis"}, "city"), ({"branch": "elsewhere"}, "branch"),
    ({"branch": None}, "branch"), ({"fuel": "water"}, "fuel"), ({"visibility": "all"}, "visibility"),
    ({"asking_price": "42,5"}, "asking_price"),
]  # fmt: skip


async def test_a_car_that_cannot_be_is_refused_on_its_field(api: Caller) -> None:
    owner = await southside(api)
    for wrong, field in WRONG:
        answer = await owner.post("listings", {**CIVIC, **wrong})

        assert answer.status_code in (400, 422), wrong
        assert field in str(answer.json()["errors"]), answer.text


async def test_a_stock_number_names_one_car_and_comes_free_with_it(api: Caller) -> None:
    owner = await southside(api)
    first = await made(owner)
    twin = await owner.post("listings", CIVIC)
    other = await made(owner, stock_number="A-2")

    assert (twin.status_code, twin.json()["code"]) == (409, "stock_number_taken")
    assert (await owner.patch(f"listings/{other['id']}", {"stock_number": "A-1"})).status_code == 409
    assert (await owner.delete(f"listings/{first['id']}")).status_code == 204
    assert (await owner.patch(f"listings/{other['id']}", {"stock_number": "A-1"})).status_code == 200


async def test_the_same_key_makes_one_car(api: Caller) -> None:
    owner = await southside(api)
    key = {"idempotency-key": "k-1"}
    answers = await asyncio.gather(*(owner.post("listings", CIVIC, headers=key) for _ in range(4)))
    again = await owner.post("listings", CIVIC, headers=key)

    assert again.status_code == 200
    assert {answer.json()["id"] for answer in answers if answer.status_code < 300} == {again.json()["id"]}
    assert len((await owner.get("listings?scope=org")).json()["items"]) == 1


async def test_a_private_seller_offers_from_home_and_waits_for_a_look(api: Caller) -> None:
    mo = await api.register("mo@people.pk")
    listing = await made(mo, branch=None, city="multan", stock_number=None)
    handed_in = await mo.post(f"listings/{listing['id']}/publish")

    assert (listing["seller"], listing["branch"], listing["city"]) == ("private", None, "multan")
    assert handed_in.json()["status"] == "pending"
    assert handed_in.json()["expires_at"] is not None
    assert (await api.stranger().get("listings")).json()["total"] == 0


async def test_a_member_of_one_branch_changes_its_cars_only(api: Caller) -> None:
    owner = await southside(api)
    multan = {"name": "Multan", "slug": "multan", "city": "Multan"}
    branch_id = (await owner.post("branches", multan)).json()["id"]
    sales = {
        "email": "mo@southside.pk",
        "password": "kachnar-phool-82",
        "name": "Mo",
        "role": "sales",
        "branch_id": branch_id,
    }
    assert (await owner.post("users", sales)).status_code == 201
    mo = await api.sign_in("mo@southside.pk")
    theirs = await made(owner)
    own = await made(mo, branch=None, stock_number="M-1")

    assert own["branch"] == "multan"
    assert (await mo.patch(f"listings/{theirs['id']}", {"colour": "red"})).json()["code"] == "other_branch"
    assert (await mo.patch(f"listings/{own['id']}", {"branch": "lahore"})).status_code == 403
    assert (await mo.get(f"listings/{theirs['id']}")).json()["stock_number"] == "A-1"
    assert (await mo.post(f"listings/{own['id']}/publish")).status_code == 403, "sales do not publish"


async def test_another_dealer_finds_nothing_of_ours_to_change(api: Caller) -> None:
    owner = await southside(api)
    listing = await published(owner)
    northside = await org_of(api, "northside", "ana@northside.pk")
    path = f"listings/{listing['id']}"

    assert (await northside.get(path)).status_code == 200
    for answer in (
        await northside.patch(path, {"colour": "red"}),
        await northside.delete(path),
        await northside.post(f"{path}/publish"),
        await northside.post(f"{path}/archive"),
        await northside.patch(f"{path}/status", {"status": "sold"}),
        await northside.get(f"{path}/prices"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "listing_gone")


async def test_a_closed_dealer_is_off_the_market(api: Caller) -> None:
    owner = await southside(api)
    listing = await published(owner)
    org_id = (await owner.get(f"listings/{listing['id']}")).json()["org_id"]
    assert (await owner.delete(f"orgs/{org_id}")).status_code == 204

    assert (await api.stranger().get("listings")).json()["total"] == 0
    assert (await api.stranger().get(f"listings/{listing['id']}")).status_code == 404


async def test_a_private_car_leaves_the_market_when_its_time_is_up(api: Caller, settings: Settings) -> None:
    mo = await api.register("mo@people.pk")
    listing = await made(mo, branch=None, city="multan", stock_number=None)
    connection = await asyncpg.connect(settings.database_owner_url)
    due = "update listing set status = 'live', expires_at = now() - interval '1 minute' where id = $1"
    await connection.execute(due, Id(listing["id"]))
    await connection.close()

    assert await Sweeper(TIMERS).turn() == 1
    assert (await mo.get(f"listings/{listing['id']}")).json()["status"] == "expired"
    assert await Sweeper(TIMERS).turn() == 0
