"""Ids: UUIDv7 made here, so that they sort by time and need no round trip."""

from uuid import UUID

from uuid_utils.compat import uuid7

__all__ = ["Id", "new_id"]

Id = UUID


def new_id() -> Id:
    return uuid7()
