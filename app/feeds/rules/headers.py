"""What columns are called: English, Urdu and Roman Urdu names of each field, and units that stand in a heading."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from app.listings.rules.words import fold

FIELDS: Final[tuple[str, ...]] = (
    "stock_number", "url", "title", "make", "model", "variant", "year", "asking_price", "currency", "odometer_km",
    "odometer_unit", "city", "branch", "engine_cc", "fuel", "transmission", "body", "colour", "assembly",
    "registered_in", "condition", "description", "images", "import_year", "auction_grade", "token_paid_to",
    "documents", "paint", "seller_phone",
)  # fmt: skip
"""Every field a column can be mapped to; `words.LABELS` has their names."""
REPEATED: Final = frozenset(("images",))
"""Fields that may have several columns."""

_NAMES: Final[Mapping[str, str]] = {
    "stock_number": "stock number|stock no|stock|stock id|stockid|stock code|stk no|stk|sku|inventory no|inventory number"
    "|inventory id|dealer stock id|dealer stock no|dealer ref|reference|reference no|ref|ref no|unit no|vehicle id|car id"
    "|listing id|ad id|ad no|id|lot no|lot number|file no|gari number|gaari number|stock nambar|vehicle code|car code"
    "|اسٹاک نمبر|سٹاک نمبر|اسٹاک|سٹاک|گاڑی نمبر|حوالہ نمبر|حوالہ|شناخت",
    "url": "url|link|page link|web link|weblink|page url|listing url|ad url|ad link|car url|web page|webpage|detail url"
    "|details url|permalink|href|vdp url|source url|car link|لنک|ویب لنک|ویب صفحہ|ربط",
    "title": "title|ad title|listing title|car title|vehicle title|name|car name|vehicle name|car|vehicle|vehicle details"
    "|car details|full name|heading|headline|item|item name|product|product name|gari|gaari|gari ka naam|gaari ka naam"
    "|gari ka nam|unwan|گاڑی|گاڑی کا نام|عنوان|نام|گاڑی کی تفصیل",
    "make": "make|maker|brand|manufacturer|company|car company|car make|vehicle make|make name|brand name|car brand"
    "|make company|company name|banane wali company|kampni|kampany|برانڈ|کمپنی|میک|ساختہ|بنانے والی کمپنی|کمپنی کا نام"
    "|manufacturer name",
    "model": "model|model name|car model|vehicle model|modelname|make model|model family|gari model|ماڈل|ماڈل کا نام"
    "|گاڑی کا ماڈل",
    "variant": "variant|trim|version|grade|trim level|sub model|submodel|model variant|car variant|variant name|trim name"
    "|edition|spec|ویرینٹ|ورژن|ویریئنٹ|ٹرم|قسم ماڈل",
    "year": "year|model year|year model|modelyear|my|model date|manufacture year|year of manufacture|manufacturing year"
    "|mfg year|mfg|make year|yom|production year|reg year|registration year|year reg|vehicle model date|year made|saal"
    "|sal|model saal|model sal|model ka saal|banne ka saal|سال|ماڈل سال|سن|ماڈل کا سال|سال ساخت|بننے کا سال|ماڈل ایئر",
    "asking_price": "price|asking price|demand|demand price|sale price|selling price|asking|amount|cost|rate|value"
    "|price pkr|pkr|rs|rupees|final price|list price|retail price|price rs|cash price|car price|vehicle price|prices"
    "|price value|price amount|offers price|qeemat|qimat|keemat|kimat|qeemat rupay|daam|dam|mang|matalba|bhao|rqam"
    "|قیمت|مطلوبہ قیمت|ڈیمانڈ|قیمت روپے|قیمت فروخت|رقم|دام|ریٹ|مانگ|قیمت فرخت",
    "currency": "currency|price currency|pricecurrency|currency code|offers price currency|سکہ|کرنسی",
    "odometer_km": "odometer|odometer km|mileage|mileage km|km|kms|kilometers|kilometres|kilometer|kilometre|driven"
    "|km driven|kms driven|driven km|distance|distance driven|run|running|meter|meter reading|odometer reading|millage"
    "|milage|odo|mileage value|odometer value|miles|miles driven|chali|chali hui|kitni chali|kitne km|total km|chala"
    "|مائلیج|چلی ہوئی|کلومیٹر|چلی|میٹر|میٹر ریڈنگ|کتنی چلی|طے شدہ فاصلہ|کل کلومیٹر",
    "odometer_unit": "odometer unit|odometer units|mileage unit|mileage units|mileage from odometer unit code",
    "city": "city|town|location|city name|car location|vehicle city|car city|available in|seller city|area|place|shehar"
    "|shehr|sheher|shahar|maqam|jagah|شہر|مقام|جگہ|شہر کا نام",
    "branch": "branch|showroom|store|store code|yard|outlet|dealership|branch name|dealer branch|lot|brach|shakh"
    "|برانچ|شوروم|شو روم|شاخ|ڈپو",
    "engine_cc": "engine|engine cc|engine capacity|engine displacement|displacement|cc|engine size|capacity|engine power"
    "|cubic capacity|engine volume|engine capacity cc|engine l|liter|litre|taqat|injan|engine ki taqat|power"
    "|انجن|انجن سی سی|سی سی|انجن کی طاقت|انجن کپیسٹی|انجن پاور|طاقت",
    "fuel": "fuel|fuel type|fueltype|engine type|enginetype|fuel kind|petrol diesel|gas type|vehicle engine fuel type"
    "|eindhan|indhan|tail|tel|ایندھن|ایندھن کی قسم|فیول|تیل|فیول ٹائپ|انجن کی قسم|انجن ٹائپ",
    "transmission": "transmission|gearbox|gear|gears|transmission type|gear type|trans|shift|auto manual|geartype|gair"
    "|giyar|ٹرانسمیشن|گیئر|گئیر|گیر|گیئر باکس|گیئر کی قسم",
    "body": "body|body type|bodytype|body style|body shape|vehicle type|car type|shape|segment|category|type|kism|qism"
    "|باڈی|باڈی ٹائپ|باڈی کی قسم|گاڑی کی قسم|قسم|شکل|ڈھانچہ",
    "colour": "colour|color|exterior color|exterior colour|ext color|ext colour|body color|body colour|paint color|car color"
    "|outer color|rang|rangat|رنگ|بیرونی رنگ|کلر|گاڑی کا رنگ",
    "assembly": "assembly|assembled|origin|local imported|imported local|import local|local or imported|make type"
    "|assembly type|local import|imported|country|country of origin|tayyar|banawat|اسمبلی|مقامی یا درآمد شدہ|بناوٹ|تیاری",
    "registered_in": "registered in|registered city|registration city|reg city|registration|registered|registered at"
    "|reg in|province|registration province|registered province|registration place|regd in|number city|reg|register"
    "|rajistration|kahan registered|registered sheher|رجسٹریشن|رجسٹرڈ|رجسٹریشن شہر|رجسٹرڈ شہر|رجسٹریشن کا شہر|صوبہ"
    "|رجسٹرڈ ان",
    "condition": "condition|car condition|state of vehicle|new used|used new|item condition|vehicle condition|status new used"
    "|halat|haalat|حالت|گاڑی کی حالت|نئی یا پرانی",
    "description": "description|details|detail|comments|comment|remarks|remark|notes|note|seller comments|about|features"
    "|seller notes|more info|additional info|tafseel|tafsil|tafseelat|kaifiyat|تفصیل|تفصیلات|کیفیت|تبصرہ|نوٹ|وضاحت",
    "images": "images|image|photos|photo|pictures|picture|pics|pic|image url|image urls|image link|image links|photo url"
    "|photo urls|photo links|picture url|picture urls|main image|cover photo|gallery|additional image link|images url"
    "|images image|photos photo|pictures picture|tasveer|tasweer|tasaveer|tasver|تصویر|تصاویر|فوٹو|تصویریں",
    "import_year": "import year|year of import|imported year|year imported|import date|imported in|arrival year"
    "|import ka saal|درآمد کا سال|امپورٹ سال|امپورٹ کا سال",
    "auction_grade": "auction grade|auction sheet grade|auction|auction sheet|auction score|auction rating|jp grade"
    "|verified grade|آکشن گریڈ|نیلامی گریڈ|آکشن شیٹ|گریڈ",
    "token_paid_to": "token paid|token|token tax|token paid to|token paid till|token paid until|token upto|tokens paid"
    "|token status|token date|token tax paid|ٹوکن|ٹوکن ٹیکس|ٹوکن ادا",
    "documents": "documents|document|papers|paper|file|docs|documents status|document status|documents state|book|kaghazat"
    "|kagzat|kaghzat|کاغذات|دستاویزات|فائل|دستاویز",
    "paint": "paint|paint condition|paint status|paint work|body condition|bodywork|touching|touchups|touch ups|genuine"
    "|shower|پینٹ|رنگ روغن|ٹچنگ|شاور",
    "seller_phone": "phone|phone number|phone no|mobile|mobile number|mobile no|cell|cell no|contact|contact no"
    "|contact number|seller phone|whatsapp|whatsapp number|tel no|telephone|rabta|raabta number|rabta number|fone"
    "|فون|موبائل|فون نمبر|موبائل نمبر|رابطہ|رابطہ نمبر|واٹس ایپ",
}  # fmt: skip

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NO_WORD = re.compile(r"[\W_]+")
_NUMBERED = re.compile(r" ?\d{1,2}$")
_UNIT_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("lakh", "lakhs", "lac", "lacs", "lak", "laakh", "لاکھ"), "lakh"),
    **dict.fromkeys(("crore", "crores", "cr", "karor", "کروڑ"), "crore"),
    **dict.fromkeys(("million", "millions", "mn", "ملین"), "million"),
    **dict.fromkeys(("thousand", "thousands", "hazar", "000", "000s", "ہزار"), "thousand"),
    **dict.fromkeys(("mile", "miles", "mi", "میل"), "miles"),
    **dict.fromkeys(("l", "ltr", "liter", "litre", "liters", "litres", "لیٹر"), "litre"),
    **dict.fromkeys(("usd", "dollar", "dollars", "aed", "eur", "euro", "gbp", "jpy", "yen"), "foreign"),
}
_FILLING = frozenset(
    ("in", "of", "the", "ki", "ka", "ke", "mein", "main", "me", "pkr", "rs", "rupees", "rupay", "km", "kms", "cc", "amp")
    + ("میں", "روپے", "کلومیٹر", "سی", "کی", "کا", "کے", "per", "total", "no", "approx", "vehicle", "car", "your")
)


@lru_cache(maxsize=4096)
def plain(header: str) -> str:
    """The heading as names are compared: "stockNumber", "STOCK_NO." and "Stock No" are words apart by one blank."""
    header = header[:200]
    if not header.isupper():
        header = _CAMEL.sub(" ", header)
    return _NO_WORD.sub(" ", fold(header)).strip()


@lru_cache(maxsize=4096)
def field_of(header: str) -> tuple[str, float] | None:
    """The field a heading names, and how sure that is."""
    name = plain(header)
    if not name:
        return None
    found = _BY_NAME.get(name)
    if found:
        return found, 1.0
    found = _BY_NAME.get(_NUMBERED.sub("", name))
    if found in REPEATED:
        return found, 0.9
    words = [word for word in name.split() if word not in _UNIT_WORDS and word not in _FILLING]
    found = _BY_NAME.get(" ".join(words))
    if found:
        return found, 0.9
    if "." in header:
        inner = field_of(header.rpartition(".")[2])
        return (inner[0], min(inner[1], 0.8)) if inner else None
    return _by_words(words)


def unit_of(header: str) -> str | None:
    """lakh, crore, million, thousand, miles, litre or foreign, where a heading says so: "Price (Lacs)"."""
    return next((_UNIT_WORDS[word] for word in plain(header).split() if word in _UNIT_WORDS), None)


def _by_words(words: list[str]) -> tuple[str, float] | None:
    """The longest name of a field that stands in the heading as whole words."""
    best: tuple[int, str] | None = None
    for start in range(len(words)):
        for end in range(len(words), start, -1):
            found = _BY_NAME.get(" ".join(words[start:end]))
            if found and len(words) <= 5 and (best is None or end - start > best[0]):
                best = (end - start, found)
    return (best[1], round(0.4 + 0.5 * best[0] / len(words), 2)) if best and best[0] * 2 >= len(words) else None


_BY_NAME: Final = {plain(name): one for one, names in _NAMES.items() for name in names.split("|")}
