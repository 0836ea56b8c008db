"""Turns and duty, and the people they are about."""

from typing import Annotated

from msgspec import Meta, Struct

from app.core.bounds import Input
from app.core.ids import Id
from app.leads.schemas.kinds import Capacity


class RoundForm(Input, frozen=True, kw_only=True):
    """Whether the branch hands out new leads in turn, and how many open ones a person gets at most."""

    turns: bool
    capacity: Capacity = 10
    version: Annotated[int, Meta(ge=0, le=2**53)] | None = None


class DutyForm(Input, frozen=True, kw_only=True):
    """Whether one takes leads now; `stays` keeps that so without an open screen."""

    on_duty: bool
    stays: bool = False


class CapacityForm(Input, frozen=True, kw_only=True):
    """None: as many as the branch says."""

    capacity: Capacity | None = None


class Person(Struct, frozen=True):
    """Somebody a lead can be given to; without a branch they work at all."""

    id: Id
    name: str
    role: str
    branch_id: Id | None = None


class RoundRow(Struct, frozen=True, kw_only=True):
    """How a branch hands out its leads."""

    branch_id: Id
    branch: str
    branch_name: str
    turns: bool
    capacity: int
    waiting: int
    """Leads that nobody has."""
    version: int


class OnDuty(Struct, frozen=True, kw_only=True):
    """A member of the sales staff: whether they take leads, how many open ones they have."""

    person_id: Id
    name: str
    branch_id: Id | None
    on_duty: bool
    online: bool
    stays: bool
    open: int
    capacity: int | None
    full: bool
    """Has as many as they are given at most, at every branch that deals to them."""
