"""Colleagues named in a note: whom a name means, and who hears of it."""

import pytest

from app.core.ids import new_id
from app.leads.rules import mentions
from app.leads.rules.mentions import Named
from tests.notices.conftest import NIGHT, Late, dealers, late, outbox, stage, stocked

__all__ = ["dealers", "late", "outbox", "stage", "stocked"]

NAMES = ("Ali", "Ali Khan", "Sana Ahmed", "Bilal Rana", "Bilal Rana", "حرا کریم")
ALI, ALI_KHAN, SANA, TWIN, OTHER_TWIN, HIRA = PEOPLE = [Named(new_id(), name) for name in NAMES]


@pytest.mark.parametrize(
    ("body", "picked", "named"),
    [
        ("@Sana Ahmed, ring him", [], [SANA]),
        ("ring him @sana  ahmed", [], [SANA]),
        ("(@Sana) and @Sana again", [], [SANA]),
        ("@Ali Khan and @Sana", [], [ALI_KHAN, SANA]),
        ("@Ali knows", [], []),  # or Ali Khan: nobody is guessed
        ("@Ali knows", [ALI_KHAN], [ALI_KHAN]),
        ("@Bilal Rana", [], []),
        ("@Bilal Rana", [OTHER_TWIN], [OTHER_TWIN]),
        ("@Bilal Rana @Bilal Rana", [OTHER_TWIN, TWIN], [OTHER_TWIN, TWIN]),
        ("mail ali@sana.pk, @Sanaa, @ nobody", [], []),
        ("\u200f@\u062d\u0631\u0627 \u0643\u0631\u064a\u0645\u060c \u062f\u06cc\u06a9\u06be\u06cc\u06ba", [], [HIRA]),
        ("Please ring", [SANA], [SANA]),
    ],
)
def test_a_name_means_whoever_it_means_alone(body: str, picked: list[Named], named: list[Named]) -> None:
    kept, ids = mentions.keep(body, PEOPLE, [one.id for one in picked])
    renamed = {one.id: one.name.upper() for one in PEOPLE}
    shown, marks = mentions.read(kept, ids, renamed)

    assert ids == [one.id for one in named]
    assert {mark[0] for mark in marks} == set(ids)
    assert all((at is None) == ("@" not in body) for _id, _name, at in marks)
    assert all(shown[at:].startswith(f"@{name.upper()}") for _id, name, at in marks if at is not None)


def test_what_looks_kept_but_names_nobody_stays_text() -> None:
    body = f"@[{SANA.id}] and @[{new_id()}]"

    assert mentions.read(body, [], {SANA.id: SANA.name}) == (body, [])


async def test_who_is_named_hears_of_it_once_and_who_may_not_see_it_cannot_be(late: Late) -> None:
    stage, lead = late.stage, await late.lead(to="sales1")
    await late.told()

    def id_of(name: str) -> str:
        return str(stage.people[name])

    async def note(body: str, *named: str) -> dict[str, object]:
        answer = await stage.callers["sales1"].post(f"leads/{lead}/notes", {"body": body, "mentions": list(named)})
        found: dict[str, object] = answer.json()
        return {**found, "code": answer.status_code}

    made = await note("@Sales2 and @Readonly: he rings at 5. @Sales1", id_of("manager"))
    refused = [
        await note("@them", id_of("sales3")),
        await note("@them", id_of("indus-owner")),
        await note("x", str(new_id())),
    ]
    nobody = await note("@Sales3 and @Indus-Owner are not here")
    await late.told()
    timeline = (await stage.callers["sales2"].get(f"leads/{lead}/timeline")).json()
    shown = next(one for one in timeline if one["id"] == made["id"])

    assert made["code"] == 201
    assert shown["body"] == "@Sales2 and @Readonly: he rings at 5. @Sales1"
    assert set(shown["mentions"]) == {id_of(name) for name in ("manager", "sales2", "readonly", "sales1")}
    assert [(mark["name"], mark["at"]) for mark in shown["marks"]] == [
        ("Sales2", 0), ("Readonly", 12), ("Sales1", 38), ("Manager", None)
    ]  # fmt: skip
    assert nobody["mentions"] == []
    assert [(one["code"], one["errors"]) for one in refused] == [(422, refused[2]["errors"])] * 3
    for name in ("manager", "sales2", "readonly"):
        told = [row for row in await late.rows(name) if row["kind"] == "lead_mentioned"]
        assert [(row["url"], row["actor_name"], row["unread"]) for row in told] == [
            (f"/desk/inbox/{lead}#entry-{made['id']}", "Sales1", True)
        ], name
        assert "rings at 5" not in str(told)
    for name in ("sales1", "sales3", "owner", "indus-owner"):
        assert "lead_mentioned" not in await late.kinds(name), name


async def test_who_was_moved_away_meanwhile_is_not_told_and_at_night_it_waits(late: Late) -> None:
    stage, lead = late.stage, await late.lead(to="sales1")
    sales1, manager = stage.callers["sales1"], stage.callers["manager"]
    await late.told()
    body = {"body": "@Sales2 look, @Manager too"}
    assert (await sales1.post(f"leads/{lead}/notes", body)).status_code == 201
    moved = {"branch_id": str(stage.branches["gujranwala"])}
    assert (await manager.patch(f"leads/{lead}/branch", moved)).status_code == 200
    await late.told(NIGHT)

    assert "lead_mentioned" not in await late.kinds("sales2")
    assert [row["waits"] for row in await late.rows("manager") if row["kind"] == "lead_mentioned"] == [True]
    await late.opens()
    assert [row["unread"] for row in await late.rows("manager") if row["kind"] == "lead_mentioned"] == [True]
