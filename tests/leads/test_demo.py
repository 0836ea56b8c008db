"""The demo's leads: at every branch that has cars, in three languages, made once, and telling nobody."""

from sqlalchemy import func, select

from app import wiring
from app.core import db
from app.core.base import Scope
from app.core.feed_tables import EventRow
from app.core.settings import Settings
from app.leads import queries
from app.leads.schemas import Filters
from app.leads.service.demo import seed as demo_leads
from app.listings.service import seed as demo_stock
from app.orgs import queries as orgs
from app.orgs.service import seed as demo_accounts
from app.taxonomy.service import seed as seed_places
from app.vehicles.service import seed as seed_vehicles
from tests.support.api import cheap_passwords


async def test_the_demos_leads_are_there_once_and_told_nobody(settings: Settings, database: object) -> None:
    cheap_passwords()
    wiring.install()
    async with db.system() as session:
        await seed_places(session)
        await seed_vehicles(session)
    for step in (demo_accounts, demo_stock):
        await step(settings)
    first, second = await demo_leads(settings), await demo_leads(settings)
    found = {}
    for slug in ("ravi", "indus"):
        org_id = await orgs.org_id_of(slug)
        assert org_id is not None
        async with db.unit(Scope(org_id=org_id), read=True) as session:
            page = await queries.find_leads(session, Filters(view="all"), me=org_id, within=None, limit=100)
            found[slug] = page.items
            assert len(await queries.templates(session)) == 5
    async with db.system() as session:
        opened = await session.scalar(select(func.count()).where(EventRow.tag == "lead.opened"))

    assert (first, second) == ("demo leads: 24 new", "demo leads: 0 new")
    assert {lead.branch for lead in found["ravi"]} == {"lahore", "gujranwala"}
    assert {lead.status for lead in found["ravi"]} > {"new", "contacted", "won", "lost", "spam"}
    assert all(lead.car is not None for leads in found.values() for lead in leads)
    assert opened == 0
