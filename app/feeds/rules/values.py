"""Words with few meanings: fuel, gears, body, assembly, condition, colour; English, Urdu, Roman Urdu."""

from collections.abc import Mapping
from typing import Final

from app.feeds.rules.cells import plain, tokens

_SAID: Final[Mapping[str, Mapping[str, str]]] = {
    "fuel": {
        "petrol": "petrol|gasoline|gas oline|benzine|mogas|unleaded|super petrol|petral|patrol|petrol engine|gasolene"
        "|پیٹرول|پٹرول|پیٹرولیم|پٹرولیم|پیٹرل",
        "diesel": "diesel|deisel|disel|dizel|turbo diesel|hsd|crdi|d4d|ڈیزل|ڈیزیل",
        "hybrid": "hybrid|hev|petrol hybrid|hybrid petrol|petrol + electric|petrol electric|mild hybrid|mhev|self charging hybrid"
        "|e power|epower|hybird|full hybrid|ہائبرڈ|ہایبرڈ|ہائی برڈ",
        "phev": "phev|plug in hybrid|plugin hybrid|plug in|phv|plug in hybrid electric|reev|erev|پلگ ان ہائبرڈ",
        "electric": "electric|ev|bev|electricity|battery|full electric|battery electric|bijli|bijli wali|الیکٹرک|بجلی|برقی",
        "cng": "cng|petrol cng|petrol + cng|cng petrol|petrol and cng|petrol with cng|سی این جی",
        "lpg": "lpg|petrol lpg|petrol + lpg|ایل پی جی",
    },
    "transmission": {
        "automatic": "automatic|auto|a|at|a t|cvt|e cvt|ecvt|dct|dsg|amt|ags|auto gear shift|tiptronic|prosmatec|steptronic"
        "|automatic transmission|semi automatic|auto transmission|auto matic|automatik|otomatic|aato|dual clutch"
        "|automatic cvt|auto gear|s tronic|triptonic|imt auto|آٹومیٹک|آٹو|اٹومیٹک|خودکار|آٹو میٹک|آٹوميٹک",
        "manual": "manual|m|mt|m t|stick|stick shift|manual transmission|5 speed|6 speed|5 speed manual|6 speed manual"
        "|manuel|menual|gear wali|hand gear|standard|imt|manual gear|مینوئل|مینول|دستی|مینویل|گیئر والی",
    },
    "body": {
        "sedan": "sedan|saloon|saloon sedan|compact sedan|sub compact sedan|subcompact sedan|4 door|sadan|sidan|سیڈان|سیلون",
        "hatchback": "hatchback|hatch back|hatch|hatchbak|mini vehicles|kei car|5 door|small car|choti gari|ہیچ بیک|ہیچبیک",
        "suv": "suv|jeep|4x4|off road|offroad|off road vehicles|full size suv|mid size suv|four wheel drive|ایس یو وی|جیپ",
        "crossover": "crossover|cross over|compact suv|cuv|suv crossover|crossover suv|subcompact suv|mini suv|کراس اوور",
        "double_cabin": "double cabin|double cab|dual cab|twin cab|dala|vigo dala|ڈبل کیبن|ڈالا",
        "pickup": "pickup|pick up|single cabin|single cab|truck|pickup truck|loader|mini truck|پک اپ|لوڈر|سنگل کیبن",
        "van": "van|hiace van|passenger van|high roof|high roof van|minibus|mini bus|coaster|وین|ہائی روف",
        "mini_van": "mini van|minivan|micro van|microvan|carry|carry daba|carry dabba|daba|dabba|bolan|منی وین|کیری ڈبہ|ڈبہ",
        "mpv": "mpv|muv|people carrier|7 seater|multi purpose vehicle|family van|ایم پی وی|سیون سیٹر",
        "station_wagon": "station wagon|wagon|estate|touring|stationwagon|اسٹیشن ویگن|سٹیشن ویگن|ویگن",
        "coupe": "coupe|coupé|2 door|sports|sports car|sport coupe|کوپے",
        "convertible": "convertible|cabriolet|roadster|cabrio|open top|spyder|کنورٹیبل|کھلی چھت",
    },
    "assembly": {
        "local": "local|locally assembled|local assembled|pakistan|pakistani|made in pakistan|pak|assembled in pakistan|ckd"
        "|local assembly|pak assembled|localy assembled|مقامی|لوکل|پاکستانی|پاکستان",
        "jdm": "jdm|japan|japanese|imported japanese|japan import|japanese import|used import|imported from japan"
        "|imported used|jp|recondition|reconditioned|جاپانی|جاپان",
        "cbu": "cbu|imported new|new import|brand new import|completely built unit|imported cbu|سی بی یو",
    },
    "condition": {
        "used": "used|second hand|secondhand|pre owned|preowned|2nd hand|use|used car|istemal shuda|istemaal shuda|purani"
        "|usedcondition|استعمال شدہ|پرانی|پرانا|سیکنڈ ہینڈ",
        "new": "new|brand new|zero meter|zero metre|0 meter|unused|0km|0 km|newcondition|nayi|nai|naya|نئی|نیا|نئ|زیرو میٹر|بالکل نئی",
        "certified": "certified|cpo|certified used|certified pre owned|inspected|verified|certified by dealer|تصدیق شدہ",
    },
}  # fmt: skip

_COLOURS: Final[Mapping[str, str]] = {
    "white": "white|safed|safaid|sufaid|sufed|ivory|pearl|arctic|polar|taffeta|teffeta|snow|offwhite|سفید|سفيد|وائٹ|پرل",
    "silver": "silver|platinum|aluminium|aluminum|chandi|سلور|چاندی|سیلور",
    "black": "black|kala|kali|siyah|siah|ebony|onyx|obsidian|jet|کالا|کالی|سیاہ|بلیک",
    "grey": "grey|gray|graphite|charcoal|gun|gunmetal|gunmetallic|titanium|steel|ash|slate|metal|surmai|surmayi|سرمئی|گرے|سلیٹی|خاکستری",
    "blue": "blue|neela|neeli|navy|indigo|sapphire|azure|ocean|aqua|cyan|firozi|aasmani|نیلا|نیلی|بلیو|آسمانی|فیروزی",
    "red": "red|lal|laal|surkh|crimson|scarlet|ruby|rallye|لال|سرخ|ریڈ",
    "beige": "beige|champagne|cream|sand|almond|badami|khaki|latte|بادامی|کریم|بیج|خاکی",
    "green": "green|hara|sabz|hari|olive|emerald|mehndi|ہرا|سبز|ہری|گرین|مہندی",
    "brown": "brown|bhura|coffee|chocolate|copper|mocha|bronze|tan|بھورا|براؤن|کافی|چاکلیٹ",
    "maroon": "maroon|burgundy|wine|cherry|mehroon|meroon|bordeaux|میرون|مہرون|عنابی",
    "gold": "gold|golden|sunehra|sunehri|سنہرا|سنہری|گولڈن|گولڈ",
    "orange": "orange|narangi|malta|نارنجی|مالٹا|اورنج",
    "yellow": "yellow|peela|peeli|zard|lemon|پیلا|پیلی|زرد|ییلو",
    "purple": "purple|violet|jamni|lavender|plum|جامنی|پرپل",
    "pink": "pink|gulabi|rose|گلابی|پنک",
    "turquoise": "turquoise|teal",
}
_TINTS = frozenset(("ivory", "pearl", "arctic", "polar", "taffeta", "teffeta", "snow", "platinum", "onyx", "obsidian",
    "jet", "ebony", "graphite", "charcoal", "gun", "titanium", "steel", "ash", "slate", "metal", "sapphire", "ocean",
    "aqua", "ruby", "rallye", "champagne", "sand", "copper", "wine", "cherry", "rose", "lemon", "emerald", "rose"))  # fmt: skip
"""Words of paint shops that decide only where no plain colour stands beside them."""


def _turned(said: Mapping[str, str]) -> dict[str, str]:
    return {" ".join(tokens(word)): meaning for meaning, names in said.items() for word in names.split("|")}


_MEANING: Final = {field: _turned(said) for field, said in _SAID.items()}
_COLOUR: Final = _turned(_COLOURS)
_COLOURS_TINTS: Final = frozenset(" ".join(tokens(word)) for word in _TINTS)
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    **{field: tuple(said) for field, said in _SAID.items()},
    "colour": tuple(_COLOURS),
}
"""What a value of each of these fields can be."""


def meaning(field: str, raw: str) -> str | None:
    """What a cell of `field` says; None when it says nothing we know. Several meanings are none."""
    if field == "colour":
        return colour(raw)
    known = _MEANING[field]
    said = tokens(raw)
    exact = known.get(" ".join(said))
    if exact:
        return exact
    if len(said) > 8:
        return None
    found: dict[str, int] = {}
    at = 0
    while at < len(said):
        for end in range(min(len(said), at + 4), at, -1):
            word = " ".join(said[at:end])
            if word in known and (len(word) > 1 or len(said) == 1):
                found[known[word]] = max(found.get(known[word], 0), end - at)
                at = end - 1
                break
        at += 1
    if len(found) == 1:
        return next(iter(found))
    longest = max(found.values(), default=0)
    best = [one for one, length in found.items() if length == longest]
    return best[0] if longest > 1 and len(best) == 1 else None


def colour(raw: str) -> str | None:
    """The colour a buyer would name: "Taffeta White" is white, "Pearl Black" black, of "Black & White" the first."""
    first = next((part for part in plain(raw).replace("&", "/").replace(" and ", "/").split("/") if part.strip()), "")
    said = tokens(first)
    for tints in (False, True):
        named = [_COLOUR[word] for word in said if word in _COLOUR and (word in _COLOURS_TINTS) == tints]
        if named:
            return named[-1]
    return None


def gears_in(said: list[str]) -> str | None:
    """Of a title."""
    found = {_IN_TITLES[word] for word in said if word in _IN_TITLES}
    return found.pop() if len(found) == 1 else None


def fuel_in(said: list[str]) -> str | None:
    """Of a title."""
    found = {_FUEL_IN_TITLES[word] for word in said if word in _FUEL_IN_TITLES}
    if found == {"phev", "hybrid"}:
        return "phev"
    return found.pop() if len(found) == 1 else None


_IN_TITLES: Final = {
    **dict.fromkeys(("automatic", "auto", "cvt", "ags", "dct", "prosmatec", "amt", "tiptronic"), "automatic"),
    **dict.fromkeys((tokens("آٹومیٹک")[0], tokens("آٹو")[0], tokens("خودکار")[0]), "automatic"),
    **dict.fromkeys(("manual", "mt", tokens("مینوئل")[0]), "manual"),
}
_FUEL_IN_TITLES: Final = {
    **dict.fromkeys(("hybrid", "hev", tokens("ہائبرڈ")[0]), "hybrid"),
    **dict.fromkeys(("diesel", tokens("ڈیزل")[0]), "diesel"),
    **dict.fromkeys(("phev", "phv"), "phev"),
    **dict.fromkeys(("electric", "ev", "kwh"), "electric"),
    **dict.fromkeys(("petrol", tokens("پیٹرول")[0], tokens("پٹرول")[0]), "petrol"),
    "cng": "cng",
    "lpg": "lpg",
}
