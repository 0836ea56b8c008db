"""The catalogue of sentences: collected from code and templates, checked, and laid out for a native reader.

python infra/scripts/catalogue.py update        new sentences into templates/locales/ur/*.po, gone ones out
python infra/scripts/catalogue.py check         exit 1 when a sentence is missing, doubtful, untranslated or broken
python infra/scripts/catalogue.py sheet [html]  every sentence on one sheet: English, Urdu, where it is used
"""

import ast
import csv
import html
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po
from jinja2.ext import babel_extract
from msgspec import Struct

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.core import i18n  # noqa: E402

CODE = ("app", "jobs", "realtime")
MARKS = {"_": 1, "translate_plural": 2}
SAYING = frozenset({"says", "say", "flash"})
"""Keywords whose plain string is a sentence for people: `class Gone(Refused, says="…")`, `Push(say="…")`."""
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_LATIN_WORD = re.compile(r"[A-Za-z]{4,}")

Id = str | tuple[str, str]


class Use(Struct):
    """A sentence and the files it stands in."""

    id: Id
    places: list[str]


def main(words: list[str]) -> int:
    if words == ["update"]:
        return update()
    if words == ["check"]:
        problems = check()
        print("\n".join(problems) or f"catalogue: {len(collect())} sentences, all in Urdu")
        return 1 if problems else 0
    if words[:1] == ["sheet"]:
        (html_sheet if words[1:] == ["html"] else csv_sheet)()
        return 0
    print(__doc__)
    return 2


@cache
def collect() -> dict[Id, Use]:
    found: dict[Id, Use] = {}
    for place, message in [*_in_code(), *_in_templates()]:
        use = found.setdefault(message, Use(message, []))
        if place not in use.places:
            use.places.append(place)
    return found


def update() -> int:
    uses, present = collect(), i18n.parts("ur")
    home = {message.id: part for part, catalog in present.items() for message in catalog if message.id}
    new: dict[str, Catalog] = {}
    for use in sorted(uses.values(), key=lambda use: (use.places[0], str(use.id))):
        part = home.get(use.id) or min(map(part_of, use.places), key=_rank)
        catalog = new.setdefault(part, Catalog(locale="ur", domain=part, project="desk", fuzzy=False))
        before = present[home[use.id]].get(_key(use.id)) if use.id in home else None
        catalog.add(
            use.id,
            before.string if before else None,
            locations=[(place, 0) for place in use.places],
            flags=[flag for flag in (before.flags if before else ()) if flag == "fuzzy"],
            user_comments=before.user_comments if before else (),
        )
    for part in present.keys() - new.keys():
        (i18n.LOCALES / "ur" / f"{part}.po").unlink()
    for part, catalog in new.items():
        with (i18n.LOCALES / "ur" / f"{part}.po").open("wb") as file:
            write_po(file, catalog, omit_header=True, width=0, include_lineno=False)
    missing = [message for catalog in new.values() for message in catalog if message.id and not _translated(message)]
    print(f"{len(uses)} sentences in {len(new)} parts, {len(missing)} without Urdu")
    return 0


def check() -> list[str]:
    uses = collect()
    problems: list[str] = []
    seen: dict[Id, str] = {}
    for part, catalog in i18n.parts("ur").items():
        for message in catalog:
            if not message.id:
                continue
            if message.id in seen:
                problems.append(f"{part}.po: also in {seen[message.id]}.po: {message.id!r}")
            seen[message.id] = part
            problems += [f"{part}.po: {fault}: {message.id!r}" for fault in _faults(message, uses)]
    problems += [f"{use.places[0]}: not in the catalogue: {use.id!r}" for use in uses.values() if use.id not in seen]
    return problems


def _faults(message: Message, uses: dict[Id, Use]) -> Iterator[str]:
    if message.id not in uses:
        yield "nobody says this any more"
    if message.fuzzy:
        yield "doubtful (fuzzy)"
    if not _translated(message):
        yield "no Urdu"
        return
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    wanted = set(_PLACEHOLDER.findall(" ".join(ids)))
    for text in strings:
        named = set(_PLACEHOLDER.findall(text))
        if named - wanted or (len(ids) == 1 and named != wanted):
            yield f"placeholders {sorted(named)} instead of {sorted(wanted)}"


def _translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(strings)


def part_of(place: str) -> str:
    """`app/orgs/errors.py` and `templates/orgs/members.html` are part `orgs`; core, ui, layouts, errors are `core`."""
    folder = place.split("/")[1]
    return "core" if folder in ("core", "ui", "layouts", "errors", "adapters", "main.py", "wiring.py") else folder


def _rank(part: str) -> tuple[int, str]:
    """A sentence of two parts stands in the more general one; the gallery's own come last."""
    return ({"core": 0, "dev": 2}.get(part, 1), part)


def _key(message: Id) -> str:
    return message[0] if isinstance(message, tuple) else message


def _in_code() -> Iterator[tuple[str, Id]]:
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            place = path.relative_to(ROOT).as_posix()
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                for message in _said(node):
                    yield place, message


def _said(node: ast.AST) -> Iterator[Id]:
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        wanted = MARKS.get(name, 0)
        texts = [
            arg.value for arg in node.args[:wanted] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        if wanted and len(texts) == wanted and name != "text":
            yield texts[0] if wanted == 1 else (texts[0], texts[1])
    if isinstance(node, ast.Call | ast.ClassDef):
        for keyword in node.keywords:
            value = keyword.value
            if keyword.arg in SAYING and isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            said = isinstance(key, ast.Constant) and key.value == "message" and isinstance(value, ast.Constant)
            if said and isinstance(value.value, str):
                yield value.value
    if isinstance(node, ast.AnnAssign | ast.Assign) and isinstance(node.value, ast.Constant):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(getattr(target, "id", "") in SAYING for target in targets) and isinstance(node.value.value, str):
            yield node.value.value


def _in_templates() -> Iterator[tuple[str, Id]]:
    for path in sorted([*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]):
        with path.open("rb") as file:
            for _line, function, message, _notes in babel_extract(file, ("_", "ngettext"), (), {"silent": "false"}):
                place = path.relative_to(ROOT).as_posix()
                if function == "_" and isinstance(message, str):
                    yield place, message
                elif function == "_" and isinstance(message, tuple) and isinstance(message[0], str):
                    yield place, message[0]
                elif function == "ngettext" and isinstance(message, tuple):
                    yield place, (str(message[0]), str(message[1]))


def rows() -> Iterator[tuple[str, str, str, str]]:
    """Part, English, Urdu, where: one row a form, so that plurals stand under each other."""
    uses = collect()
    for part, catalog in i18n.parts("ur").items():
        for message in catalog:
            if not message.id:
                continue
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            where = ", ".join(uses[message.id].places) if message.id in uses else ""
            for english, urdu in zip(ids, strings, strict=False):
                yield part, english, urdu or "", where


def csv_sheet() -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(("part", "English", "اردو", "where", "better"))
    writer.writerows((*row, "") for row in rows())


def html_sheet() -> None:
    body = "".join(
        f"<tr{' class=latin' if _LATIN_WORD.search(_PLACEHOLDER.sub('', urdu)) else ''}><td>{html.escape(part)}<td>"
        f"{html.escape(english)}<td dir=rtl lang=ur>{html.escape(urdu)}<td><small>{html.escape(where)}</small>"
        for part, english, urdu, where in rows()
    )
    print(
        "<!doctype html><meta charset=utf-8><title>Catalogue</title><style>body{font:15px/1.5 system-ui;margin:2rem}"
        "table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.4rem .7rem;vertical-align:top}"
        "[lang=ur]{font:18px/2 'Noto Nastaliq Urdu',serif}.latin [lang=ur]{background:#fff3d6}small{color:#667}</style>"
        f"<h1>English and Urdu, side by side</h1><p>Yellow: Latin words in the Urdu.<table>{body}</table>"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
