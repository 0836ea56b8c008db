"""The demo's accounts, and the first admin."""

import msgspec
from sqlalchemy import text

from app.core import db
from app.core.settings import Settings
from app.orgs.service import default_admin, seed
from tests.support.api import Caller

ACCOUNTS = {
    **{f"{name}@{org}.demo": (org, role) for org in ("ravi", "indus") for name, role in (
        ("owner", "owner"), ("manager", "manager"), ("sales1", "sales"), ("sales2", "sales"), ("finance", "finance"),
        ("readonly", "readonly"),
    )},
    "admin@platform.demo": ("platform", "admin"),
    "moderator@platform.demo": ("platform", "moderator"),
}  # fmt: skip


async def facts() -> int:
    async with db.system() as session:
        return (await session.execute(text("select count(*) from event"))).scalar_one()


async def test_seeding_twice_changes_nothing(api: Caller, settings: Settings) -> None:
    first, before = await seed(settings), await facts()
    second, after = await seed(settings), await facts()

    assert first.startswith("demo accounts: 16 new")
    assert second.startswith("demo accounts: 0 new")
    assert before == after


async def test_every_demo_account_signs_in_where_it_works(api: Caller, settings: Settings) -> None:
    await seed(settings)
    for email, (org, role) in ACCOUNTS.items():
        me = (await (await api.sign_in(email, "demo-password")).get("me")).json()

        assert (me["org"], me["role"]) == (org, role), email
    sales = (await (await api.sign_in("sales2@ravi.demo", "demo-password")).get("me")).json()
    assert sales["memberships"][0] == {"org": "ravi", "branch": "lahore", "role": "sales"}
    for email in ("buyer@people.demo", "carowner@people.demo"):
        me = (await (await api.sign_in(email, "demo-password")).get("me")).json()
        assert me["role"] == "car_owner"


async def test_the_default_admin_is_made_once(api: Caller, settings: Settings) -> None:
    asked = msgspec.structs.replace(settings, admin_email="root@automart.pk", admin_password="seven-green-boats")

    assert await default_admin(asked) == "default admin: made"
    assert await default_admin(asked) == "default admin: there already"
    me = (await (await api.sign_in("root@automart.pk", "seven-green-boats")).get("me")).json()
    assert (me["org"], me["role"]) == ("platform", "admin")
