"""Pages in the visitor's language, fragments without a visitor."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment, UndefinedError
from litestar import Litestar, get
from markupsafe import Markup

from app.core import preferences, render, templating
from app.core.i18n import Text, _, translate
from app.core.settings import load
from app.core.templating import attrs, environment, environment_of, initials, tag
from tests.support.asgi import call


@pytest.fixture(autouse=True, scope="module")
def _installed() -> None:
    render.install(load({"DESK_DEMO": "1"}))


@pytest.fixture
def app() -> Litestar:

    @get(["/desk", "/ur/cars"], access="public")
    async def show_own() -> render.Page:
        return render.page("dev/probe.html")

    @get("/cars", access="public", language="path")
    async def show_public() -> render.Page:
        return render.page("dev/probe.html")

    @get("/go", access="public")
    async def go() -> object:
        return render.redirect("/desk", flash=_("Join %(org)s", org="<b>Ravi</b>"))

    return Litestar([show_own, show_public, go, preferences.update_preferences], openapi_config=None)


@pytest.mark.parametrize(
    ("path", "cookie", "direction"),
    [("/desk", "", "ltr"), ("/desk", "lang=ur", "rtl"), ("/desk", "lang=fr", "ltr"), ("/cars", "lang=ur", "ltr"),
     ("/ur/cars", "lang=en", "rtl")],
)  # fmt: skip
async def test_who_decides_the_language(app: Litestar, path: str, cookie: str, direction: str) -> None:
    shown = await call(app, "GET", path, headers=[("cookie", cookie)])

    assert f'dir="{direction}"' in shown.body.decode()
    assert shown.headers["content-language"] == ("ur" if direction == "rtl" else "en")


async def test_the_theme_is_on_the_page_from_the_start(app: Litestar) -> None:
    assert 'data-theme="dark"' in (await call(app, "GET", "/desk", headers=[("cookie", "theme=dark")])).body.decode()
    assert "data-theme" not in (await call(app, "GET", "/desk", headers=[("cookie", "theme=x")])).body.decode()


async def test_a_flash_is_said_once_in_the_readers_language_and_never_as_markup(app: Litestar) -> None:
    went = await call(app, "GET", "/go")
    cookie = went.headers["set-cookie"].split(";")[0]
    shown = await call(app, "GET", "/desk", headers=[("cookie", f"{cookie}; lang=ur")])

    assert went.status == 303
    assert "&lt;b&gt;Ravi&lt;/b&gt; میں شامل ہوں" in shown.body.decode()
    assert 'flash=""' in shown.headers["set-cookie"] or "Max-Age=0" in shown.headers["set-cookie"]


@pytest.mark.parametrize("forged", ["x", "bm8=", "WyIlKHgpcyIsIHt9LCAib2siXQ==", "W10=", "a" * 4000])
async def test_a_forged_flash_says_nothing(app: Litestar, forged: str) -> None:
    shown = await call(app, "GET", "/desk", headers=[("cookie", f"flash={forged}")])

    assert shown.status == 200


async def test_preferences_come_back_to_the_same_page_and_never_to_another_site(app: Litestar) -> None:
    form = [("content-type", "application/x-www-form-urlencoded")]
    kept = await call(app, "POST", "/preferences", headers=form, body=b"lang=ur&next=/desk/members?q=1")
    away = await call(app, "POST", "/preferences", headers=form, body=b"lang=ur&next=//evil.example")

    assert (kept.status, kept.headers["location"]) == (303, "/desk/members?q=1")
    assert "lang=ur" in kept.headers["set-cookie"]
    assert away.headers["location"] == "/"


@pytest.mark.parametrize("given", ["//evil", "/\\evil", "https://evil", "", "/a\nb", "javascript:1"])
def test_a_path_that_could_leave_this_site_leads_home(given: str) -> None:
    assert preferences.local_path(given) == "/"


def test_a_fragment_knows_nothing_of_a_request() -> None:
    env = environment_of("en")
    with pytest.raises(UndefinedError):
        env.from_string("{{ csrf_token }}").render()
    with pytest.raises(LookupError, match="no macro"):
        env.from_string("{{ ui.nothing() }}").render()


def test_a_translation_cannot_bring_markup_and_a_value_is_escaped() -> None:
    env = environment_of("en")

    assert env.from_string('{{ _("<i>%(n)s</i>", n="<b>") }}').render() == "&lt;i&gt;&lt;b&gt;&lt;/i&gt;"
    assert env.from_string('{{ _("100% ours") }}').render() == "100% ours"
    assert env.from_string('{{ _("See %(link)s", link=link) }}').render(link=Markup("<a>x</a>")) == "See <a>x</a>"


def test_a_sentence_carries_its_values_to_its_reader() -> None:
    assert translate(_("Join %(org)s", org="Ravi"), "ur") == "Ravi میں شامل ہوں"
    assert render.sentence("Nobody wrote this.", "ur") == "Nobody wrote this."
    assert isinstance(_("Join %(org)s", org="Ravi"), Text)


def test_plurals_in_both_languages() -> None:
    for lang, one, many in (("en", "1 member", "1,200 members"), ("ur", "1 رکن", "1,200 اراکین")):
        env = environment_of(lang)
        template = env.from_string('{{ ngettext("%(n)s member", "%(n)s members", n) }}')

        assert (template.render(n=1), template.render(n=1200)) == (one, many)


def test_urdu_digits_are_a_choice() -> None:
    assert environment("ur", "urdu").from_string("{{ 4250000|pkr }}").render() == "۴۲.۵ لاکھ روپے"
    assert environment("en", "urdu").from_string("{{ 4250000|pkr }}").render() == "PKR 42.5 lakh"
    counted = '{{ ngettext("%(n)s member", "%(n)s members", 1200) }}'
    assert environment("ur", "urdu").from_string(counted).render() == "۱,۲۰۰ اراکین"


def test_a_tag_says_language_and_digits() -> None:
    assert [tag("en", "urdu"), tag("ur", "latin"), tag("ur", "urdu")] == ["en", "ur", "ur-u-nu-arabext"]
    for lang, figures in (("en", "latin"), ("ur", "latin"), ("ur", "urdu")):
        assert environment_of(tag(lang, figures)) is environment(lang, figures)
    assert render.sentence("Sign in", "ur-u-nu-arabext") == render.sentence("Sign in", "ur")


def test_every_name_given_to_a_page_is_its_templates() -> None:
    names = {"status": "live", "headers": "Cars", "template": "new"}
    page = render.page("dev/probe.html", **names)
    gone = render.page("dev/probe.html", **names).sent(404, {"cache-control": "no-store"})

    assert (page.status_code, page.context) == (200, names)
    assert (gone.status_code, gone.headers["cache-control"], gone.context) == (404, "no-store", names)


def test_attributes_and_initials() -> None:
    assert (
        attrs({"hx_post": "/x?a&b", "disabled": True, "hidden": False, "class_": '"'})
        == ' hx-post="/x?a&amp;b" disabled class="&#34;"'
    )
    assert (initials("Sana Khan"), initials("عمران احمد"), initials("")) == ("SK", "ع", "?")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Another directory for temporary files, and no environment made yet."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    templating._environment.cache_clear()
    yield tmp_path
    templating._environment.cache_clear()


def test_what_one_process_compiled_the_next_need_not(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = environment("en", "latin").globals["ui"].button("Save")
    templating._environment.cache_clear()
    monkeypatch.setattr(Environment, "compile", None)

    assert environment("en", "latin").globals["ui"].button("Save") == first


@pytest.mark.usefixtures("elsewhere")
def test_what_was_compiled_for_one_language_serves_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = DictLoader({"price": "{{ 4250000|pkr }}"})
    shown = []
    for figures in ("latin", "urdu"):
        env = environment("ur", figures)
        monkeypatch.setattr(env, "loader", folder)
        shown.append(env.get_template("price").render())

    assert shown == ["42.5 لاکھ روپے", "۴۲.۵ لاکھ روپے"]


def test_where_nothing_can_be_kept_templates_are_compiled_again(elsewhere: Path) -> None:
    env = environment("en", "latin")
    shutil.rmtree(next(elsewhere.iterdir()))

    assert env.globals["ui"].button("Save")
    templating._environment.cache_clear()
    elsewhere.rmdir()
    assert environment("en", "latin").globals["ui"].button("Save")
