"""Any number of invented leads about the cars on the market, to see inboxes at size. Always the same ones."""

import json
import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlalchemy import insert, inspect

from app.core import blind, clock
from app.core import db as database
from app.core.base import Base, Db, Scope
from app.core.crypto import Place, seal
from app.core.ids import Id, new_id
from app.leads import queries, rules
from app.leads.models import Contact, Lead, LeadClock, LeadEvent, body_place, excerpt_place
from app.leads.service import synthetic_deadlines
from app.sla import queries as sla

CHUNK, MOST = 500, 1_000_000
_TOLD: dict[str, list[Any]] = json.loads((Path(__file__).parents[1] / "data" / "synthetic.json").read_text("utf-8"))
_STATUSES = {
    rules.NEW: 40, rules.CONTACTED: 20, rules.QUALIFIED: 8, rules.TEST_DRIVE: 5, rules.NEGOTIATING: 5, rules.WON: 6,
    rules.LOST: 14, rules.SPAM: 2,
}  # fmt: skip
_NEW_FOR_MIN = 300
"""How long a lead has waited for its first answer, on average."""
_SOURCES = {"web": 50, "whatsapp": 25, "call": 12, "walk_in": 8, "phone": 5}


class Yard(Struct, frozen=True):
    """A branch with its cars, and who may be given its leads."""

    place: queries.Selling
    cars: Sequence[tuple[Id, str, int | None]]
    people: Sequence[Id]


async def fill(count: int, *, told: Callable[[int], None] = lambda _done: None) -> int:
    """`count` leads in all, evenly over every branch that has cars on the market; how many were new.

    `told` hears progress. No facts are recorded: nobody gets a mail or a sound.
    """
    async with database.system() as db:
        places = await queries.selling(db)
    new = 0
    for number, place in enumerate(places):
        async with database.unit(Scope(org_id=place.org_id), read=True) as db:
            people = [person.id for person in await queries.assignees(db, place.branch_id)]
            yard = Yard(place, await queries.priced_cars_of(db, place.branch_id), people)
        wanted = len(range(number, count, len(places)))
        for start in range(0, wanted, CHUNK):
            chunk = range(start, min(start + CHUNK, wanted))
            async with database.unit(Scope(org_id=place.org_id)) as db:
                new += await _add(db, yard, chunk)
            told(len(chunk))
    return new


async def _add(db: Db, yard: Yard, wanted: range) -> int:
    there = await queries.refs(db)
    leads = [_Made(yard, number) for number in wanted]
    leads = [made for made in leads if made.lead.ref not in there]
    book, now = await sla.book(db), clock.now()
    clocks = [one for made in leads for one in synthetic_deadlines.of(made.lead, book, made.answered_at, now)]
    for table, rows in (
        (Contact, [made.contact for made in leads]),
        (Lead, [made.lead for made in leads]),
        (LeadEvent, [entry for made in leads for entry in made.entries]),
        (LeadClock, clocks),
    ):
        if rows:
            await db.execute(insert(table), [_values(row) for row in rows])
    return len(leads)


def _values(row: Base) -> dict[str, Any]:
    return {name: getattr(row, name) for name in inspect(type(row)).columns.keys()}  # noqa: SIM118 - no dict


def _ref(number: int) -> str:
    """Another one for every number up to 30⁶; neighbours have nothing in common."""
    letters, left = "", number * 104_729 % len(rules.REF_LETTERS) ** 6
    for _ in range(6):
        left, letter = divmod(left, len(rules.REF_LETTERS))
        letters += rules.REF_LETTERS[letter]
    return letters


class _Made:
    """One lead with its buyer and its timeline, all from the branch and a number."""

    def __init__(self, yard: Yard, number: int) -> None:
        self._number = yard.place.rank * MOST + number
        self._org_id = org_id = yard.place.org_id
        self._chance = chance = random.Random(f"lead {yard.place.name} {number}")  # noqa: S311 - test data, not a secret
        status, source = (chance.choices([*odds], [*odds.values()])[0] for odds in (_STATUSES, _SOURCES))
        since = chance.expovariate(1 / _NEW_FOR_MIN) if status == rules.NEW else chance.randrange(30, 60 * 24 * 30)
        self._at = clock.now() - timedelta(minutes=since)
        self.answered_at: datetime | None = None
        self.entries: list[LeadEvent] = []
        car_id, title, price = chance.choice(yard.cars)
        lang, words = chance.choice(_TOLD["asks"])
        self.contact = self._contact(lang)
        self.lead = Lead(
            id=new_id(), org_id=org_id, ref=_ref(self._number),
            branch_id=yard.place.branch_id, listing_id=car_id, contact_id=self.contact.id, source=source,
            status=rules.NEW, priority="normal", price_at_open=price,
            excerpt_ours=False, enquiries=1, opened_at=self._at, arrived_at=self._at, version=1,
        )  # fmt: skip
        self._say("enquiry", words.replace("{car}", title), data={"source": source, "price": price})
        if status not in (rules.NEW, rules.SPAM) and yard.people:
            self._work(chance.choice(yard.people))
        if status != self.lead.status:
            self._go(status)

    def _contact(self, lang: str) -> Contact:
        chance, org_id, id_ = self._chance, self._org_id, new_id()
        name = f"{chance.choice(_TOLD['given'])} {chance.choice(_TOLD['family'])}"
        phone = f"+9230{self._number * 48_271 % 100_000_000:08d}"
        return Contact(
            id=id_, org_id=org_id, phone_sealed=seal(phone, Place("contact", "phone", org_id, id_)),
            name_sealed=seal(name, Place("contact", "name", org_id, id_)),
            phone_index=blind.unique_in(org_id, "phone", phone),
            search=blind.person_codes(org_id, name=name, phone=phone), lang=lang, created_at=self._at,
        )  # fmt: skip

    def _later(self) -> datetime:
        self._at = min(self._at + timedelta(minutes=self._chance.randrange(1, 90)), clock.now())
        return self._at

    def _work(self, person: Id) -> None:
        """Somebody takes it and answers."""
        self.lead.assignee_id, self.lead.handled_at = person, self._later()
        self._say("claimed", "", by=person, subject=person)
        self._later()
        self._say("reply", self._chance.choice(_TOLD["answers"])[1], by=person)
        self.lead.first_replied_at = self.lead.handled_at = self._at
        self._go(rules.CONTACTED)

    def _go(self, status: str) -> None:
        was, self.lead.status = self.lead.status, status
        if was == rules.NEW and not rules.closes(status):
            self.answered_at = self._at
        if rules.closes(status):
            self.lead.closed_at = self._later()
            self.lead.lost_reason = self._chance.choice(rules.LOST_REASONS) if status == rules.LOST else None
        data = {"from": was, "to": status, "reason": self.lead.lost_reason}
        self._say("status", "", by=self.lead.assignee_id, data=data)

    def _say(
        self,
        kind: str,
        body: str,
        *,
        by: Id | None = None,
        subject: Id | None = None,
        data: dict[str, Any] | None = None,
    ) -> None:
        id_, lead, reply = new_id(), self.lead, kind == "reply"
        if body:
            lead.excerpt_sealed = seal(rules.excerpt(body), excerpt_place(lead.org_id, lead.id))
            lead.excerpt_ours = reply
        self.entries.append(
            LeadEvent(
                id=id_, org_id=lead.org_id, lead_id=lead.id, kind=kind, actor_id=by, subject_id=subject,
                body_sealed=seal(body, body_place(lead.org_id, id_)) if body else None, data=data or {},
                channel="whatsapp" if reply else None, delivery="sent" if reply else None,
                delivered_at=self._at if reply else None, at=self._at,
            )
        )  # fmt: skip
