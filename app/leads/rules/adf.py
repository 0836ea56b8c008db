"""ADF 1.0, the XML of the car trade's leads: what a document says, however its sender spells it."""

import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.core.bounds import check_moment, clean_text
from app.core.phone import PhoneInvalid, parse_phone
from app.leads.rules.adf_vehicle import Vehicle, read_vehicle
from app.leads.rules.markup import Node, Unreadable, read

MOST_PROSPECTS = 50
_WORDS, _NAME, _COMMENTS, _ID = 200, 80, 4000, 120
_PK = ZoneInfo("Asia/Karachi")
_EMAIL = re.compile(r"[^@\s\x00-\x1f\u200b-\u206f]+@[^@\s\x00-\x1f\u200b-\u206f]+\.[^@\s.]+")
_BEGINS = re.compile(
    r"(?:<\?xml\b[^>]{0,200}\?>\s{0,20}(?:<\?adf\b[^>]{0,200}\?>\s{0,20})?)?<(?:[\w.-]{1,40}:)?(adf|prospect)\b",
    re.IGNORECASE,
)
_MAKES_NAMES = ("first", "middle", "last", "suffix")
_BOUGHT = ("buy", "lease", "test-drive", "")
_GIVEN = ("trade-in", "sell")


class Ident(Struct, frozen=True):
    """What somebody calls the lead; `source` is who, where the document says so."""

    value: str
    source: str


class PhoneTold(Struct, frozen=True):
    """`e164` is None for what is no phone number."""

    text: str
    kind: str
    e164: str | None
    mobile: bool


class Prospect(Struct, frozen=True, kw_only=True):
    """One lead of a document. `unknown` names the elements that say something we did not understand."""

    ids: list[Ident]
    requested_at: datetime | None
    lead_type: str
    name: str
    phones: list[PhoneTold]
    emails: list[str]
    address: str
    comments: str
    asked: Vehicle | None
    also_asked: list[Vehicle]
    trade_in: Vehicle | None
    vendors: list[str]
    provider: str
    service: str
    unknown: list[str]

    @property
    def phone(self) -> str | None:
        """The one to write to: a mobile where there is one."""
        found = sorted((one for one in self.phones if one.e164), key=lambda one: not one.mobile)
        return found[0].e164 if found else None

    @property
    def email(self) -> str | None:
        return self.emails[0] if self.emails else None

    @property
    def fault(self) -> str | None:
        """Why nobody could answer it: no_buyer or unreachable."""
        if self.phone or self.email:
            return None
        return "unreachable" if self.name or self.phones else "no_buyer"


def parse(raw: bytes) -> list[Prospect]:
    """Every prospect of a document, in order. Raises Unreadable, and nothing else whatever comes."""
    root = read(raw)
    found = [node for node in root.each() if node.name == "prospect"]
    if not found:
        raise Unreadable("no_prospect")
    if len(found) > MOST_PROSPECTS:
        raise Unreadable("too_many")
    return [_prospect(node) for node in found]


def found_in(text: str) -> str | None:
    """The document that stands somewhere in a text, as mails carry it."""
    begins = _BEGINS.search(text)
    if begins is None:
        return None
    ends = list(re.finditer(rf"</(?:[\w.-]{{1,40}}:)?{begins[1]}\s{{0,20}}>", text[begins.start() :], re.IGNORECASE))
    return text[begins.start() : begins.start() + ends[-1].end()] if ends else text[begins.start() :]


def _prospect(node: Node) -> Prospect:
    node.understood = True
    odd: list[str] = []
    vehicles = [read_vehicle(one, odd) for one in node.all("vehicle")]
    bought = sorted((one for one in vehicles if one.interest in _BOUGHT), key=lambda one: _BOUGHT.index(one.interest))
    given = sorted((one for one in vehicles if one.interest in _GIVEN), key=lambda one: _GIVEN.index(one.interest))
    other = [one for one in vehicles if one.interest not in (*_BOUGHT, *_GIVEN)]
    asked = [*bought, *other]
    customers = node.all("customer")
    contacts = _contacts(node, customers)
    phones = _phones(contacts, odd)
    provider, service = _provider(node)
    return Prospect(
        ids=[Ident(one.value[:_ID], one.attributes.get("source", "").strip()[:_ID]) for one in _said(node, "id")],
        requested_at=_moment(node, odd),
        lead_type=node.one("leadtype")[:_WORDS],
        name=next((name for one in contacts if (name := _name(one))), ""),
        phones=phones,
        emails=_emails(contacts, odd),
        address=_address(contacts),
        comments=_comments(node, customers, vehicles),
        asked=asked[0] if asked else None,
        also_asked=asked[1:],
        trade_in=given[0] if given else None,
        vendors=_vendors(node),
        provider=provider,
        service=service,
        unknown=list(dict.fromkeys((*odd, *node.unknown())))[:40],
    )


def _said(node: Node, *names: str) -> list[Node]:
    return [one for one in node.all(*names) if one.value]


def _contacts(node: Node, customers: list[Node]) -> list[Node]:
    """The primary one first; some write the buyer's name and phone outside any contact."""
    found = [contact for place in (*customers, node) for contact in place.all("contact")]
    found += [place for place in customers if any(one.name in ("name", "phone", "email") for one in place.children)]
    return sorted(found, key=lambda one: one.attributes.get("primarycontact", "").strip() not in ("1", "true", "yes"))


def _name(contact: Node) -> str:
    parts: dict[str, str] = {}
    for one in _said(contact, "name"):
        parts.setdefault(one.attributes.get("part", "full").strip().lower() or "full", one.value)
    whole = parts.get("full") or " ".join(parts[part] for part in _MAKES_NAMES if part in parts)
    return clean_text(" ".join((whole or next(iter(parts.values()), "")).split())[:_NAME])


def _phones(contacts: list[Node], odd: list[str]) -> list[PhoneTold]:
    found: dict[str, PhoneTold] = {}
    for one in (phone for contact in contacts for phone in _said(contact, "phone")):
        kind = one.attributes.get("type", "").strip().lower()[:20]
        try:
            phone = parse_phone(one.value)
        except PhoneInvalid:
            odd.append(one.path)
            found.setdefault(one.value, PhoneTold(one.value[:40], kind, None, mobile=False))
            continue
        if kind != "fax":
            told = PhoneTold(one.value[:40], kind, phone.e164, mobile=phone.reaches_whatsapp)
            found.setdefault(phone.e164, told)
    return list(found.values())


def _emails(contacts: list[Node], odd: list[str]) -> list[str]:
    found: dict[str, None] = {}
    for one in (email for contact in contacts for email in _said(contact, "email")):
        address = one.value.removeprefix("mailto:").lower()
        if len(address) <= 254 and _EMAIL.fullmatch(address):
            found[address] = None
        else:
            odd.append(one.path)
    return list(found)


def _address(contacts: list[Node]) -> str:
    for address in (one for contact in contacts for one in contact.all("address")):
        lines = [child.value for child in address.all("street", "apartment", "city", "regioncode", "postalcode")]
        address.all("country")
        told = ", ".join(line for line in lines if line)
        if told:
            return told[:_WORDS]
    return ""


def _comments(node: Node, customers: list[Node], vehicles: list[Vehicle]) -> str:
    """Everything somebody wrote in words, each text once."""
    told = [one.value for place in (*customers, node) for one in place.all("comments")]
    for frame in (one for place in customers for one in place.all("timeframe")):
        told += [frame.one("description"), *(one.value for one in frame.all("earliestdate", "latestdate"))]
    told += [one.comments for one in vehicles]
    return clean_text("\n".join(dict.fromkeys(text for text in told if text))[:_COMMENTS])


def _moment(node: Node, odd: list[str]) -> datetime | None:
    """A date without a zone is of Pakistan's clock."""
    for one in _said(node, "requestdate"):
        for read_date in (datetime.fromisoformat, parsedate_to_datetime):
            try:
                moment = read_date(one.value)
                return check_moment(moment if moment.tzinfo else moment.replace(tzinfo=_PK))
            except (ValueError, TypeError, OverflowError, IndexError):
                continue
        odd.append(one.path)
    return None


def _vendors(node: Node) -> list[str]:
    """Every name the document gives the dealer."""
    found = {one.value[:_WORDS]: None for one in _said(node, "vendorname")}
    for vendor in node.all("vendor"):
        places = [vendor, *vendor.all("contact")]
        for contact in places[1:]:
            contact.understand()
        for one in (name for place in places for name in _said(place, "vendorname", "name", "id")):
            found[one.value[:_WORDS]] = None
    return list(found)


def _provider(node: Node) -> tuple[str, str]:
    """Who sends it, and from which of their forms."""
    name = service = ""
    for provider in node.all("provider"):
        for contact in provider.all("contact"):
            name = name or _name(contact)
            contact.understand()
        name = _name(provider) or name
        service = service or provider.one("service")
        provider.all("id", "url", "email", "phone")
    return name[:_WORDS], service[:_WORDS]
