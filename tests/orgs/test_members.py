"""Members: their roles, their limits, and what ends with them."""

from sqlalchemy import text

from app.core import db
from tests.support.api import PASSWORD, Caller, org_of


async def member(api: Caller, owner: Caller, name: str, role: str, **more: str) -> tuple[str, Caller]:
    email = f"{name.split()[0].lower()}@ravi.pk"
    made = await owner.post("users", {"email": email, "name": name, "role": role, "password": PASSWORD, **more})
    assert made.status_code == 201, made.text
    return made.json()["id"], await api.sign_in(email)


async def test_the_last_owner_stays(api: Caller) -> None:
    owner = await org_of(api, "ravi", "mo@ravi.pk")
    me = (await owner.get("me")).json()["id"]
    answers = [
        await owner.delete(f"users/{me}"),
        await owner.patch(f"users/{me}", {"role": "sales"}),
        await owner.patch(f"users/{me}", {"status": "disabled"}),
        await owner.delete("me", {"password": PASSWORD}),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(409, "last_owner")] * 4


async def test_an_owner_leaves_when_there_is_another(api: Caller) -> None:
    owner = await org_of(api, "ravi", "mo@ravi.pk")
    me = (await owner.get("me")).json()["id"]
    await member(api, owner, "Kim Shah", "owner")
    gone = await owner.delete(f"users/{me}")

    assert gone.status_code == 204
    assert (await owner.get("me")).status_code == 401
    assert (await (await api.sign_in("mo@ravi.pk")).get("me")).json()["role"] == "car_owner"


async def test_a_manager_touches_no_owner_and_makes_none(api: Caller) -> None:
    owner = await org_of(api, "ravi", "mo@ravi.pk")
    top = (await owner.get("me")).json()["id"]
    kim, manager = await member(api, owner, "Kim Shah", "manager")
    answers = [
        await manager.patch(f"users/{top}", {"role": "sales"}),
        await manager.delete(f"users/{top}"),
        await manager.delete(f"users/{top}/sessions"),
        await manager.patch(f"users/{kim}", {"role": "owner"}),
        await manager.post("users", {"email": "x@ravi.pk", "name": "X", "role": "owner", "password": PASSWORD}),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(403, "above_you")] * 5


async def test_rights_change_at_once(api: Caller) -> None:
    owner = await org_of(api, "ravi", "mo@ravi.pk")
    kim, as_kim = await member(api, owner, "Kim Shah", "manager")
    before = await as_kim.get("audit")
    await owner.patch(f"users/{kim}", {"role": "sales"})

    assert before.status_code == 200
    assert (await as_kim.get("audit")).status_code == 403


async def test_a_disabled_member_is_out_at_once_and_back_when_enabled(api: Caller) -> None:
    owner = await org_of(api, "ravi", "mo@ravi.pk")
    kim, as_kim = await member(api, owner, "Kim Shah", "sales")
    await owner.patch(f"users/{kim}", {"status": "disabled"})
    out, elsewhere = await as_kim.get("me"), await (await api.sign_in("kim@ravi.pk")).get("me")
    await owner.patch(f"users/{kim}", {"status": "active"})
    back = await (await api.sign_in("kim@ravi.pk")).get("me")

    assert out.status_code == 401
    assert elsewhere.json()["role"] == "car_owner"
    assert back.json()["memberships"][0]["org"] == "ravi"


async def test_members_are_found_by_what_is_stored_encrypted(api: Caller) -> None:
    owner = await org_of(api, "ravi", "mo@ravi.pk")
    await member(api, owner, "Nadia Iqbal-Cheema", "sales", phone="0300 1234567")
    await member(api, owner, "بلال اسلم", "sales", phone="0333-7654321")
    found = {
        query: [row["name"] for row in (await owner.get("users", params={"q": query})).json()["items"]]
        for query in (
            "nad", "IQBAL", "cheema nadia", "بلال", "بلا", "4567", "1234567", "03001234567", "+92 300 1234567",
            "nadia@ravi.pk", "na", "9999", "nadia bilal", "000", "%",
        )
    }  # fmt: skip

    nadia, bilal = ["Nadia Iqbal-Cheema"], ["بلال اسلم"]
    assert [found[query] for query in ("nad", "IQBAL", "cheema nadia")] == [nadia] * 3
    assert [found["بلال"], found["بلا"]] == [bilal] * 2
    assert [found[q] for q in ("4567", "1234567", "03001234567", "+92 300 1234567", "nadia@ravi.pk")] == [nadia] * 5
    assert [found[query] for query in ("na", "9999", "nadia bilal", "000")] == [[]] * 4


async def test_a_new_name_is_found_in_every_org_of_the_person(api: Caller) -> None:
    owner = await org_of(api, "ravi", "mo@ravi.pk")
    _, as_kim = await member(api, owner, "Kim Shah", "sales")
    await as_kim.patch("me", {"name": "Kulsoom Shah"})

    assert [row["name"] for row in (await owner.get("users", params={"q": "kulsoom"})).json()["items"]] == [
        "Kulsoom Shah"
    ]
    assert (await owner.get("users", params={"q": "kim"})).json()["items"] == []
    actions = [row["action"] for row in (await owner.get("audit")).json()["items"]]
    assert actions[0] == "member.renamed"


async def test_onlookers_get_masked_contacts(api: Caller) -> None:
    owner = await org_of(api, "ravi", "mo@ravi.pk")
    await member(api, owner, "Nadia Iqbal", "sales", phone="0300 1234567")
    _, onlooker = await member(api, owner, "Hira Javed", "readonly")
    listed = await onlooker.get("users")

    assert "1234567" not in listed.text
    assert "nadia@ravi.pk" not in listed.text
    assert listed.json()["items"][1]["phone_masked"] == "+92•••••4567"


async def test_pages_of_members_hold_each_once(api: Caller) -> None:
    owner = await org_of(api, "ravi", "mo@ravi.pk")
    for number in range(23):
        body = {"email": f"m{number}@ravi.pk", "name": f"M {number}", "role": "sales", "password": PASSWORD}
        assert (await owner.post("users", body)).status_code == 201
    seen: list[str] = []
    cursor = None
    while True:
        page = (await owner.get("users", params={"limit": 5, **({"cursor": cursor} if cursor else {})})).json()
        seen += [row["id"] for row in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) == 24
    assert (await owner.get("users", params={"cursor": "junk"})).status_code == 404


async def test_a_create_with_the_same_key_makes_one(api: Caller) -> None:
    owner = await org_of(api, "ravi", "mo@ravi.pk")
    body = {"name": "Lahore", "slug": "lahore", "city": "Lahore"}
    first = await owner.post("branches", body, headers={"idempotency-key": "k-1"})
    again = await owner.post("branches", body, headers={"idempotency-key": "k-1"})

    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    assert len((await owner.get("branches")).json()["items"]) == 1


async def test_no_branch_is_named_like_every_branch(api: Caller) -> None:
    owner = await org_of(api, "words", "owner@words.pk")
    answers = [await owner.post("branches", {"name": "All", "slug": slug, "city": "Lahore"}) for slug in ("all", "org")]

    assert [answer.json()["code"] for answer in answers] == ["slug_taken", "slug_taken"]


async def test_a_branch_with_members_stays_open(api: Caller) -> None:
    owner = await org_of(api, "ravi", "mo@ravi.pk")
    branch = (await owner.post("branches", {"name": "Lahore", "slug": "lahore", "city": "Lahore"})).json()
    kim, _ = await member(api, owner, "Kim Shah", "sales", branch_id=branch["id"])
    refused = await owner.delete(f"branches/{branch['id']}")
    await owner.patch(f"users/{kim}", {"branch_id": None})
    closed = await owner.delete(f"branches/{branch['id']}")

    assert (refused.status_code, refused.json()["code"], closed.status_code) == (409, "branch_in_use", 204)


async def test_a_closed_org_is_closed_to_everybody(api: Caller) -> None:
    owner = await org_of(api, "ravi", "mo@ravi.pk")
    _, as_kim = await member(api, owner, "Kim Shah", "sales")
    org = next(row for row in (await owner.get("orgs")).json()["items"] if row["org"] == "ravi")
    closed = await owner.delete(f"orgs/{org['org_id']}")

    assert closed.status_code == 204
    assert [(await caller.get("me")).status_code for caller in (owner, as_kim)] == [401, 401]
    assert (await (await api.sign_in("kim@ravi.pk")).get("me")).json()["role"] == "car_owner"


async def test_closing_an_account_overwrites_who_it_was(api: Caller) -> None:
    owner = await org_of(api, "ravi", "mo@ravi.pk")
    kim, as_kim = await member(api, owner, "Kim Shah", "sales", phone="0300 1234567")
    wrong = await as_kim.delete("me", {"password": "not-the-password"})
    closed = await as_kim.delete("me", {"password": PASSWORD})
    again = await api.post("auth/login", {"email": "kim@ravi.pk", "password": PASSWORD})
    async with db.system() as session:
        row = (
            await session.execute(text("select status, phone_sealed from app_user where id = :id"), {"id": kim})
        ).one()

    assert (wrong.status_code, closed.status_code, again.status_code) == (401, 204, 401)
    assert tuple(row) == ("closed", None)
    assert [one["id"] for one in (await owner.get("users")).json()["items"] if one["id"] == kim] == []
    assert (
        await api.post("auth/register", {"email": "kim@ravi.pk", "password": PASSWORD, "name": "K"})
    ).status_code == 201
