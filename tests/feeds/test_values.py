"""Words with few meanings, in three ways of writing, and places."""

import pytest

from app.feeds.rules import CHOICES, Vocabulary
from app.feeds.rules.whereabouts import place_of, registered_in
from app.listings.rules.values import meaning
from app.listings.schemas import Condition
from app.vehicles.schemas import Assembly, Body, Fuel, Transmission

PLACES = Vocabulary.shipped().places
MEANT = {
    ("fuel", "petrol"): ("Petrol", "PETROL", "پیٹرول", "gasoline"),
    ("fuel", "cng"): ("CNG", "Petrol/CNG", "petrol + cng", "سی این جی"),
    ("fuel", "hybrid"): ("Hybrid", "Petrol Hybrid", "HEV", "ہائبرڈ", "e-Power"),
    ("fuel", "phev"): ("PHEV", "Plug-in Hybrid"),
    ("fuel", "electric"): ("EV", "Electric", "بجلی"),
    ("fuel", "diesel"): ("Diesel", "ڈیزل"),
    ("fuel", None): ("Gas", "Kerosene", "Petrol, Diesel"),
    ("transmission", "automatic"): ("Auto", "A/T", "AT", "CVT", "Automatic (CVT)", "آٹومیٹک", "Prosmatec", "otomatic"),
    ("transmission", "manual"): ("M/T", "Manual", "5-speed manual", "مینوئل"),
    ("transmission", None): ("Auto/Manual", "x"),
    ("body", "mini_van"): ("Mini Van", "Micro Van", "minivan", "کیری ڈبہ"),
    ("body", "sedan"): ("Sedan", "Saloon", "Compact sedan", "سیڈان"),
    ("body", "crossover"): ("Crossover", "Compact SUV"),
    ("body", "double_cabin"): ("Double Cabin", "ڈالا", "dala"),
    ("body", "pickup"): ("Pick Up", "Single Cabin"),
    ("assembly", "local"): ("Local", "Locally Assembled", "مقامی", "CKD"),
    ("assembly", "jdm"): ("JDM", "Japanese", "جاپانی"),
    ("assembly", "cbu"): ("CBU",),
    ("condition", "used"): ("Used", "استعمال شدہ", "pre-owned", "https://schema.org/UsedCondition"),
    ("condition", "new"): ("Brand New", "Zero Meter", "نئی"),
    ("condition", "certified"): ("Certified", "CPO"),
    ("colour", "white"): ("White", "Taffeta White", "Pearl White", "سفید", "Super White II", "safed"),
    ("colour", "black"): ("Pearl Black", "Black & White", "کالا رنگ", "Attitude Black Mica"),
    ("colour", "grey"): ("Silver Grey", "Gun Metallic", "Urban Titanium", "Graphite"),
    ("colour", "maroon"): ("Burgundy", "Red Wine Maroon"),
    ("colour", None): ("Imperial Umber", "12"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "raw", "meant"), [(field, raw, meant) for (field, meant), raws in MEANT.items() for raw in raws]
)
def test_meaning(field: str, raw: str, meant: str | None) -> None:
    assert meaning(field, raw) == meant


@pytest.mark.parametrize(
    ("field", "kind"),
    [("fuel", Fuel), ("transmission", Transmission), ("body", Body), ("assembly", Assembly), ("condition", Condition)],
)
def test_every_meaning_is_one_a_listing_can_have(field: str, kind: object) -> None:
    assert set(CHOICES[field]) == set(kind.__args__)


@pytest.mark.parametrize(
    ("raw", "slug"),
    [
        ("Lahore", "lahore"), ("LAHORE ", "lahore"), ("لاہور", "lahore"), ("لاهور", "lahore"), ("lhr", "lahore"),
        ("Pindi", "rawalpindi"),
        ("DHA Phase 5, Lahore", "lahore"), ("Lahore, Punjab", "lahore"), ("D.G. Khan", "dera-ghazi-khan"),
        ("Rahim Yar Khan", "rahim-yar-khan"), ("Islambad", "islamabad"), ("Atlantis", None),
    ],
)  # fmt: skip
def test_city(raw: str, slug: str | None) -> None:
    place = place_of(raw, PLACES)

    assert (place.slug if place else None) == slug


@pytest.mark.parametrize(
    ("raw", "slug"),
    [
        ("punjab", "punjab"), ("Sindh", "sindh"), ("KPK", "khyber-pakhtunkhwa"), ("Un-Registered", "unregistered"),
        ("UNREGISTERED", "unregistered"), ("غیر رجسٹرڈ", "unregistered"), ("Karachi", "karachi"), ("Applied for",
        "unregistered"),
        ("پنجاب", "punjab"), ("Mars", None),
    ],
)  # fmt: skip
def test_place_of_registration(raw: str, slug: str | None) -> None:
    assert registered_in(raw, PLACES) == slug
