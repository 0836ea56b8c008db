"""Canned replies, and what their variables stand for in one lead."""

from sqlalchemy import select

from app.core import money, settings
from app.core.base import Db, one_or
from app.core.errors import NotFound
from app.core.ids import Id
from app.core.phone import show_phone
from app.leads.models import ReplyTemplate
from app.leads.schemas import LeadRow, TemplateRow
from app.listings.models import Listing
from app.orgs.models import Branch
from app.taxonomy.models import Location
from app.vehicles.models import Make, Model


async def templates(db: Db) -> list[TemplateRow]:
    """By key."""
    found = await db.scalars(select(ReplyTemplate).order_by(ReplyTemplate.key))
    return [_row(template) for template in found]


async def template_row(db: Db, template_id: Id) -> TemplateRow:
    """Raises NotFound."""
    return _row(one_or(await db.scalars(select(ReplyTemplate).where(ReplyTemplate.id == template_id)), NotFound))


async def template_for_change(db: Db, template_id: Id) -> ReplyTemplate:
    found = await db.scalars(select(ReplyTemplate).where(ReplyTemplate.id == template_id).with_for_update())
    template: ReplyTemplate = one_or(found, NotFound)
    return template


async def values_for(db: Db, lead: LeadRow, *, agent: str, lang: str) -> dict[str, str]:
    """What each variable says in a message of `lang` (roman is Urdu in Latin letters: names stay Latin)."""
    urdu = lang == "ur"
    values = {"name": lead.name, "agent": agent}
    branch = await db.get(Branch, lead.branch_id) if lead.branch_id else None
    if branch is not None:
        values |= {"branch": branch.name, "branch_phone": show_phone(branch.phone) if branch.phone else ""}
    if lead.listing_id is None:
        return values
    query = (
        select(Listing, Make, Model, Location)
        .outerjoin(Make, Make.id == Listing.make_id)
        .outerjoin(Model, Model.id == Listing.model_id)
        .outerjoin(Location, Location.id == Listing.location_id)
        .where(Listing.id == lead.listing_id)
    )
    found = (await db.execute(query)).one_or_none()
    if found is None:
        return values
    car, make, model, city = found
    return values | {
        "car": f"{make.name_ur} {model.name_ur} {car.year}" if urdu and make and model else car.title,
        "make": _named(make, urdu),
        "model": _named(model, urdu),
        "year": str(car.year or ""),
        "price": money.pkr(car.asking_price, "ur" if urdu else "en") if car.asking_price else "",
        "km": f"{car.odometer_km:,}" if car.odometer_km is not None else "",
        "city": _named(city, urdu),
        "link": f"{settings.current().base_url}{'/ur' if urdu else ''}/l/{car.number}",
    }


def _named(thing: Make | Model | Location | None, urdu: bool) -> str:
    if thing is None:
        return ""
    return thing.name_ur if urdu else thing.name


def _row(template: ReplyTemplate) -> TemplateRow:
    return TemplateRow(
        template.id, template.key, template.title, template.body_en, template.body_ur, template.body_roman,
        template.version,
    )  # fmt: skip
