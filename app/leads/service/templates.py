"""Canned replies: kept by the heads of a dealership, filled in for a lead."""

from app.core import clock
from app.core.base import Db
from app.core.conflicts import unique_or
from app.core.errors import Invalid, NotFound
from app.core.events import record
from app.core.ids import Id, new_id
from app.core.security import Principal
from app.leads import queries, rules
from app.leads.errors import KeyTaken
from app.leads.facts import ReplyTemplateChanged
from app.leads.models import ReplyTemplate
from app.leads.schemas import FilledReply, LeadRow, TemplateForm, TemplateRow

_BODIES = ("body_en", "body_ur", "body_roman")


async def add_template(db: Db, org_id: Id, form: TemplateForm) -> Id:
    """Raises KeyTaken, Invalid."""
    _check(form)
    template = ReplyTemplate(id=new_id(), org_id=org_id, created_at=clock.now(), version=1)
    _fill_in(template, form)
    db.add(template)
    async with unique_or(db, "uq_reply_template_org_id_key", KeyTaken):
        record(db, ReplyTemplateChanged(org_id=org_id, id=template.id), changed={"key": (None, form.key)})
    return template.id


async def change_template(db: Db, template_id: Id, form: TemplateForm) -> None:
    """Raises NotFound, KeyTaken, Invalid."""
    _check(form)
    template = await queries.template_for_change(db, template_id)
    before = {name: getattr(template, name) for name in ("key", "title", *_BODIES)}
    _fill_in(template, form)
    template.version += 1
    changed = {name: (value, getattr(template, name)) for name, value in before.items()}
    fact = ReplyTemplateChanged(org_id=template.org_id, id=template.id)
    async with unique_or(db, "uq_reply_template_org_id_key", KeyTaken):
        record(db, fact, changed={name: pair for name, pair in changed.items() if pair[0] != pair[1]})


async def remove_template(db: Db, template_id: Id) -> None:
    """Raises NotFound."""
    template = await queries.template_for_change(db, template_id)
    await db.delete(template)
    fact = ReplyTemplateChanged(org_id=template.org_id, id=template.id)
    record(db, fact, changed={"key": (template.key, None)})


async def filled_reply(db: Db, who: Principal, lead: LeadRow, key: str, lang: str) -> FilledReply:
    """A canned reply for this lead in `lang` (en, ur, roman), or in the first language it is written in.

    Raises NotFound.
    """
    found: TemplateRow | None = next((row for row in await queries.templates(db) if row.key == key), None)
    if found is None:
        raise NotFound
    bodies = {name: getattr(found, f"body_{name}") for name in ("en", "ur", "roman")}
    spoken = lang if bodies.get(lang) else next(name for name, body in bodies.items() if body)
    values = await queries.values_for(db, lead, agent=who.name, lang=spoken)
    body = bodies[spoken]
    return FilledReply(found.key, found.title, spoken, rules.fill(body, values), rules.missing(body, values))


async def filled_replies(db: Db, who: Principal, lead: LeadRow) -> list[FilledReply]:
    """Every canned reply for this lead in every language it is written in, by key."""
    found = await queries.templates(db)
    values = {lang: await queries.values_for(db, lead, agent=who.name, lang=lang) for lang in ("en", "ur", "roman")}
    return [
        FilledReply(row.key, row.title, lang, rules.fill(body, values[lang]), rules.missing(body, values[lang]))
        for row in found
        for lang in values
        if (body := getattr(row, f"body_{lang}"))
    ]


def _fill_in(template: ReplyTemplate, form: TemplateForm) -> None:
    template.key, template.title = form.key, form.title
    for name in _BODIES:
        setattr(template, name, getattr(form, name))


def _check(form: TemplateForm) -> None:
    bodies = {name: getattr(form, name) for name in _BODIES}
    faults = [
        {"field": name, "message": "There is no such variable."} for name, body in bodies.items() if rules.unknown(body)
    ]
    if not any(bodies.values()):
        faults.append({"field": "body_en", "message": "Write it in at least one language."})
    if faults:
        raise Invalid(faults)
