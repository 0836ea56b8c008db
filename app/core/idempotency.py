"""Idempotency-Key: the first answer is kept in the transaction that made the change, and given again."""

import hashlib
import re
from collections.abc import Awaitable, Callable
from typing import Any, cast

import msgspec
from litestar import Request, Response
from msgspec import Struct
from sqlalchemy import BigInteger, Table, bindparam, func, insert, select

from app.core.base import Db, kept
from app.core.errors import Refused
from app.core.feed_tables import IdempotencyKey

_KEY = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")


class BadKey(Refused, status=400, code="bad_idempotency_key", says="That Idempotency-Key cannot be used."):
    pass


class KeyReused(Refused, status=422, code="idempotency_key_reused", says="That key was used for something else."):
    pass


class InFlight(Refused, status=409, code="in_flight", says="The same request is being handled. Try again shortly."):
    pass


class Keyed(Struct, frozen=True):
    """A request that carried a key, with what it asked for."""

    key: str
    request_hash: bytes


def keyed(request: Request[Any, Any, Any], asked: Any) -> Keyed | None:
    """The key of the header, or of a form's hidden field; `asked` is the decoded input. Raises BadKey."""
    given = request.headers.getall("idempotency-key", [])
    field = request.scope["state"].get("idempotency_key")
    if field:
        given = [*given, field]
    if not given:
        return None
    key = given[0]
    if len(given) > 1 or not isinstance(key, str) or not _KEY.fullmatch(key):
        raise BadKey
    principal = request.scope["state"].get("principal")
    person = getattr(principal, "person_id", None)
    content = msgspec.json.encode([request.method, request.url.path, str(person), asked], order="deterministic")
    return Keyed(key, hashlib.sha256(content).digest())


async def once(
    db: Db, asked: Keyed | None, make: Callable[[], Awaitable[Any]], *, status: int | Callable[[Any], int] = 201
) -> Response[bytes]:
    """Make the change and keep its answer, or give the kept one: 200 with the same body.

    `status` may be decided by what was made.

    Call it inside the unit of work of the org that will own the change. Raises KeyReused or InFlight.
    """
    if asked is None:
        made = await make()
        return _answer(msgspec.json.encode(made), _status(status, made))
    kept = await _kept(db, asked)
    if kept is not None:
        return _answer(kept, 200, replayed=True)
    made = await make()
    body, code = msgspec.json.encode(made), _status(status, made)
    await db.flush()
    row = {"org_id": db.scope.org_id, "key": asked.key, "request_hash": asked.request_hash}
    await db.execute(_KEEP, {**row, "status": code, "response": body})
    return _answer(body, code)


async def first(db: Db, asked: Keyed | None) -> bool:
    """For pages, which show what is there whoever made it: whether this form comes for the first time with its key.

    Call it in the unit of work that makes the change. Raises KeyReused or InFlight.
    """
    if asked is None:
        return True
    if await _kept(db, asked) is not None:
        return False
    row = {"org_id": db.scope.org_id, "key": asked.key, "request_hash": asked.request_hash}
    await db.execute(_KEEP, {**row, "status": 204, "response": b""})
    return True


_ALONE = select(func.pg_try_advisory_xact_lock(bindparam("place", type_=BigInteger)))
_ANSWERED = kept(
    select(IdempotencyKey.request_hash, IdempotencyKey.response).where(IdempotencyKey.key == bindparam("key"))
)
_KEEP = insert(cast(Table, IdempotencyKey.__table__))


def _status(status: int | Callable[[Any], int], made: Any) -> int:
    return status if isinstance(status, int) else status(made)


async def _kept(db: Db, asked: Keyed) -> bytes | None:
    # held until the end of the transaction: a twin that is still running is told to wait instead of queueing up
    place = hashlib.sha256(f"{db.scope.org_id}\0{asked.key}".encode()).digest()[:8]
    if not await db.scalar(_ALONE, {"place": int.from_bytes(place, "big", signed=True)}):
        raise InFlight(retry_after=1)
    found = (await db.execute(_ANSWERED, {"key": asked.key})).one_or_none()
    if found is None:
        return None
    if found.request_hash != asked.request_hash:
        raise KeyReused
    response: bytes = found.response
    return response


def _answer(body: bytes, status: int, *, replayed: bool = False) -> Response[bytes]:
    headers = {"Idempotency-Replayed": "true"} if replayed else {}
    return Response(body, status_code=status, headers=headers, media_type="application/json")
