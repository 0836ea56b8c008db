"""Uniqueness is decided by the database: its refusal becomes ours."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import IntegrityError

from app.core.base import Db
from app.core.errors import Refused


@asynccontextmanager
async def unique_or(db: Db, constraint: str, refusal: type[Refused]) -> AsyncIterator[None]:
    """Flush at the end of the block; a violation of `constraint` raises `refusal`, and the transaction is over."""
    try:
        yield
        await db.flush()
    except IntegrityError as error:
        if constraint in str(error.orig):
            raise refusal from None
        raise
