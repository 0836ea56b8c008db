"""The Jinja environments, one a language and digit style: macros, filters, translations; nothing of a request."""

import contextlib
import datetime as dt
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Undefined,
    pass_context,
    pass_eval_context,
    select_autoescape,
)  # fmt: skip
from jinja2.bccache import Bucket, FileSystemBytecodeCache
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from markupsafe import Markup, escape
from msgspec import Struct

from app.core import clock, dates, digits, i18n, money, phone, security, static
from app.core.i18n import Lang

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
Digits = Literal["latin", "urdu"]
_URDU_DIGITS = "-u-nu-arabext"


class Flags(Struct, frozen=True):
    """What templates may know of the settings."""

    demo: bool = False
    production: bool = False
    base_url: str = "http://127.0.0.1:8080"


_flags = Flags()


def install(flags: Flags) -> None:
    global _flags
    _flags = flags


def tag(lang: Lang, figures: Digits) -> str:
    """How somebody reads, as one BCP 47 tag: pages and pushes made under the same tag are the same."""
    return lang + _URDU_DIGITS if lang == "ur" and figures == "urdu" else lang


def environment_of(reads: str) -> Environment:
    """The environment of a tag; a bare language is one too."""
    return environment(i18n.known(reads), "urdu" if reads.endswith(_URDU_DIGITS) else "latin")


def environment(lang: Lang, figures: Digits, /) -> Environment:
    """One per language and figures, under the flags that are installed."""
    built = _environment(lang, figures, _flags.production)
    built.globals["flags"] = _flags
    return built


@cache
def _environment(lang: Lang, figures: Digits, production: bool, /) -> Environment:
    """Made once in a process: compiling the templates again takes longer than most tests."""
    built = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html",), ("txt",), default=True),
        undefined=StrictUndefined,
        auto_reload=not production,
        bytecode_cache=_compiled(),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        cache_size=-1,
    )
    shown = digits.to_urdu if lang == "ur" and figures == "urdu" else str
    built.globals.update(
        {
            **_translators(lang, shown),
            "lang": lang,
            "reads": tag(lang, figures),
            "dir": i18n.direction(lang),
            "static": static.url,
            "release": static.bundle().release,
            "now": clock.now,
            "may": security.may,
            "ui": Macros(built),
        }
    )
    built.filters.update({name: _when_shown(make) for name, make in _filters(lang, shown).items()})
    return built


class _Kept(FileSystemBytecodeCache):
    """What is not to be written down now is compiled again by the next process."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


def _compiled() -> _Kept | None:
    """What earlier processes compiled, in a directory that is this user's alone; none where there is none."""
    with contextlib.suppress(RuntimeError, OSError):
        return _Kept(pattern="desk-%s.cache")
    return None


def _when_shown(make: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that is never worked out while compiling: what is compiled serves every language and other releases."""

    @pass_context
    def shown(_context: Context, *given: Any, **named: Any) -> Any:
        return make(*given, **named)

    return shown


class Macros:
    """Every macro of `templates/ui/` by its name: `ui.button(…)` in any template, no import line."""

    def __init__(self, env: Environment) -> None:
        self._env = env
        self._homes: dict[str, str] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._homes:
            self._homes = {macro: file for file in macro_files() for macro in self._public(file)}
        home = self._homes.get(name)
        if home is None:
            raise LookupError(f"no macro {name} in templates/ui")
        found = getattr(self._env.get_template(home).module, name)
        if not self._env.auto_reload:
            setattr(self, name, found)
        return found

    def _public(self, file: str) -> list[str]:
        return [name for name in vars(self._env.get_template(file).module) if not name.startswith("_")]


def macro_files() -> list[str]:
    return [f"ui/{path.name}" for path in sorted((TEMPLATES / "ui").glob("*.html")) if not path.name.startswith("_")]


def _translators(lang: Lang, figures: Callable[[str], str]) -> dict[str, Callable[..., str]]:
    """`_` and `ngettext`. In HTML the sentence is escaped: it cannot bring markup in, a value may that is Markup."""

    @lru_cache(4096)
    def said(message: str, escaped: bool) -> str:
        text = i18n.translations(lang).gettext(message) if message else ""
        return escape(text) if escaped else text

    @pass_eval_context
    def gettext(where: EvalContext, message: str, /, **values: Any) -> str:
        text = said(str(message), bool(where.autoescape))
        return i18n.fill(text, {**getattr(message, "values", {}), **values})

    @pass_eval_context
    def ngettext(where: EvalContext, one: str, many: str, n: int, /, **values: Any) -> str:
        text = i18n.translations(lang).ngettext(one, many, n)
        return i18n.fill(escape(text) if where.autoescape else text, {"n": figures(f"{n:,}"), **values})

    return {"_": gettext, "ngettext": ngettext}


def _filters(lang: Lang, figures: Callable[[str], str]) -> dict[str, Callable[..., Any]]:
    def shown(make: Callable[..., str]) -> Callable[..., str]:
        return lambda value, *rest, **named: figures(make(value, *rest, **named))

    def ago(when: dt.datetime, now: dt.datetime | None = None) -> str:
        return dates.show_ago(when, now or clock.now(), lang)

    return {
        "pkr": shown(lambda rupees: money.pkr(rupees, lang)),
        "pkr_full": shown(lambda rupees: money.pkr_full(rupees, lang)),
        "num": shown(lambda number: f"{number:,}"),
        "phone": shown(phone.show_phone),
        "takes_whatsapp": phone.takes_whatsapp,
        "phone_masked": shown(phone.mask_phone),
        "date": shown(lambda when, length="medium": dates.show_date(when, lang, length)),
        "time": shown(lambda when, pattern="HH:mm": dates.show_time(when, lang, pattern)),
        "datetime": shown(lambda when, length="medium": dates.show_datetime(when, lang, length)),
        "iso": lambda when: when.isoformat(),
        "moment": dt.datetime.fromisoformat,
        "ago": shown(ago),
        "age": shown(lambda when: dates.show_age(when, clock.now(), lang)),
        "duration": shown(lambda seconds: dates.show_duration(seconds, lang)),
        "attrs": attrs,
        "initials": initials,
        "hue": lambda name: sum(map(ord, name)) % 8,
    }


def attrs(given: Mapping[str, Any]) -> Markup:
    """Macro keywords as HTML attributes: `hx_post="/x"` → `hx-post`, True → bare, None and False left out."""
    if isinstance(given, Undefined):
        return Markup("")
    parts = []
    for name, value in given.items():
        if value is None or value is False or isinstance(value, Undefined):
            continue
        key = escape(name.rstrip("_").replace("_", "-"))
        parts.append(Markup(" {}").format(key) if value is True else Markup(' {}="{}"').format(key, value))
    return Markup("").join(parts)


def initials(name: str) -> str:
    """At most two letters for an avatar; one for scripts that join their letters."""
    words = name.split()
    if not words:
        return "?"
    if not words[0].isascii():
        return words[0][0]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
