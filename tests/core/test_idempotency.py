"""The same key again: the same answer, made once."""

import asyncio

import msgspec
import pytest
from litestar import Request

from app.core import db
from app.core.base import Scope
from app.core.idempotency import BadKey, InFlight, Keyed, KeyReused, keyed, once
from app.core.ids import new_id

ORG, OTHER = new_id(), new_id()
WISH = Keyed("k1", b"a" * 32)


class Making:
    def __init__(self, wait_s=0.0):
        self.times, self.wait_s = 0, wait_s

    async def __call__(self):
        self.times += 1
        await asyncio.sleep(self.wait_s)
        return {"id": self.times}


async def ask(making, key=WISH, org=ORG):
    async with db.unit(Scope(org_id=org)) as session:
        return await once(session, key, making)


def request_with(*keys, field=None, path="/api/v1/leads"):
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "server": ("t", 80), "scheme": "http",
             "headers": [(b"idempotency-key", key) for key in keys], "state": {"idempotency_key": field}}  # fmt: skip
    return Request(scope)


@pytest.mark.usefixtures("database")
async def test_the_first_answer_is_201_and_the_second_200_with_the_same_body():
    making = Making()

    first, second = await ask(making), await ask(making)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.content == second.content == msgspec.json.encode({"id": 1})
    assert second.headers["Idempotency-Replayed"] == "true"
    assert making.times == 1


@pytest.mark.usefixtures("database")
async def test_the_key_with_another_body_is_refused_and_in_another_org_it_is_another_key():
    making = Making()
    await ask(making)

    with pytest.raises(KeyReused):
        await ask(making, Keyed("k1", b"b" * 32))
    elsewhere = await ask(making, org=OTHER)

    assert elsewhere.status_code == 201
    assert making.times == 2


@pytest.mark.usefixtures("database")
async def test_twenty_at_once_make_it_once_and_the_others_wait_or_repeat():
    making = Making(wait_s=0.1)

    answers = await asyncio.gather(*(ask(making) for _ in range(20)), return_exceptions=True)

    assert making.times == 1
    assert [answer.status_code for answer in answers if not isinstance(answer, BaseException)].count(201) == 1
    assert {type(answer) for answer in answers if isinstance(answer, BaseException)} <= {InFlight}


@pytest.mark.usefixtures("database")
async def test_a_change_that_failed_leaves_its_key_free():
    async def breaks():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await ask(breaks)

    assert (await ask(Making())).status_code == 201


@pytest.mark.usefixtures("database")
async def test_without_a_key_everything_is_new():
    making = Making()

    statuses = [(await ask(making, None)).status_code for _ in range(2)]

    assert (statuses, making.times) == ([201, 201], 2)


@pytest.mark.parametrize("keys", [[b"a" * 256], [b"\xff"], [b"a", b"b"], [b" a"], [b"a\x00b"], [b""]])
def test_a_key_that_is_no_key_is_refused(keys):
    with pytest.raises(BadKey):
        keyed(request_with(*keys), {})


def test_a_key_stands_for_what_was_asked_and_where():
    one = keyed(request_with(b"k"), {"a": 1, "b": 2})

    assert keyed(request_with(b"k"), {"b": 2, "a": 1}) == one
    assert keyed(request_with(b"k"), {"a": 2}) != one
    assert keyed(request_with(b"k", path="/other"), {"a": 1, "b": 2}) != one
    assert keyed(request_with(field="k"), {"a": 1, "b": 2}) == one
    assert keyed(request_with(), {}) is None
