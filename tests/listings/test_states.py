"""INV-13: from every state, what each way of moving a car does."""

from itertools import product

import asyncpg
import pytest

from app.core.ids import Id
from app.core.settings import Settings
from app.listings import rules
from app.listings.rules.visibility import STATUSES
from tests.listings.test_api import made, southside
from tests.support.api import Caller

WAYS = {
    "publish": "live", "unpublish": "draft", "archive": "archived", "reserved": "reserved", "sold": "sold",
    "live": "live",
}  # fmt: skip
# Putting a car back on the market is for what was promised or sold; publishing is for all else.
BACK_FROM = ("reserved", "sold")


def allowed(before: str, way: str) -> bool:
    after = WAYS[way]
    if way == "live":
        return before in BACK_FROM
    return before == after or rules.may_move(before, after)


@pytest.mark.parametrize("before", STATUSES)
async def test_each_way_goes_where_the_table_says_or_is_refused_and_changes_nothing(
    api: Caller, settings: Settings, before: str
) -> None:
    owner = await southside(api)
    listing = await made(owner)
    path, connection = f"listings/{listing['id']}", await asyncpg.connect(settings.database_owner_url)
    found = {}
    for way in WAYS:
        await connection.execute(
            "update listing set status = $2, published_at = case when $2 = 'draft' then null else now() end "
            "where id = $1", Id(listing["id"]), before,
        )  # fmt: skip
        said = way in ("reserved", "sold", "live")
        answer = await (owner.patch(f"{path}/status", {"status": way}) if said else owner.post(f"{path}/{way}"))
        found[way] = (answer.status_code, (await owner.get(path)).json()["status"])
    await connection.close()

    assert found == {way: (200, WAYS[way]) if allowed(before, way) else (409, before) for way in WAYS}


async def test_only_time_expires_and_only_moderation_rejects(api: Caller) -> None:
    path = f"listings/{(await made(await southside(api)))['id']}/status"

    for status, caller in product(("expired", "rejected", "pending", "deleted"), (api,)):
        assert (await caller.patch(path, {"status": status})).status_code in (400, 401, 422), status
