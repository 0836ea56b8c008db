"""Sign-in, sessions and passwords: what an attacker tries, and what a person loses when they should."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import extract_parameters
from sqlalchemy import text

from app.accounts import rules
from app.accounts.schemas import SignInForm
from app.adapters import mail
from app.core import clock, db, jobs_ledger, passwords, settings
from app.core.base import Scope
from app.core.devices import Device, family, network
from app.core.edge import csrf
from app.orgs import service
from tests.orgs.test_invitations import mailed
from tests.support.api import PASSWORD, Caller, org_of


async def browser(email: str, before: str | None = None) -> str:
    """Signs in as the page does and returns the cookie's value."""
    async with db.unit(Scope()) as session:
        return (await service.sign_in(session, SignInForm(email=email, password=PASSWORD), Device())).token


async def me_with(api: Caller, cookie: str, **headers: str) -> object:
    return await api.get("me", headers={"cookie": f"sid={cookie}", **headers})


async def test_an_unknown_person_and_a_wrong_password_get_one_answer(api: Caller) -> None:
    await api.register("ana@example.pk")
    wrong = await api.post("auth/login", {"email": "ana@example.pk", "password": "not-the-password"})
    unknown = await api.post("auth/login", {"email": "eve@example.pk", "password": "not-the-password"})

    assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_credentials")
    strip = ("request_id",)
    assert {k: v for k, v in wrong.json().items() if k not in strip} == {
        k: v for k, v in unknown.json().items() if k not in strip
    }


async def test_an_unknown_person_costs_the_same_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    stored, work = await passwords.hashed("seven-green-boats"), []
    verify = passwords._verify

    def watched(against: str, password: str) -> bool:
        work.append(extract_parameters(against))
        return verify(against, password)

    monkeypatch.setattr(passwords, "_verify", watched)
    right = [await passwords.matches("wrong", against) for against in (stored, None)]

    assert right == [False, False]
    assert len(work) == 2
    assert work[0] == work[1]


async def test_never_more_than_two_hashes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    running = most = 0

    def slow(_stored: str, _password: str) -> bool:
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.05)
        running -= 1
        return True

    monkeypatch.setattr(passwords, "_verify", slow)
    await asyncio.gather(*(passwords.matches("x", "y") for _ in range(10)))

    assert most == 2


async def test_a_second_account_with_the_same_address_is_refused_on_the_field(api: Caller) -> None:
    await api.register("ana@example.pk")
    again = await api.post("auth/register", {"email": "ANA@Example.pk", "password": PASSWORD, "name": "Ana"})

    assert again.status_code == 409
    assert again.json()["errors"][0]["field"] == "email"


async def test_eight_registrations_at_once_make_one_person(api: Caller) -> None:
    body = {"email": "ana@example.pk", "password": PASSWORD, "name": "Ana"}
    answers = await asyncio.gather(*(api.post("auth/register", body) for _ in range(8)))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


@pytest.mark.parametrize(
    "password", ["short", "password123", "PAKISTAN786", "aaaaaaaaaaaa", "ana@example.pk", "1234567890"]
)
async def test_easy_passwords_are_refused(password: str) -> None:
    assert rules.password_fault(password, email="ana@example.pk") is not None
    assert rules.password_fault(PASSWORD, email="ana@example.pk") is None


async def test_a_planted_session_id_is_never_adopted(api: Caller) -> None:
    await api.register("ana@example.pk")
    planted = "attackerchosen"
    before = await me_with(api, planted)
    token = await browser("ana@example.pk")
    after = await me_with(api, planted)

    assert (before.status_code, after.status_code) == (401, 401)
    assert token != planted
    assert (await me_with(api, token)).status_code == 200


async def test_the_page_gives_a_new_id_at_every_sign_in(api: Caller) -> None:
    await api.register("ana@example.pk")
    form = {"email": "ana@example.pk", "password": PASSWORD}
    ours = {"origin": "http://127.0.0.1:8080"}
    token = csrf.token_for(settings.current().secret_key, "attackerchosen")
    carried = {**ours, "cookie": "sid=attackerchosen", "x-csrf-token": token}
    first, second, planted = [
        await api.stranger().http.post("/sign-in", data=form, headers=headers) for headers in (ours, ours, carried)
    ]

    assert {first.status_code, second.status_code, planted.status_code} == {303}
    assert first.cookies["sid"] != second.cookies["sid"]
    assert planted.cookies["sid"] not in ("attackerchosen", first.cookies["sid"])
    cookie = first.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


async def test_a_role_change_gives_the_next_page_a_new_id_and_the_old_one_dies(api: Caller) -> None:
    owner = await org_of(api, "ravi", "mo@ravi.pk")
    body = {"email": "kim@ravi.pk", "name": "Kim", "role": "sales", "password": PASSWORD}
    kim = (await owner.post("users", body)).json()["id"]
    token = await browser("kim@ravi.pk")
    await owner.patch(f"users/{kim}", {"role": "manager"})
    fragment = await api.http.get(
        "/me", headers={"cookie": f"sid={token}", "hx-request": "true", "accept": "text/html"}
    )
    page = await api.http.get("/me", headers={"cookie": f"sid={token}", "accept": "text/html"})
    fresh = page.cookies.get("sid")
    on_its_way = await me_with(api, token)
    now = datetime.now(UTC)
    clock.use(lambda: now + timedelta(seconds=31))
    try:
        late, current = await me_with(api, token), await me_with(api, fresh or "")
    finally:
        clock.use(None)

    assert "sid" not in fragment.cookies
    assert fresh not in (None, token)
    assert (on_its_way.status_code, late.status_code, current.status_code) == (200, 401, 200)


async def test_a_session_ends_after_half_an_hour_without_use_and_after_twelve_hours(api: Caller) -> None:
    await api.register("ana@example.pk")
    token, now = await browser("ana@example.pk"), datetime.now(UTC)
    status = []
    try:
        for minutes in (29, 58, 58 + 31):
            clock.use(lambda minutes=minutes: now + timedelta(minutes=minutes))
            status.append((await me_with(api, token)).status_code)
        clock.use(None)
        token, now = await browser("ana@example.pk"), datetime.now(UTC)
        for minutes in range(20, 12 * 60 + 20, 20):
            clock.use(lambda minutes=minutes: now + timedelta(minutes=minutes))
            status.append((await me_with(api, token)).status_code)
    finally:
        clock.use(None)

    assert status[:3] == [200, 200, 401]
    assert status[3:-1] == [200] * 35
    assert status[-1] == 401


async def test_i_see_my_sessions_end_one_and_all_others(api: Caller) -> None:
    ana = await api.register("ana@example.pk")
    other, third = await api.sign_in("ana@example.pk"), await api.sign_in("ana@example.pk")
    stranger = await api.register("eve@example.pk")
    rows = (await ana.get("me/sessions")).json()["items"]
    foreign = (await stranger.get("me/sessions")).json()["items"][0]["id"]
    here = next(row["id"] for row in (await other.get("me/sessions")).json()["items"] if row["current"])
    ended = await ana.delete(f"me/sessions/{here}")

    assert len(rows) == 3
    assert (ended.status_code, (await other.get("me")).status_code) == (204, 401)
    assert (await ana.delete(f"me/sessions/{foreign}")).status_code == 404
    assert (await ana.delete("me/sessions")).status_code == 204
    assert [(await caller.get("me")).status_code for caller in (ana, third, stranger)] == [200, 401, 200]


async def test_a_new_password_ends_every_other_session(api: Caller) -> None:
    ana, other = await api.register("ana@example.pk"), await api.sign_in("ana@example.pk")
    wrong = await ana("PUT", "me/password", {"current": "nope", "new": "eight-green-boats"})
    weak = await ana("PUT", "me/password", {"current": PASSWORD, "new": "password12"})
    changed = await ana("PUT", "me/password", {"current": PASSWORD, "new": "eight-green-boats"})

    assert (wrong.status_code, weak.status_code, changed.status_code) == (401, 422, 204)
    assert [(await caller.get("me")).status_code for caller in (ana, other)] == [200, 401]
    assert (await api.post("auth/login", {"email": "ana@example.pk", "password": PASSWORD})).status_code == 401
    await api.sign_in("ana@example.pk", "eight-green-boats")


async def test_a_forgotten_password_is_reset_once_by_mail(api: Caller, outbox: mail.MemoryMailer) -> None:
    ana = await api.register("ana@example.pk")
    known = await api.post("auth/password/forgot", {"email": "Ana@example.pk"})
    unknown = await api.post("auth/password/forgot", {"email": "eve@example.pk"})
    code = await mailed(outbox)
    done = await api.post("auth/password/reset", {"code": code, "password": "eight-green-boats"})
    again = await api.post("auth/password/reset", {"code": code, "password": "nine-green-boats"})

    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert len(outbox.sent()) == 1
    assert (done.status_code, again.status_code) == (204, 410)
    assert (await ana.get("me")).status_code == 401
    await api.sign_in("ana@example.pk", "eight-green-boats")


async def test_two_resets_with_one_code_change_one_password(api: Caller, outbox: mail.MemoryMailer) -> None:
    await api.register("ana@example.pk")
    await api.post("auth/password/forgot", {"email": "ana@example.pk"})
    code = await mailed(outbox)
    answers = await asyncio.gather(
        *(
            api.stranger().post("auth/password/reset", {"code": code, "password": f"eight-green-boats-{n}"})
            for n in range(5)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [204] + [410] * 4


async def test_profile_and_language_outlast_the_session(api: Caller) -> None:
    ana = await api.register("ana@example.pk")
    await ana.patch("me", {"lang": "ur", "theme": "dark", "phone": "0300-1234567", "name": "Ana Bibi"})
    await ana.patch("me/profile", {"about": "Sells one car a year."})
    again = await api.sign_in("ana@example.pk")
    me, profile = (await again.get("me")).json(), (await again.get("me/profile")).json()
    emptied = await again.delete("me/profile")

    assert (me["lang"], me["theme"], me["phone"], me["name"]) == ("ur", "dark", "+923001234567", "Ana Bibi")
    assert profile["about"] == "Sells one car a year."
    assert (emptied.status_code, (await again.get("me/profile")).json()["about"]) == (204, "")
    bad = await again.patch("me", {"phone": "12"})
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, "phone")
    assert (await api.get("me/profile")).status_code == 401


async def test_acting_in_another_org_is_another_session(api: Caller) -> None:
    owner = await org_of(api, "ravi", "mo@ravi.pk")
    mine = {row["org_kind"]: row["org_id"] for row in (await owner.get("orgs")).json()["items"]}
    foreign = await org_of(api, "indus", "eve@indus.pk")
    theirs = next(row["org_id"] for row in (await foreign.get("orgs")).json()["items"] if row["org"] == "indus")
    refused = await owner.post("me/org", {"org_id": theirs})
    switched = await owner.post("me/org", {"org_id": mine["person"]})
    at_home = api.bearing(switched.json()["access_token"])

    assert refused.status_code == 404
    assert (await at_home.get("me")).json()["role"] == "car_owner"
    assert (await owner.get("me")).status_code == 401
    assert (await at_home.get("branches")).status_code == 403


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "Chrome, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1",
            "Safari, iPhone",
        ),
        ("python-httpx/0.28", "python-httpx"),
        ("", ""),
    ],
)
def test_of_a_browser_only_its_family_is_kept(agent: str, said: str) -> None:
    assert family(agent) == said


def test_of_an_address_only_its_neighbourhood_is_kept() -> None:
    assert network("203.0.113.77") == "203.0.113.0/24"
    assert network("2001:db8:1:2::3") == "2001:db8:1::/48"
    assert network("junk") == ""


async def test_no_secret_of_a_session_is_stored(api: Caller) -> None:
    await api.register("ana@example.pk")
    cookie = await browser("ana@example.pk")
    pair = (await api.post("auth/login", {"email": "ana@example.pk", "password": PASSWORD})).json()
    await jobs_ledger.burst()
    async with db.system() as session:
        stored = ""
        for table in ("session", "refresh_token", "app_user"):
            stored += " ".join((await session.execute(text(f"select t::text from {table} t"))).scalars())  # noqa: S608

    assert not any(secret in stored for secret in (cookie, pair["access_token"], pair["refresh_token"], PASSWORD))
