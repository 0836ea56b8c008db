"""axe-core over an open page: what a person with a screen reader, a keyboard or weak eyes would stumble over."""

from pathlib import Path

from playwright.async_api import BrowserContext, Page

_AXE = Path(__file__).parents[1] / "browser" / "vendor" / "axe.min.js"
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AT_REST = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  document.head.append(Object.assign(document.createElement("style"),
    {textContent: "* { transition-property: none !important }"}));
  for (let n = 0; n < 2; n++) await frame();  // a font is asked for when something is laid out in it
  await document.fonts.ready;
  for (let n = 0; n < 2; n++) await frame();
}"""
_RUN = """tags => axe.run(document, {
  runOnly: {type: 'tag', values: tags},
  resultTypes: ['violations'], preload: false, elementRef: false, iframes: false})"""


async def bring(context: BrowserContext) -> None:
    """Into every page of the context to come."""
    await context.add_init_script(path=_AXE)


async def faults(page: Page) -> list[tuple[str, str, str]]:
    """(rule, impact, element) of every violation that is more than minor, where axe has been brought."""
    await page.evaluate(_AT_REST)
    told = await page.evaluate(_RUN, _TAGS)
    return [
        (fault["id"], fault["impact"], fault["nodes"][0]["html"][:160])
        for fault in told["violations"]
        if fault["impact"] != "minor"
    ]
