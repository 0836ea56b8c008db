"""What every table and every session has: the declarative base, the org scope, our session."""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple, TypeVar

from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Executable,
    LargeBinary,
    MetaData,
    Result,
    ScalarResult,
    Text,
    Uuid,
    bindparam,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, ORMExecuteState, Session, mapped_column
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.util import LoaderCriteriaOption

from app.core.errors import Refused
from app.core.ids import Id

_T = TypeVar("_T")
_S = TypeVar("_S", bound=Executable)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a plain class attribute
        Id: Uuid(as_uuid=True),
        datetime: DateTime(timezone=True),
        bytes: LargeBinary,
        str: Text,
        int: BigInteger,
        dict[str, Any]: JSONB,
    }


class OrgRow:
    """A row of an org. On its own: others may see it too, as its `visible` rule says; only the org writes it."""

    org_id: Mapped[Id] = mapped_column(index=False)


class OrgOwned(OrgRow):
    """A tenant row: guarded by the org scope here and by row-level security in its migration."""


class Scope(Struct, frozen=True, kw_only=True):
    """Whose rows a transaction may touch. Without an org it sees only what is public."""

    org_id: Id | None = None
    person_id: Id | None = None
    actor_id: Id | None = None
    request_id: str | None = None


class OutOfScope(Exception):
    """A row of another org was about to be written: a bug, never a person's mistake."""


Rule = Callable[[Scope], ColumnElement[bool]]
_rules: dict[type[Any], Rule] = {}
_guarded = True


def visible(model: type[Any]) -> Callable[[Rule], Rule]:
    """Declare which rows of `model` a scope sees, where that is more than "those of its org".

    The rule may ask for the scope's org and person, for nothing else.
    """

    def register(rule: Rule) -> Rule:
        _rules[model] = rule
        _guards.cache_clear()
        _guarded_for_good.cache_clear()
        return rule

    return register


def guard_off(off: bool) -> None:
    """Take the org scope away, so that a test can prove row-level security alone suffices."""
    global _guarded
    _guarded = not off


class _DeskSession(Session):
    pass


class Db(AsyncSession):
    """One transaction of one scope. `system` sessions have no scope and bypass row-level security."""

    sync_session_class = _DeskSession

    @property
    def scope(self) -> Scope:
        found: Scope = self.info["scope"]
        return found

    async def rescope(self, scope: Scope) -> None:
        """Go on in another org within this transaction: a public enquiry that becomes the listing org's lead."""
        await self.flush()
        self.info["scope"] = scope
        await self.execute(_SET_SCOPE, _scope_settings(scope))


_SET_SCOPE = text("select set_config('app.org', :org, true), set_config('app.person', :person, true)")


def _scope_settings(scope: Scope) -> dict[str, str]:
    return {"org": str(scope.org_id or ""), "person": str(scope.person_id or "")}


@event.listens_for(_DeskSession, "after_begin")
def _set_scope(session: Session, _transaction: object, connection: Any) -> None:
    scope = session.info.get("scope")
    if scope is not None and (scope.org_id or scope.person_id):
        connection.execute(_SET_SCOPE, _scope_settings(scope))


@event.listens_for(_DeskSession, "do_orm_execute")
def _add_scope(state: ORMExecuteState) -> None:
    scope: Scope | None = state.session.info.get("scope")
    if scope is None or not _guarded or not state.is_orm_statement:
        return
    _acting.set(scope)
    if state.is_relationship_load:  # the options of what it was loaded with still hold
        return
    if state.statement.get_execution_options().get("kept"):
        state.statement = _guarded_for_good(state.statement, scope.org_id is not None)
    else:
        state.statement = state.statement.options(*_guards(scope.org_id is not None))


def kept(statement: _S) -> _S:
    """For a statement of a module, asked all the time: it is guarded and read through once.

    Values are bindparams, and nothing is added to it afterwards.
    """
    return statement.execution_options(kept=True)


@lru_cache(maxsize=500)
def _guarded_for_good(statement: Any, in_org: bool) -> Any:
    return statement.options(*_guards(in_org))


_acting: ContextVar[Scope] = ContextVar("acting")
"""Whose statement is being executed. A statement's values are read right after the event above, in the same context."""


def _value(name: str, read: Callable[[Scope], Id | None]) -> Any:
    return bindparam(name, type_=Uuid(as_uuid=True), callable_=lambda: read(_acting.get()))


_ORG, _PERSON = _value("acting_org", lambda scope: scope.org_id), _value("acting_person", lambda scope: scope.person_id)


class _Guard(LoaderCriteriaOption):
    """Criteria that never change: who acts is read when a statement is executed, so one compiled statement serves all.

    SQLAlchemy would walk through the criteria of every model for every statement to learn that.
    """

    inherit_cache_key = True

    def _gen_cache_key(self, _anon_map: Any, _bindparams: Any) -> tuple[Any, ...]:
        return (_Guard, self)  # itself, not its id: an id may come again


@cache
def _guards(in_org: bool) -> tuple[Any, ...]:
    scope: Any = _Acting(_ORG if in_org else None, _PERSON)
    return (
        _Guard(OrgOwned, lambda model: model.org_id == _ORG, include_aliases=True),
        *(_Guard(model, rule(scope), include_aliases=True) for model, rule in _rules.items()),
    )


class _Acting(NamedTuple):
    """A scope whose values are told later."""

    org_id: Any
    person_id: Any


@event.listens_for(_DeskSession, "before_flush")
def _refuse_foreign_rows(session: Session, _context: object, _instances: object) -> None:
    scope: Scope | None = session.info.get("scope")
    if scope is None or not _guarded:
        return
    for row in (*session.new, *session.dirty):
        if isinstance(row, OrgRow) and row.org_id != scope.org_id:
            raise OutOfScope(f"{type(row).__name__} of org {row.org_id} in scope of {scope.org_id}")


def evenly(rows: Iterable[Base], *names: str) -> None:
    """Write these columns of all rows, changed or not: rows that write the same columns go out together, in one round
    trip, and those that do not go one by one."""
    for row in rows:
        for name in names:
            flag_modified(row, name)


def scoped(db: Db, statement: Any, table: Any) -> Any:
    """Core SQL on `table`, limited to the session's org as the ORM would limit it."""
    return statement.where(table.c.org_id == db.scope.org_id)


def one_or(result: Result[*tuple[Any, ...]] | ScalarResult[Any], refusal: type[Refused]) -> Any:
    """The only row, or the refusal: what you may not see is not found."""
    row = result.one_or_none()
    if row is None:
        raise refusal
    return row
