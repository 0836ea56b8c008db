"""The table of outlets."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, OrgOwned
from app.core.ids import Id


class Outlet(OrgOwned, Base):
    """A feed of the org's cars, or of one branch's, at a secret address for who has no account.

    The secret is made again from `token_id` (`crypto.code`); only its digest is kept.
    """

    __tablename__ = "outlet"
    __table_args__ = (
        ForeignKeyConstraint(["org_id"], ["org.id"]),
        ForeignKeyConstraint(["org_id", "branch_id"], ["branch.org_id", "branch.id"]),
        UniqueConstraint("token_hash"),
        CheckConstraint("kind in ('meta_csv', 'csv', 'json', 'xml')", name="kind"),
        Index("ix_outlet_org_id_id", "org_id", "id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    branch_id: Mapped[Id | None]
    name: Mapped[str]
    kind: Mapped[str]
    token_id: Mapped[Id]
    token_hash: Mapped[bytes]
    made_by: Mapped[Id] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]
    renewed_at: Mapped[datetime]
    fetched_at: Mapped[datetime | None]
    fetched_cars: Mapped[int | None]
