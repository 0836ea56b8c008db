"""Buyers, locked: whoever holds the row decides alone what becomes of the person's leads."""

from collections.abc import Collection
from typing import cast

from msgspec import Struct
from sqlalchemy import BigInteger, Table, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from app.core import blind, clock
from app.core.base import Db, kept
from app.core.crypto import Place, seal
from app.core.ids import Id, new_id
from app.leads.models import Contact, Lead

_MOST_ALIKE = 2000


class Known(Struct, frozen=True):
    """A buyer; `fresh`: made just now, so that no lead of theirs can be there."""

    contact: Contact
    fresh: bool


async def contact_for_change(
    db: Db, *, phone: str, name: str, email: str | None, lang: str, device: str | None = None
) -> Known:
    """The org's one contact with this number (E.164), made if there is none; details it lacks are added.

    A visitor of the same device who had not told a number yet becomes this contact.
    """
    org_id = db.scope.org_id
    assert org_id is not None  # noqa: S101 - narrows the type; a lead always has an org
    code = blind.unique_in(org_id, "phone", phone)
    found = await _with_number(db, code)
    if found is None and device:
        found = await _locked(
            db, Contact.device_index == blind.unique_in(org_id, "device", device), Contact.phone_index.is_(None)
        )
        if found is not None:
            found.phone_sealed, found.phone_index = _sealed(found, "phone", phone), code
    if found is None:
        made = await _make(db, org_id, phone_index=code, lang=lang, phone=phone, name=name, email=email or "")
        if made is not None:
            return Known(made, fresh=True)
        found = await _with_number(db, code)
        assert found is not None  # noqa: S101 - made by a twin that has committed
    if name and not found.name:
        found.name_sealed = _sealed(found, "name", name)
    if email and not found.email:
        found.email_sealed = _sealed(found, "email", email)
    found.search = blind.person_codes(org_id, name=found.name, phone=phone, email=found.email or "")
    await db.flush()
    return Known(found, fresh=False)


async def correspondent_for_change(db: Db, *, email: str, name: str, lang: str) -> Known:
    """The org's contact with this address, for whoever has told no number; made if there is none."""
    org_id = db.scope.org_id
    assert org_id is not None  # noqa: S101 - narrows the type
    (code,) = blind.person_codes(org_id, email=email)
    await db.execute(_ALONE, {"place": code})  # held to the end: a twin finds what was made here
    found = (await db.scalars(_WRITES_FROM, {"codes": [code]})).first()
    if found is None:
        made = await _make(db, org_id, lang=lang, name=name, email=email)
        assert made is not None  # noqa: S101 - nothing of it has to be unique
        return Known(made, fresh=True)
    if name and not found.name:
        found.name_sealed = _sealed(found, "name", name)
    found.search = blind.person_codes(org_id, name=found.name, phone=found.phone or "", email=found.email or "")
    await db.flush()
    return Known(found, fresh=False)


_ALONE = select(func.pg_advisory_xact_lock(bindparam("place", type_=BigInteger)))
_WRITES_FROM = kept(
    select(Contact)
    .where(Contact.search.contains(bindparam("codes", type_=ARRAY(BigInteger))))
    .order_by(Contact.created_at, Contact.id)
    .limit(1)
    .with_for_update()
)


async def visitor_for_change(db: Db, device: str, lang: str) -> Known:
    """The contact of a browser whose owner has told nothing yet, or of who has used it to write before."""
    org_id = db.scope.org_id
    assert org_id is not None  # noqa: S101 - narrows the type
    code = blind.unique_in(org_id, "device", device)
    found = await _locked(db, Contact.device_index == code)
    if found is not None:
        return Known(found, fresh=False)
    made = await _make(db, org_id, device_index=code, lang=lang)
    if made is not None:
        return Known(made, fresh=True)
    found = await _locked(db, Contact.device_index == code)
    assert found is not None  # noqa: S101 - as above
    return Known(found, fresh=False)


async def knows(db: Db, phone_index: bytes) -> bool:
    """Whether the org has a buyer with this number."""
    return await db.scalar(select(Contact.id).where(Contact.phone_index == phone_index)) is not None


_WITH_NUMBER = kept(select(Contact).where(Contact.phone_index == bindparam("code")).with_for_update())


async def _with_number(db: Db, code: bytes) -> Contact | None:
    return (await db.scalars(_WITH_NUMBER, {"code": code})).one_or_none()


async def _locked(db: Db, *conditions: object) -> Contact | None:
    found = await db.scalars(select(Contact).where(*conditions).with_for_update())  # type: ignore[arg-type]
    return found.one_or_none()


_MAKE = kept(
    select(Contact).from_statement(
        insert(cast(Table, Contact.__table__))
        .values({name: bindparam(name) for name in (
            "id", "org_id", "created_at", "lang", "phone_index", "device_index", "phone_sealed", "name_sealed",
            "email_sealed", "search",
        )})
        .on_conflict_do_nothing()
        .returning(Contact)
    )
)  # fmt: skip


async def _make(
    db: Db,
    org_id: Id,
    *,
    lang: str,
    phone: str = "",
    name: str = "",
    email: str = "",
    phone_index: bytes | None = None,
    device_index: bytes | None = None,
) -> Contact | None:
    """None when somebody has just made the one with this number or device."""
    id_ = new_id()
    told = {"phone": phone, "name": name, "email": email}
    sealed = {
        f"{column}_sealed": seal(value, Place("contact", column, org_id, id_)) if value else None
        for column, value in told.items()
    }
    row = {
        "id": id_, "org_id": org_id, "created_at": clock.now(), "lang": lang, "phone_index": phone_index,
        "device_index": device_index, "search": blind.person_codes(org_id, name=name, phone=phone, email=email),
    }  # fmt: skip
    return (await db.scalars(_MAKE, {**row, **sealed})).one_or_none()


def _sealed(contact: Contact, column: str, value: str) -> bytes:
    return seal(value, Place("contact", column, contact.org_id, contact.id))


async def with_phone_like(db: Db, q: str) -> list[Id]:
    """Whose phone ends with these digits, where the index alone cannot tell."""
    asked = blind.roughly(db.scope.org_id, q) if db.scope.org_id else None
    if asked is None:
        return []
    code, digits = asked
    found = await db.scalars(select(Contact).where(Contact.search.contains([code])).limit(_MOST_ALIKE))
    return [contact.id for contact in found if (contact.phone or "").endswith(digits)]


async def names_of(db: Db, lead_ids: Collection[Id], *, within: Id | None = None) -> dict[Id, str]:
    """The buyers' names of those that are leads and may be seen; "" of a visitor."""
    query = select(Lead.id, Contact).join(Contact, Lead.contact_id == Contact.id).where(Lead.id.in_(lead_ids))
    found = await db.execute(query if within is None else query.where(Lead.branch_id == within))
    return {lead_id: contact.name for lead_id, contact in found}
