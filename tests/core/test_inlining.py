"""The styles that a page carries itself: those that can apply to it, and no others."""

import pytest

from app.core import inlining, static
from app.core.inlining import Rule, parse


def kept(css: str, html: str) -> str:
    names = {f".{name}" for found in inlining._CLASSES.findall(html) for name in found.split()}
    names |= {f"#{name}" for name in inlining._IDS.findall(html)} | set(inlining._TAGS.findall(html))
    if inlining._URDU.search(html):
        names.add(":ur")
    return "".join(inlining._kept(one, frozenset(names)) for one in parse(css))


@pytest.mark.parametrize(
    ("css", "left"),
    [
        (".a { color: red }", ".a{color: red}"),
        (".b { color: red }", ""),
        (".a, .b { color: red }", ".a{color: red}"),
        (".a .b, .a:hover { x: y }", ".a:hover{x: y}"),
        ("p > .a::before { x: y }", "p > .a::before{x: y}"),
        ("table .a { x: y }", ""),
        ("#it.a { x: y }", "#it.a{x: y}"),
        ("#other { x: y }", ""),
        (".a { x: y; & .b { z: 1 } & em { z: 2 } & p { z: 3 } }", ".a{x: y;& p{z: 3}}"),
        (".a { & .b { z: 1 } }", ""),
        (":is(.b, .c) { x: y }", ""),
        (":is(.b, .a) { x: y }", ":is(.b, .a){x: y}"),
        (".a:has(> .b) { x: y }", ""),
        (".a:not(.b) { x: y }", ".a:not(.b){x: y}"),
        ("@media (width < 10px) { .b { x: y } }", ""),
        ("@media (width < 10px) { .a { x: y } }", "@media (width < 10px){.a{x: y}}"),
        ("@layer one, two; @layer one { .a { x: y } .b { x: y } }", "@layer one, two;@layer one{.a{x: y}}"),
        (".a { background: url('x;{y') } /* it's } */ .b { x: y }", ".a{background: url('x;{y')}"),
        (":root { --x: 1; --y: light-dark(a, b) }", ":root{--x: 1;--y: light-dark(a, b)}"),
        (":lang(ur) .a { x: y }", ""),
        ('.a[data-x="{"] { x: y }', '.a[data-x="{"]{x: y}'),
    ],
)
def test_what_can_apply_is_kept(css: str, left: str) -> None:
    assert kept(css, '<html lang="en"><body><p class="a" id="it">').replace(";}", "}") == left


def test_urdu_rules_are_for_pages_with_urdu() -> None:
    assert kept(":lang(ur) .a { x: y }", '<html lang="ur"><p class="a">')


def test_our_own_sheet_is_understood_whole() -> None:
    """Nothing of it is lost when everything it asks for is there."""
    name = static.bundle().names["app.css"]
    whole = "".join(inlining._kept(one, inlining._asked(name)) for one in inlining._parsed(name))

    def plain(css: str) -> str:
        bare = inlining._COMMENT.sub(lambda found: found[1] or "", css)
        return "".join(bare.split()).replace(";}", "}").replace(";;", ";").replace("{;", "{").replace("};", "}")

    def empty(items: tuple[str | Rule, ...]) -> list[str]:
        return [item.head for item in items if isinstance(item, Rule) for _ in [0] if not item.items]

    assert empty(inlining._parsed(name)) == []
    assert plain(whole) == plain(static.bundle().files[name].content.decode())


def test_a_page_of_the_market_carries_less_than_half_of_the_sheet() -> None:
    page = (
        '<html lang="en"><body><main class="wrap"><h1>Cars</h1><ul class="cars"><li class="car-card"></li></ul></main>'
    )
    styles = inlining.styles(page)

    assert ".car-card" in styles
    assert ".inbox" not in styles
    assert ":hover" not in styles
    assert "transition:" not in styles
    assert "--canvas:" in styles.replace(" ", "")
    assert "--bad-fill:" not in styles.replace(" ", ""), "nothing there is so bad"
    assert len(styles) * 2 < len(static.bundle().files[static.bundle().names["app.css"]].content)
