"""Every change of reports: lock, decide, change, record."""

from sqlalchemy.dialects.postgresql import insert

from app.core import clock
from app.core.base import Db, Scope
from app.core.errors import NotFound
from app.core.events import record
from app.core.ids import Id, new_id
from app.moderation.facts import ReportFiled
from app.moderation.models import Report
from app.moderation.schemas import ReportForm
from app.orgs import queries as orgs


async def file_report(
    db: Db, listing_id: Id, form: ReportForm, *, reporter: str, lang: str, suspicion: str | None
) -> None:
    """Once for each browser and advert. From here on the transaction acts in the platform's org.

    A robot's is kept as spam. Raises NotFound where there is no platform that could look into it.
    """
    platform = await orgs.platform_id()
    if platform is None:
        raise NotFound
    before = db.scope
    await db.rescope(Scope(org_id=platform, actor_id=before.person_id, request_id=before.request_id))
    made = await db.scalar(
        insert(Report)
        .values(
            id=new_id(), org_id=platform, listing_id=listing_id, reason=form.reason, note=form.note, lang=lang,
            reporter=reporter, status="spam" if suspicion else "open", suspicion=suspicion, at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=[Report.listing_id, Report.reporter])
        .returning(Report.id)
    )  # fmt: skip
    if made is not None:
        record(db, ReportFiled(org_id=platform, id=made), changed={"reason": (None, form.reason)})
