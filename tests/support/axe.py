"""axe-core over an open page: what a person with a screen reader, a keyboard or weak eyes would stumble over."""

from pathlib import Path

from playwright.async_api import Page

AXE = (Path(__file__).parents[1] / "browser" / "vendor" / "axe.min.js").read_text("utf-8")
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """tags => axe.run(document, {
  runOnly: {type: 'tag', values: tags},
  resultTypes: ['violations'], preload: false, elementRef: false, iframes: false})"""


async def faults(page: Page) -> list[tuple[str, str, str]]:
    """(rule, impact, element) of every violation that is more than minor.

    The page's context needs `bypass_csp`: our policy does not let axe in.
    """
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
    told = await page.evaluate(_RUN, _TAGS)
    return [
        (fault["id"], fault["impact"], fault["nodes"][0]["html"][:160])
        for fault in told["violations"]
        if fault["impact"] != "minor"
    ]
