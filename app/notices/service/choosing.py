"""What a person wants to hear of, and how."""

from app.core.base import Db
from app.core.errors import Invalid
from app.core.events import record
from app.core.security import Principal
from app.notices import queries, rules
from app.notices.facts import NoticeChoicesChanged
from app.notices.models import NoticeChoice
from app.notices.schemas import ChoicesForm


async def change_choices(db: Db, who: Principal, form: ChoicesForm) -> None:
    """Raises Invalid for a way that is not offered for a kind."""
    wanted = {(one.kind, one.channel): one.on for one in form.choices}
    for kind, channel in wanted:
        if channel not in rules.OFFERED[kind]:
            raise Invalid([{"field": f"{kind}.{channel}", "message": rules.NOT_THAT_WAY}])
    if form.quiet is not None:
        wanted[rules.QUIET] = form.quiet  # type: ignore[index]
    before, kept = await queries.choices(db, who.person_id), await queries.choices_for_change(db, who.person_id)
    was = {(one.kind, one.channel): one.on for one in before.choices} | {rules.QUIET: before.quiet}
    changed = {key: on for key, on in wanted.items() if was[key] != on}
    for key, on in changed.items():
        if key in kept:
            kept[key].wanted = on
        else:
            kind, channel = key
            db.add(NoticeChoice(org_id=who.org_id, person_id=who.person_id, kind=kind, channel=channel, wanted=on))
    if changed:
        fact = NoticeChoicesChanged(org_id=who.org_id, id=who.person_id, person_id=who.person_id)
        record(db, fact, changed={".".join(key): (was[key], on) for key, on in changed.items()})
