"""Later work for service levels: a branch's day closes by the hours there are."""

from app.core import clock
from app.core.jobs_ledger import Work
from app.orgs.facts import BranchOpened
from app.sla import service
from app.sla.facts import HoursChanged


async def expect_closing(work: Work, fact: HoursChanged | BranchOpened) -> None:
    async with work.unit() as db:
        await service.expect_closing(db, fact.org_id, fact.branch_id, clock.now())
