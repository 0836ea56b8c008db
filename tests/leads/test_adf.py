"""What an ADF document says, however it is written; what is none is told apart, and nothing else ever rises."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.ids import new_id
from app.leads.rules import adf, arrivals
from app.leads.rules.markup import MOST_BYTES, Unreadable, text_of
from tests.leads import adf_samples as samples


@pytest.mark.parametrize("shape", samples.SHAPES)
def test_every_real_shape_says_who_and_what(shape: str) -> None:
    document, name, phone, title = samples.SHAPES[shape]
    (found,) = adf.parse(document.encode())

    assert (found.name, found.phone, found.fault) == (name, phone, None)
    assert (found.asked.title if found.asked else None) == title
    assert found.unknown == []


def test_a_whole_document_is_read_whole() -> None:
    (found,) = adf.parse(samples.SPLIT_NAMES.encode())
    asked, trade_in = found.asked, found.trade_in
    assert asked
    assert trade_in

    assert [(one.value, one.source) for one in found.ids] == [("PM-881", "PakMotors")]
    assert found.requested_at == datetime(2026, 11, 21, 5, 15, tzinfo=UTC)
    assert (found.email, found.address, found.comments) == (
        "nadia@example.pk", "Lahore, PB", "گاڑی کب دیکھ سکتے ہیں؟",
    )  # fmt: skip
    assert [(one.kind, one.mobile) for one in found.phones] == [("cellphone", True)]
    assert (asked.stock, asked.price, asked.currency) == ("s-corolla", 4_850_000, "PKR")
    assert (asked.odometer, asked.odometer_units, asked.details) == ("54000", "km", ["White", "Sun roof"])
    assert trade_in.told == "2014 Suzuki Mehran, 91000 km"
    assert (found.vendors, found.provider, found.service) == (
        ["Ravi", "Ravi, Gujranwala"],
        "PakMotors",
        "Car page form",
    )


def test_what_is_asked_for_is_chosen_by_interest_never_by_order() -> None:
    (found,) = adf.parse(samples.TRADE_IN_FIRST.encode())

    assert found.asked
    assert found.asked.interest == "buy"
    assert [one.title for one in found.also_asked] == ["Kia Sportage"]
    assert found.trade_in
    assert found.trade_in.title == "2012 Daihatsu Cuore"


def test_only_a_trade_in_leaves_the_vehicle_asked_for_unknown() -> None:
    inside = '<vehicle interest="trade in"><make>Suzuki</make></vehicle>'
    (found,) = adf.parse(samples.plain(inside=inside).encode())

    assert found.asked is None
    assert found.trade_in
    assert "vehicle" not in arrivals.details(found, new_id())


def test_other_habits_are_read_and_the_rest_is_said_to_be_unknown() -> None:
    (found,) = adf.parse(samples.ALSO_SEEN.encode())

    assert (found.lead_type, found.requested_at) == ("Finance", datetime(2026, 11, 21, 5, 15, tzinfo=UTC))
    assert found.asked
    assert (found.asked.odometer, found.asked.odometer_units) == ("12000", "km")
    assert (found.phone, found.emails) == ("+923215550006", [])
    assert [one.e164 for one in found.phones] == [None, "+924235761234", "+923215550006"]
    assert found.vendors == ["Outside", "Gujranwala"]
    assert found.unknown == [
        "adf/prospect/customer/contact/phone",
        "adf/prospect/customer/contact/email",
        "adf/prospect/customer/loyalty",
        "adf/prospect/finance",
    ]


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("2026-11-21T10:15:00Z", datetime(2026, 11, 21, 10, 15, tzinfo=UTC)),
        ("2026-11-21 10:15", datetime(2026, 11, 21, 5, 15, tzinfo=UTC)),
        ("2026-11-21", datetime(2026, 11, 20, 19, tzinfo=UTC)),
        ("Sat, 21 Nov 2026 10:15:00 +0500", datetime(2026, 11, 21, 5, 15, tzinfo=UTC)),
        ("yesterday", None),
        ("0001-01-01T00:00:00+05:00", None),
    ],
)
def test_dates_of_every_habit_and_one_that_is_none(told: str, meant: datetime | None) -> None:
    (found,) = adf.parse(samples.plain(inside=f"<requestdate>{told}</requestdate>").encode())

    assert found.requested_at == meant
    assert found.unknown == ([] if meant else ["adf/prospect/requestdate"])


@pytest.mark.parametrize(
    ("charset", "declared", "mark"),
    [
        ("utf-8", "UTF-8", b""), ("utf-8", None, b"\xef\xbb\xbf"), ("utf-16", "UTF-16", b""), ("utf-16-le", None, b""),
        ("utf-16-be", "UTF-16", b""), ("cp1256", "windows-1256", b""), ("iso-8859-1", "ISO-8859-1", b""),
        ("cp1252", "UTF-8", b""), ("cp1252", None, b""), ("utf-8", "rot13", b""), ("gbk", "GBK", b""),
    ],
)  # fmt: skip
def test_every_encoding_declared_or_not(charset: str, declared: str | None, mark: bytes) -> None:
    name = {"cp1256": "عمران", "gbk": "李明"}.get(charset, "José" if "utf" not in charset else "عمران")
    document = samples.plain(buyer=name)
    if declared:
        document = f'<?xml version="1.0" encoding="{declared}"?>{document}'
    (found,) = adf.parse(mark + document.encode(charset))

    assert found.name == name


_LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><adf><prospect>&b;</prospect></adf>'
_FILE = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><adf><prospect><id>&a;</id></prospect></adf>'


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("", "empty"),
        (" \n ", "empty"),
        ("Hello, is the car there?", "not_xml"),
        ("<adf><prospect></adf>", "not_xml"),
        ("<adf/><adf/>", "not_xml"),
        ("<adf><prospect>&b;</prospect></adf>", "not_xml"),
        ("<html><body>Service Unavailable</body></html>", "no_prospect"),
        ("<adf></adf>", "no_prospect"),
        (_LAUGHS, "doctype"),
        (_FILE, "doctype"),
        ('<!DOCTYPE adf SYSTEM "http://evil.example/a.dtd"><adf/>', "doctype"),
        ("<a>" * 2_000 + "</a>" * 2_000, "too_deep"),
        ("<a>" + "<b/>" * 6_000 + "</a>", "too_many"),
        ("<adf>" + "<prospect/>" * 51 + "</adf>", "too_many"),
        ("<a>" + "x" * MOST_BYTES + "</a>", "too_large"),
    ],
)
def test_what_is_no_document_is_refused_with_its_reason(document: str, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        adf.parse(document.encode())

    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ("<prospect/>", "no_buyer"),
        ("<prospect><customer/></prospect>", "no_buyer"),
        ("<prospect><customer><contact><name>Ali</name></contact></customer></prospect>", "unreachable"),
        ("<prospect><customer><contact><phone>12</phone></contact></customer></prospect>", "unreachable"),
    ],
)
def test_a_buyer_nobody_could_answer_is_told(document: str, fault: str) -> None:
    assert adf.parse(document.encode())[0].fault == fault


def test_a_document_is_found_in_the_prose_of_a_mail() -> None:
    around = f"Dear dealer,\n\n{samples.SPLIT_NAMES}\n\n--\nSent by a <b>robot</b>"

    assert adf.found_in(around) == samples.SPLIT_NAMES
    assert adf.found_in(f"x {samples.PREFIXED} y") == samples.PREFIXED
    assert adf.found_in("Is the car still there? <adfoo>") is None


@pytest.mark.parametrize("piece", ["<?xml ", "<adf", "<a.a.a", "</adf", "<?xml\n<adf>"])
def test_looking_for_a_document_takes_no_time_whatever_comes(piece: str) -> None:
    began = time.monotonic()
    adf.found_in(piece * (MOST_BYTES // len(piece)))

    assert time.monotonic() - began < 20  # it would be hours, were every piece looked at from every other


def test_links_to_our_own_pages_name_the_car_and_other_numbers_do_not() -> None:
    ids = '<id source="Automart">100777</id><id source="feed">100778</id>'
    asked = f'<vehicle interest="buy">{ids}<comments>{{}}</comments></vehicle>'
    told = "https://automart.pk/l/100123-x https://AUTOMART.pk/ur/l/100124 https://evil.example/l/100125 /l/100126"
    (found,) = adf.parse(samples.plain(inside=asked.format(told)).encode())

    assert arrivals.listing_numbers(found, ["automart.pk"]) == [100123, 100124, 100777]


def test_a_vendor_names_a_branch_or_none() -> None:
    lahore, gulberg = new_id(), new_id()
    branches = [(lahore, "lahore", "Lahore"), (gulberg, "gulberg-2", "Gulberg")]
    meant = {
        name: arrivals.branch_meant([name], branches)
        for name in ("LAHORE", "gulberg-2", "Ravi Motors Gulberg", "Gulberg, Lahore", "Karachi", "")
    }

    assert meant == {
        "LAHORE": lahore, "gulberg-2": gulberg, "Ravi Motors Gulberg": gulberg, "Gulberg, Lahore": None,
        "Karachi": None, "": None,
    }  # fmt: skip


def test_the_same_lead_is_known_by_its_sender_s_id_and_buyer() -> None:
    def key(document: str, digest: bytes = b"1") -> bytes:
        return arrivals.key_of(adf.parse(document.encode())[0], digest, 1)

    ident = '<id source="Feed">7</id>'
    first = key(samples.plain(inside=ident))

    assert first == key(samples.plain("+92 321 5550020", inside=ident, buyer="Ali R."), b"2")
    assert first != key(samples.plain(inside=ident.replace("7", "8")))
    assert first != key(samples.plain("03215550021", inside=ident))
    assert key(samples.plain(inside="<id>7</id>")) != key(samples.plain(inside="<id>7</id>"), b"2")


_SIGNS = [*"<>/&;'\"=!?[] \n\0", "<![CDATA[", "]]>", "<!--", "<?xml ", "&#x0;", "&#xD800;", "\ufeff"]
_PIECES = [*_SIGNS, "adf", "prospect", "گ"]
_WHOLE = [shape[0].encode() for shape in samples.SHAPES.values()] + [samples.ALSO_SEEN.encode()]
_BROKEN = st.builds(
    lambda whole, at, put, cut: whole[:at] + put + whole[at + cut :],
    st.sampled_from(_WHOLE), st.integers(0, 2000), st.binary(max_size=6), st.integers(0, 8),
)  # fmt: skip
_PUT_TOGETHER = st.lists(st.sampled_from(_PIECES), max_size=60).map(lambda parts: "".join(parts).encode())


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=300), _PUT_TOGETHER, _BROKEN))
def test_whatever_comes_is_read_or_refused(raw: bytes) -> None:
    text_of(raw)
    try:
        found = adf.parse(raw)
    except Unreadable:
        return

    for one in found:
        details = arrivals.details(one, new_id())
        assert one.fault or one.phone or one.email
        assert "\0" not in f"{one.name}{one.comments}{details}"
        assert len(one.name) <= 80


_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="<>&"), max_size=400)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(["year", "price", "odometer", "stock", "id", "comments"]), _TEXT), _TEXT, _TEXT)
def test_any_text_in_any_place_is_read(vehicle: dict[str, str], phone: str, date: str) -> None:
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in vehicle.items())
    document = samples.plain(phone, f"<requestdate>{date}</requestdate><vehicle>{inside}</vehicle>")

    assert len(adf.parse(document.encode())) == 1
