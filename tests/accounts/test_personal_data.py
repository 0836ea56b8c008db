"""S7, SEC-03: what a dump of the database tells of a person, and how keys change."""

import base64
import hashlib
import unicodedata

import asyncpg
import pytest

from app.adapters import mail
from app.core import blind, crypto, jobs_ledger, settings
from app.core.crypto import Place, Unreadable
from app.core.ids import new_id
from app.core.settings import Settings, load
from tests.support.api import Caller, org_of

NAMES = ("Quetzalcoatl Zardari", "زرقا جہانگیر")
EMAILS = ("quetzal.zardari@example.pk", "zarqa.jahangir@example.pk", "invited.person@example.pk", "mo.owner@example.pk")
PHONES = ("+923004567891", "+923337654329")


async def test_a_dump_tells_nobody_s_name_address_or_phone(
    api: Caller, outbox: mail.MemoryMailer, settings: Settings
) -> None:
    owner = await org_of(api, "ravi", EMAILS[3])
    for name, email, phone in zip(NAMES, EMAILS, PHONES, strict=False):
        body = {"email": email, "name": name, "role": "sales", "phone": phone, "password": "seven-green-boats"}
        assert (await owner.post("users", body)).status_code == 201
    await owner.post("invitations", {"email": EMAILS[2], "role": "ops"})
    person = await api.sign_in(EMAILS[0], "seven-green-boats")
    await person.patch("me", {"name": NAMES[0] + " II"})
    await jobs_ledger.burst()
    dump = await dumped(settings)
    searched = {form for secret in (*NAMES, *EMAILS, *PHONES) for form in forms(secret)}
    told = [form for form in searched if form in dump]
    print(f"S7 secrets={len(NAMES + EMAILS + PHONES)} forms={len(searched)} found={len(told)} bytes={len(dump)}")  # noqa: T201

    assert len(dump) > 10_000
    assert told == []


async def dumped(settings: Settings) -> str:
    """Every row of every table as text, bytes as hex and as text."""
    connection = await asyncpg.connect(settings.database_owner_url)
    whole = []
    try:
        for row in await connection.fetch("select tablename from pg_tables where schemaname = 'public'"):
            for line in await connection.fetch(f'select t::text as line from "{row["tablename"]}" t'):  # noqa: S608
                whole.append(line["line"])
    finally:
        await connection.close()
    return "\n".join(whole)


def forms(secret: str) -> set[str]:
    """Plain, otherwise encoded, hashed without a key, and as the local part or the national number."""
    made = {secret, secret.lower(), secret[::-1], unicodedata.normalize("NFKC", secret), secret.partition("@")[0]}
    if secret.startswith("+92"):
        made |= {"0" + secret[3:], secret[1:], secret[3:]}
    made |= {part for part in secret.split() if len(part) > 3}
    for text in list(made):
        raw = text.encode()
        made |= {base64.b64encode(raw).decode().rstrip("="), raw.hex()}
        made |= {hashlib.new(name, raw).hexdigest() for name in ("md5", "sha1", "sha256")}
    return made


PLACE = Place("app_user", "email", new_id(), new_id())


def test_a_sealed_value_opens_only_in_its_place() -> None:
    sealed = crypto.seal("ana@example.pk", PLACE)

    assert crypto.unseal(sealed, PLACE) == "ana@example.pk"
    for other in (
        Place("app_user", "email", PLACE.owner, new_id()),
        Place("app_user", "email", new_id(), PLACE.row),
        Place("app_user", "name", PLACE.owner, PLACE.row),
        Place("invitation", "email", PLACE.owner, PLACE.row),
    ):
        with pytest.raises(Unreadable):
            crypto.unseal(sealed, other)


def test_the_same_value_never_looks_the_same_and_any_flipped_bit_is_noticed() -> None:
    sealed = crypto.seal("ana@example.pk", PLACE)

    assert len({crypto.seal("ana@example.pk", PLACE) for _ in range(100)}) == 100
    for at in range(len(sealed)):
        broken = bytearray(sealed)
        broken[at] ^= 1
        with pytest.raises(Unreadable):
            crypto.unseal(bytes(broken), PLACE)
    for junk in (b"", b"\x00", sealed[:10], sealed[:-1]):
        with pytest.raises(Unreadable):
            crypto.unseal(junk, PLACE)


def key(name: str, byte: int) -> str:
    return f"{name}:{base64.b64encode(bytes([byte]) * 32).decode()}"


def test_two_keys_open_while_one_is_changed_for_the_other() -> None:
    settings.install(load({"PII_KEYS": key("a", 1)}))
    old = crypto.seal("ana@example.pk", PLACE)
    settings.install(load({"PII_KEYS": f"{key('b', 2)},{key('a', 1)}"}))
    new = crypto.reseal(old, PLACE)

    assert crypto.unseal(old, PLACE) == crypto.unseal(new, PLACE) == "ana@example.pk"
    assert (crypto.stale(old), crypto.stale(new)) == (True, False)
    settings.install(load({"PII_KEYS": key("b", 2)}))
    assert crypto.unseal(new, PLACE) == "ana@example.pk"
    with pytest.raises(Unreadable):
        crypto.unseal(old, PLACE)
    settings.install(load({}))


def test_blind_codes_tell_nothing_across_orgs() -> None:
    one, other = new_id(), new_id()
    ours = set(blind.person_codes(one, name="Ana Khan", phone="+923001234567", email="ana@example.pk"))
    theirs = set(blind.person_codes(other, name="Ana Khan", phone="+923001234567", email="ana@example.pk"))

    assert not ours & theirs
    assert all(-(2**63) <= code < 2**63 for code in ours)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("muh", True), ("Muhámmad", True), ("KHAN muh", True), ("mu", False), ("khanum", False),
        ("4567", True), ("۱۲۳۴۵۶۷", True), ("0300-1234567", True), ("00923001234567", True), ("123", False),
        ("ana@example.pk", True), ("ANA@example.pk", True), ("ana@", False),
    ],
)  # fmt: skip
def test_what_somebody_types_finds_a_person(query: str, found: bool) -> None:
    org = new_id()
    codes = blind.person_codes(org, name="Muhammad Khan", phone="+923001234567", email="ana@example.pk")
    asked = blind.query_codes(org, query)

    assert (bool(asked) and set(asked) <= set(codes)) is found


def test_urdu_letters_that_look_the_same_are_the_same() -> None:
    assert blind.words("علي كريم") == blind.words("علی کریم")
