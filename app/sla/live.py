"""What changed hours and rules show on open screens of service levels."""

from app.core.base import Db
from app.core.live import Push, TopicKind, heard
from app.core.security import Principal, may
from app.orgs import queries as orgs
from app.sla import queries
from app.sla.facts import HoursChanged, SlaPolicyChanged
from app.sla.queries.screens import MOST_BRANCHES, ORG

RULES = f"rules:{ORG}"


def _may(who: Principal, _key: str) -> bool:
    return may(who.role, "sla.read")


TOPICS = (
    TopicKind(name="hours", log=True, may=_may, region="/desk/hours/region"),
    TopicKind(name="rules", log=True, may=_may, region="/desk/sla/region"),
)


async def hours_changed(db: Db, _fact: HoursChanged) -> list[Push]:
    """Every screen of hours that is open: special days of one branch stand on the org's screen too, and a suggestion
    that is answered leaves them all."""
    places = [None, *(await orgs.branches(db, limit=MOST_BRANCHES)).items]
    shown = []
    for branch in places:
        topic = f"hours:{branch.slug if branch else ORG}"
        if heard(db, topic):
            screen = await queries.hours_screen(db, branch)
            shown.append(
                Push(
                    topic=topic, target="hours", swap="morph", fragment="sla/_hours.html", context={"screen": screen}
                )
            )  # fmt: skip
    return shown


async def policy_changed(db: Db, _fact: SlaPolicyChanged) -> list[Push]:
    if not heard(db, RULES):
        return []
    context = await queries.rules_screen(db)
    return [Push(topic=RULES, target="rules", swap="morph", fragment="sla/_rules.html", context={"screen": context})]
