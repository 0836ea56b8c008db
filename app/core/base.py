"""What every table and every session has: the declarative base, the org scope, our session."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    LargeBinary,
    MetaData,
    Result,
    ScalarResult,
    Text,
    Uuid,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, ORMExecuteState, Session, mapped_column, with_loader_criteria

from app.core.errors import Refused
from app.core.ids import Id

_T = TypeVar("_T")


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
        _criteria.cache_clear()
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
    if scope is None or not _guarded or state.is_relationship_load or not state.is_orm_statement:
        return
    state.statement = state.statement.options(*_criteria(scope.org_id, scope.person_id))


@lru_cache(maxsize=2_000)
def _criteria(org_id: Id | None, person_id: Id | None) -> tuple[Any, ...]:
    """What a scope adds to each ORM statement; kept, since building it costs more than many a query."""
    scope = Scope(org_id=org_id, person_id=person_id)
    return (
        with_loader_criteria(
            OrgOwned, lambda model: model.org_id == org_id, include_aliases=True, track_closure_variables=True
        ),
        *(with_loader_criteria(model, rule(scope), include_aliases=True) for model, rule in _rules.items()),
    )


@event.listens_for(_DeskSession, "before_flush")
def _refuse_foreign_rows(session: Session, _context: object, _instances: object) -> None:
    scope: Scope | None = session.info.get("scope")
    if scope is None or not _guarded:
        return
    for row in (*session.new, *session.dirty):
        if isinstance(row, OrgRow) and row.org_id != scope.org_id:
            raise OutOfScope(f"{type(row).__name__} of org {row.org_id} in scope of {scope.org_id}")


def scoped(db: Db, statement: Any, table: Any) -> Any:
    """Core SQL on `table`, limited to the session's org as the ORM would limit it."""
    return statement.where(table.c.org_id == db.scope.org_id)


def one_or(result: Result[*tuple[Any, ...]] | ScalarResult[Any], refusal: type[Refused]) -> Any:
    """The only row, or the refusal: what you may not see is not found."""
    row = result.one_or_none()
    if row is None:
        raise refusal
    return row
