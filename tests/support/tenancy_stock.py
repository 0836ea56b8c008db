"""Stock in the tenancy world: every org's own car that nobody else may see, and one that anybody may."""

from typing import Any
from uuid import uuid4

from msgspec import Struct

from app.accounts.schemas import RegisterForm
from app.core import db
from app.core.base import Scope
from app.core.ids import Id
from app.core.security import Principal
from app.desk.schemas import StockForm
from app.listings import service as stock
from app.listings.schemas import BatchAction, BatchForm, ListingForm, PartingForm, StockFilters, StockViewForm
from app.orgs import service
from app.orgs.schemas import BranchForm, OrgForm
from tests.support.api import PASSWORD

MARKET = "100001-honda-civic-2021-multan"
"""The address of the first listing of the world, which `open_market` makes."""


class AskForm(Struct):
    name: str
    phone: str


class SaleForm(Struct):
    to: str


class PublicationForm(Struct):
    to: str


class PickForm(Struct):
    ids: str
    kind: str
    price: str


class CellForm(Struct):
    was: str
    value: str


class KeepForm(Struct):
    name: str
    filters: str


class StorageForm(Struct):
    to: str


HTML_FORMS: dict[str, type[Struct]] = {
    "/desk/stock": StockForm,
    "/desk/stock/{listing_id:uuid}": StockForm,
    "/l/{number:int}/enquiry": AskForm,
    "/ur/l/{number:int}/enquiry": AskForm,
    "/desk/stock/{listing_id:uuid}/sale": SaleForm,
    "/desk/stock/{listing_id:uuid}/publication": PublicationForm,
    "/desk/stock/{listing_id:uuid}/storage": StorageForm,
    "/desk/stock/batches": PickForm,
    "/desk/stock/cards": PickForm,
    "/desk/stock/{listing_id:uuid}/cells/{cell:str}": CellForm,
    "/desk/stock/views": KeepForm,
    "/desk/stock/{listing_id:uuid}/partings": PartingForm,
}


def values_for(form: type[Struct], slug: str, ids: dict[str, str]) -> dict[str, Any]:
    """What somebody of the org `slug` would fill in; empty for the forms of others."""
    if not form.__module__.startswith(("app.listings", "app.desk.schemas", __name__)):
        return {}  # another form of the same name
    dealer = slug not in ("zqana", "zqbob")
    return {
        "ListingForm": car(slug) | {"stock_number": "Z-9"},
        "ListingPatch": {"colour": "white", "city": "multan"},
        "CostSheetForm": {"lines": [{"kind": "purchase", "amount": 5_000_000}], "version": 0},
        "BatchForm": {"ids": [ids.get("listing_id", str(uuid4()))], "action": {"kind": "price", "price": 5_000_000}},
        "StatusForm": {"status": "reserved" if dealer else "sold"},
        "StockForm": {
            "car": "honda/civic", "year": 2021, "odometer_km": 9, "city": "multan", "branch": slug if dealer else None,
        },
        "SaleForm": {"to": "reserved" if dealer else "sold"},
        "PublicationForm": {"to": "draft"},
        "PickForm": {"ids": ids.get("listing_id", str(uuid4())), "kind": "price", "price": "50 lakh"},
        "CellForm": {"was": "7,000,000" if dealer else "", "value": "50 lakh"},
        "PartingForm": {"other_id": ids.get("second_listing_id", str(uuid4()))},
        "KeepForm": {"name": "Kept", "filters": "{}"},
        "StockViewForm": {"name": "Kept", "filters": {}},
        "StorageForm": {"to": "archived"},
    }.get(form.__name__, {})  # fmt: skip


def car(branch: str | None) -> dict[str, Any]:
    return {"make": "honda", "model": "civic", "year": 2021, "odometer_km": 9, "city": "multan", "branch": branch}


async def private_car(who: Principal, scope: Scope, branch: str | None) -> str:
    """For sale, and for nobody else to see."""
    if who.org_kind == "platform":
        return str(uuid4())
    async with db.unit(scope) as session:
        made = await stock.create_listing(session, who, ListingForm(**car(branch), visibility="private"))
    async with db.unit(scope) as session:
        await stock.publish_listing(session, who, made)
    return str(made)


async def batches_of(who: Principal, scope: Scope, listing_id: str) -> dict[str, str]:
    """A change of the org's car that is shown, and one that is applied."""
    if who.org_kind != "dealer":
        return {}
    async with db.unit(scope) as session:
        view = StockViewForm(name="Old stock", filters=StockFilters(age="91-"))
        made = {"stock_view_id": str(await stock.save_stock_view(session, who, view))}
    async with db.unit(scope) as session:
        twin = ListingForm(**car(who.org_slug), visibility="private")
        made["second_listing_id"] = str(await stock.create_listing(session, who, twin))
    for name, price in (("applied_change_id", 7_000_000), ("change_id", 6_000_000)):
        form = BatchForm(ids=[Id(listing_id)], action=BatchAction(kind="price", price=price))
        async with db.unit(scope) as session:
            batch_id = await stock.show_batch(session, who, form)
        made[name] = str(batch_id)
        if name == "applied_change_id":
            async with db.unit(scope) as session:
                await stock.apply_batch(session, who, batch_id)
    return made


async def open_market() -> None:
    """A dealer outside the world with one car on the market, so that its pages have something to show."""
    form = RegisterForm(email="owner@bazaar.pk", password=PASSWORD, name="Bazaar Owner")
    async with db.unit(Scope()) as session:
        owner = await service.register(session, form)
    async with db.unit(Scope(person_id=owner.id, actor_id=owner.id)) as session:
        org_id = await service.create_org(session, owner.id, OrgForm(name="Bazaar", slug="bazaar"))
    scope = Scope(org_id=org_id, person_id=owner.id, actor_id=owner.id)
    async with db.unit(scope) as session:
        await service.open_branch(session, org_id, BranchForm(name="Multan", slug="multan", city="Multan"))
    who = Principal(
        person_id=owner.id, session_id=owner.id, org_id=org_id, org_slug="bazaar", org_name="Bazaar",
        org_kind="dealer", role="owner",
    )  # fmt: skip
    async with db.unit(scope) as session:
        made = await stock.create_listing(session, who, ListingForm(**car("multan")))
    async with db.unit(scope) as session:
        await stock.publish_listing(session, who, made)
