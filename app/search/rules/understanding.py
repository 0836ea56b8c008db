"""What a question means: filters, what to sort by, and the words that are left to look for in the text."""

from typing import Any, Final, Literal

from msgspec import Struct, structs

from app.listings.schemas import ListingSearchForm
from app.search.rules.choosing import Chosen, choices_in, choices_meant, role_of_place
from app.search.rules.figures import Limits, limits_in
from app.search.rules.lexicon import Lexicon, Match
from app.search.rules.naming import Named, exact_names, meant_names
from app.search.rules.phrases import NOISE
from app.search.rules.pieces import Question
from app.search.rules.trimming import Trimmed, model_of_trim, trims_of

How = Literal["named", "alias", "sound", "typo", "word", "figure", "ticked"]
_RADIUS: Final = (10, 300)
_KM: Final = frozenset(("km", "kms"))


class Note(Struct, frozen=True):
    """How a part of the question was understood. `field` is one of ListingSearchForm, `values` as an address has them;
    `ticked`: it was not used, because that field was filled in already.
    """

    field: str
    values: tuple[str, ...]
    said: str
    how: How


class Correction(Struct, frozen=True):
    """`said` was taken for `meant`: to be told, for it may be wrong."""

    said: str
    meant: str
    meant_ur: str


class Understood(Struct, frozen=True):
    """`asked` has what was understood as filters and in `q` only the words that are left."""

    asked: ListingSearchForm
    notes: tuple[Note, ...] = ()
    corrections: tuple[Correction, ...] = ()
    moved: bool = False


def understand(asked: ListingSearchForm, lexicon: Lexicon, this_year: int) -> Understood:
    """Filters out of the free text of `asked`; what somebody ticked himself stays as it is.

    A page of results that was asked with `q=civic under 60 lakh` and is `moved` goes on (303, or with htmx a replaced
    address) to the address of `asked`: make=honda&model=civic&price_max=6000000. Its chips are made of that address as
    of any other, so each can be taken away, and asking again changes nothing. `corrections` are to be told on the page
    that answers; whoever takes their chip away and types the word again in quotation marks has it looked for as it is.
    """
    notes: tuple[Note, ...] = ()
    corrections: tuple[Correction, ...] = ()
    before = asked
    while asked.q.strip():  # until what is left says nothing more, so that asking the answer again changes nothing
        found = _Reading(asked, lexicon, this_year).understood()
        notes, corrections = notes + found.notes, corrections + found.corrections
        if found.asked == asked:
            break
        asked = found.asked
    return Understood(asked, notes, corrections, asked != before)


class _Reading:
    def __init__(self, asked: ListingSearchForm, lexicon: Lexicon, this_year: int) -> None:
        self.asked, self.lexicon, self.this_year = asked, lexicon, this_year
        self.question = Question(asked.q)
        self.fields: dict[str, Any] = {}
        self.notes: list[Note] = []
        self.corrections: list[Correction] = []

    def understood(self) -> Understood:
        question, ticked = self.question, set(self.asked.make)
        names = exact_names(question, self.lexicon, ticked)
        self._places(names)
        self._chosen(choices_in(question))
        self._limits(limits_in(question, self.this_year))
        models = self._models(names)
        trims = self._trims(models, names)
        meant = meant_names(question, self.lexicon, ticked, names)
        self._places(meant)
        self._chosen(choices_meant(question))
        models = self._models([*names, *meant])
        if not trims:
            trims = self._trims(models, [*names, *meant])
        self._cars([*names, *meant], models)
        for trimmed in trims:
            self._put("trim", trimmed.trims, trimmed.spans, "word")
        self._noise()
        return self._told()

    def _places(self, names: list[Named]) -> None:
        for one in names:
            if one.entity.kind not in ("city", "province"):
                continue
            role, start, end = role_of_place(self.question, one.start, one.end)
            if role == "city" and one.entity.kind == "province":
                role = "registered"
            radius = self._radius(start if role == "near" else one.start, role)
            if radius:
                role, start = "near", radius[1]
                self._put("radius", (str(radius[0]),), ((start, end),), "figure")
            self.question.take(start, end)
            self._put(role, (one.entity.slug,), ((start, end),), one.match.how)
            self._tell(one.match, one.start, one.end)

    def _radius(self, at: int, role: str) -> tuple[int, int] | None:
        """ "within 50 km of Lahore": kilometres, and where that begins."""
        text = self.question.text
        at -= text(at - 1) in ("of", "from", "around", "near", "ke", "se")
        if text(at - 1) not in _KM or not text(at - 2).isdecimal() or not self.question.free(at - 2, at):
            return None
        if role != "near" and at == 0:
            return None
        km = int(text(at - 2)[:6])
        start = at - 2 - (text(at - 3) == "within")
        return (min(max(km, _RADIUS[0]), _RADIUS[1]), start) if km <= _RADIUS[1] else None

    def _chosen(self, found: list[Chosen]) -> None:
        for one in sorted(found, key=lambda one: one.start):
            self._put(one.field, one.values, ((one.start, one.end),), "typo" if one.typo else "word")

    def _limits(self, found: list[Limits]) -> None:
        for one in found:
            for name, value in ((f"{one.kind}_min", one.least), (f"{one.kind}_max", one.most)):
                if value is not None:
                    self._put(name, (str(value),), ((one.start, one.end),), "figure")

    def _models(self, names: list[Named]) -> list[tuple[str, str]]:
        """Make and model of those that are named or ticked."""
        found = [(one.entity.make, one.entity.slug) for one in names if one.entity.kind == "model"]
        if not found and self.asked.model:
            known = self.lexicon.trims
            found = [key for key in known if key[1] in self.asked.model and key[0] in (self.asked.make or (key[0],))]
        if not found:
            makes = {one.entity.slug for one in names if one.entity.kind == "make"} | set(self.asked.make)
            told = model_of_trim(self.question, self.lexicon, makes)
            if told:
                found = [told[:2]]
                self._put("model", (told[1],), ((told[2], told[2] + 1),), "alias")
                self._put("make", (told[0],), ((told[2], told[2] + 1),), "alias")
        return list(dict.fromkeys(found))

    def _trims(self, models: list[tuple[str, str]], names: list[Named]) -> list[Trimmed]:
        """Of one model only: trims of two would leave out the rest of both."""
        if len(models) != 1:
            return []
        make, model = models[0]
        by = [one for one in names if one.entity.kind == "model"]
        found = trims_of(self.question, self.lexicon, make, model, by)
        return [found] if found else []

    def _cars(self, names: list[Named], models: list[tuple[str, str]]) -> None:
        """Makes and models. A make that has none of the models named was a slip: the models' own count."""
        makes = {make for make, _model in models}
        for one in names:
            entity, span = one.entity, ((one.start, one.end),)
            if entity.kind == "make":
                if not models or entity.slug in makes or len(models) > 1:
                    self._put("make", (entity.slug,), span, one.match.how)
                    self._tell(one.match, one.start, one.end)
                else:
                    owner = self.lexicon.entities["make", models[0][0], models[0][0]]
                    self.corrections.append(
                        Correction(self.question.said(one.start, one.end), owner.name, owner.name_ur)
                    )
            elif entity.kind == "model" and self._fits_ticked(entity.make):
                self._put("make", (entity.make,), (), one.match.how)
                self._put("model", (entity.slug,), span, one.match.how)
                self._tell(one.match, one.start, one.end)
            elif entity.kind == "model":
                self.question.give_back(span)

    def _fits_ticked(self, make: str) -> bool:
        return not self.asked.make or make in self.asked.make

    def _put(self, field: str, values: tuple[str, ...], spans: tuple[tuple[int, int], ...], how: How) -> None:
        """The field as it was understood, unless it was filled in already: then names go back to the words."""
        said = " ".join(self.question.said(start, end) for start, end in spans)
        if self._is_ticked(field):
            given = getattr(self.asked, field)
            agrees = isinstance(given, tuple) and set(values) <= set(given)
            if field in ("make", "model", "city") and not agrees:
                self.question.give_back(spans)
            self.notes.append(Note(field, values, said, "ticked"))
            return
        if field == "sort":
            self.fields.setdefault(field, values[0])
        elif field == "photos":
            self.fields[field] = True
        elif field == "near":
            self.fields[field] = values[0]
        elif field == "radius" or field.endswith(("_min", "_max")):
            self.fields[field] = int(values[0])
        else:
            self.fields[field] = tuple(dict.fromkeys((*self.fields.get(field, ()), *values)))
        if said or how != "named":
            self.notes.append(Note(field, values, said, how))

    def _is_ticked(self, field: str) -> bool:
        """A range is one field: who filled in one end of it has said what he wants."""
        if field.endswith(("_min", "_max")):
            kind = field[:-4]
            return any(getattr(self.asked, f"{kind}_{end}") is not None for end in ("min", "max"))
        if field == "radius":
            return self.asked.near is not None
        if field == "sort":
            return self.asked.sort != "relevance"
        return bool(getattr(self.asked, field))

    def _tell(self, match: Match, start: int, end: int) -> None:
        entity = match.entity
        slip = match.how == "alias" and entity.misspelt(self.question.squashed(start, end))
        if slip or match.how in ("sound", "typo"):
            self.corrections.append(Correction(self.question.said(start, end), entity.name, entity.name_ur))

    def _noise(self) -> None:
        for width in (2, 1):
            for start in range(len(self.question) - width + 1):
                if self.question.free(start, start + width) and self.question.phrase(start, start + width) in NOISE:
                    self.question.take(start, start + width)

    def _told(self) -> Understood:
        page = 1 if self.fields else self.asked.page
        asked = structs.replace(self.asked, **self.fields, q=self.question.left()[:200].strip(), page=page)
        return Understood(asked, tuple(self.notes), tuple(self.corrections))
