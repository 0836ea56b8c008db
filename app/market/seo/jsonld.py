"""Facts for machines as JSON-LD: what a car is and asks, where a page stands, who we are."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from markupsafe import Markup

from app.listings.schemas import PublicListing

_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_BODIES = {"double_cabin": "Double cabin pickup", "mini_van": "Minivan", "mpv": "MPV", "suv": "SUV"}
_FUELS = {"petrol": "Gasoline", "phev": "Plug-in hybrid", "cng": "CNG", "lpg": "LPG"}
_CONDITIONS = {"new": "NewCondition", "used": "UsedCondition", "certified": "UsedCondition"}


def block(*told: dict[str, Any]) -> Markup:
    """The content of a script element: nothing in it can end the element or begin another."""
    text = msgspec.json.encode({"@context": "https://schema.org", "@graph": [_told(one) for one in told]}).decode()
    for character, escaped in _UNSAFE.items():
        text = text.replace(character, escaped)
    return Markup(text)  # noqa: S704 - escaped above, for a script element


def _told(one: Any) -> Any:
    """Without what nobody knows."""
    if isinstance(one, dict):
        return {name: _told(value) for name, value in one.items() if value not in (None, "", [], {})}
    return [_told(value) for value in one] if isinstance(one, list) else one


def crumbs(base_url: str, steps: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """`steps` are names and paths, the page itself last."""
    items = [
        {"@type": "ListItem", "position": number, "name": name, "item": base_url + path}
        for number, (name, path) in enumerate(steps, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def cars(base_url: str, urls: Iterable[str]) -> dict[str, Any]:
    items = [{"@type": "ListItem", "position": number, "url": base_url + url} for number, url in enumerate(urls, 1)]
    return {"@type": "ItemList", "numberOfItems": len(items), "itemListElement": items}


def questions(asked: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {
        "@type": "FAQPage",
        "mainEntity": [
            {"@type": "Question", "name": question, "acceptedAnswer": {"@type": "Answer", "text": answer}}
            for question, answer in asked
        ],
    }


def site(base_url: str, lang: str, home: str, logo: str) -> list[dict[str, Any]]:
    """The home page: who we are, and how we are searched."""
    org = {
        "@type": "Organization",
        "@id": f"{base_url}/#org",
        "name": "Automart.pk",
        "url": f"{base_url}/",
        "logo": logo,
    }
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": f"{base_url}{home.rstrip('/')}/cars?q={{search_term_string}}"},
        "query-input": "required name=search_term_string",
    }
    website = {
        "@type": "WebSite", "@id": f"{base_url}/#site", "name": "Automart.pk", "url": f"{base_url}/",
        "publisher": {"@id": org["@id"]}, "potentialAction": search,
    }  # fmt: skip
    page = {
        "@type": "WebPage", "url": base_url + home, "inLanguage": f"{lang}-PK", "isPartOf": {"@id": website["@id"]}
    }  # fmt: skip
    return [website, org, page]


def car(listing: PublicListing, seller: dict[str, Any] | None, url: str, images: Sequence[str]) -> dict[str, Any]:
    """Never the chassis number. An offer only while the car can be had at a price that is told."""
    engine = {
        "@type": "EngineSpecification",
        "fuelType": _FUELS.get(listing.fuel or "", (listing.fuel or "").title()),
        "engineDisplacement": _amount(listing.engine_cc, "CMQ"),
    }
    return {
        "@type": "Car",
        "name": listing.title,
        "url": url,
        "identifier": str(listing.number),
        "image": list(images),
        "description": listing.description,
        "brand": {"@type": "Brand", "name": listing.make_name} if listing.make_name else None,
        "model": listing.model_name,
        "vehicleConfiguration": listing.variant_name,
        "vehicleModelDate": str(listing.year) if listing.year else None,
        "mileageFromOdometer": _amount(listing.odometer_km, "KMT"),
        "itemCondition": f"https://schema.org/{_CONDITIONS.get(listing.condition, 'UsedCondition')}",
        "color": listing.colour,
        "bodyType": _BODIES.get(listing.body or "", (listing.body or "").replace("_", " ").capitalize()),
        "vehicleTransmission": listing.transmission,
        "vehicleEngine": engine if listing.fuel or listing.engine_cc else None,
        "fuelType": engine["fuelType"],
        "offers": _offer(listing, seller, url),
    }


def _offer(listing: PublicListing, seller: dict[str, Any] | None, url: str) -> dict[str, Any] | None:
    if listing.status != "live" or listing.asking_price is None:
        return None
    return {
        "@type": "Offer",
        "url": url,
        "price": listing.asking_price,
        "priceCurrency": "PKR",
        "availability": "https://schema.org/InStock",
        "itemCondition": f"https://schema.org/{_CONDITIONS.get(listing.condition, 'UsedCondition')}",
        "areaServed": {"@type": "City", "name": listing.city_name} if listing.city_name else None,
        "seller": seller,
    }


def _amount(value: int | None, unit: str) -> dict[str, Any] | None:
    return {"@type": "QuantitativeValue", "value": value, "unitCode": unit} if value is not None else None
