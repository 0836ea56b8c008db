"""Structs of the audit trail."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.core.ids import Id


class AuditRow(Struct, frozen=True):
    """`actor` is None for the system and for people who are no longer members."""

    seq: int
    action: str
    entity: str
    entity_id: Id
    diff: dict[str, Any]
    actor_id: Id | None
    actor: str | None
    request_id: str | None
    at: datetime


class AuditFilter(Struct, frozen=True):
    action: str | None = None
    entity: str | None = None
    entity_id: Id | None = None
    actor_id: Id | None = None


class Verdict(Struct, frozen=True):
    """Whether the chain holds from its first record to the head; `first_bad` is where it breaks."""

    ok: bool
    records: int
    first_bad: int | None
    head: str
