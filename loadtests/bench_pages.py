"""How fast the market's pages are on a cheap phone: a slow 4G line and a processor four times as slow, median of five.

    python -m loadtests.bench_pages [--host http://127.0.0.1:8080] [--runs 5] [--lighthouse PROGRAM]

Without --host a desk of its own is started over the demo's stock, which counts as real then: a demo is found by nobody.
With --lighthouse, its scores too. The last line is one JSON object; it fails when a budget does not hold.
"""

import argparse
import asyncio
import json
import re
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

import asyncpg
from playwright.async_api import Browser, CDPSession, async_playwright

from loadtests.pages.lighthouse import scores
from tests.support.browser import chromium
from tests.support.desk import desk

PHONE = {"viewport": {"width": 412, "height": 823}, "device_scale_factor": 1.75, "is_mobile": True, "has_touch": True}
LINE = {"offline": False, "latency": 562.5, "downloadThroughput": 188_743.68, "uploadThroughput": 86_400}
SLOWDOWN = 4
KINDS = {"Document": "html", "Stylesheet": "css", "Script": "js", "Font": "fonts", "Image": "images"}
BUDGETS = {
    "fcp_s": 1.1,
    "lcp_s": 1.8,
    "tbt_ms": 100,
    "cls": 0.01,
    "html_css_kb": 14.0,
    "js_kb": 16.0,
    "total_kb": 300.0,
}
FONTS_KB = {"en": 30.0, "ur": 130.0}
_WATCH = """() => {
  window.seen = { lcp: 0, cls: 0, tasks: [], shifts: [] };
  const told = (node) => node?.outerHTML?.slice(0, 90) ?? "";
  const take = {
    "largest-contentful-paint": (entry) => { seen.lcp = entry.startTime; seen.element = told(entry.element); },
    "layout-shift": (entry) => {
      if (entry.hadRecentInput) return;
      seen.cls += entry.value;
      seen.shifts.push(...entry.sources.map((one) => told(one.node)));
    },
    longtask: (entry) => seen.tasks.push([entry.startTime, entry.duration]),
  };
  for (const [type, each] of Object.entries(take)) {
    new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
  }
}"""
_READ = """() => ({ ...seen, fcp: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0 })"""


async def measure(host: str, paths: dict[str, str], runs: int) -> dict[str, dict[str, Any]]:
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        found = {}
        for name, path in paths.items():
            rounds = [await _once(browser, host + path) for _ in range(runs)]
            found[name] = _median(rounds)
            print(f"{name:12} {json.dumps(found[name], ensure_ascii=False)}", flush=True)
        await browser.close()
    return found


async def _once(browser: Browser, url: str) -> dict[str, Any]:
    context = await browser.new_context(**PHONE, ignore_https_errors=True)  # type: ignore[arg-type]
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    sizes = await _listen(session)
    await session.send("Network.emulateNetworkConditions", LINE)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    await page.add_init_script(f"({_WATCH})()")
    await page.goto(url, wait_until="load", timeout=90_000)
    await page.wait_for_timeout(2_000)
    told = await page.evaluate(_READ)
    await context.close()
    blocked = sum(max(0.0, length - 50) for start, length in told["tasks"] if start + length > told["fcp"])
    return {
        "fcp_s": told["fcp"] / 1000, "lcp_s": told["lcp"] / 1000, "tbt_ms": blocked, "cls": told["cls"],
        "lcp_element": told.get("element") or "", "shifts": told["shifts"][:3], "bytes": dict(sizes),
    }  # fmt: skip


async def _listen(session: CDPSession) -> dict[str, int]:
    """Bytes on the wire by kind, as they come."""
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = defaultdict(int)
    session.on("Network.responseReceived", lambda told: kinds.update({told["requestId"]: told["type"]}))
    session.on("Network.loadingFinished", lambda told: _add(sizes, kinds, told))
    await session.send("Network.enable")
    return sizes


def _add(sizes: dict[str, int], kinds: dict[str, str], told: dict[str, Any]) -> None:
    sizes[KINDS.get(kinds.get(told["requestId"], ""), "other")] += int(told["encodedDataLength"])


def _median(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    figures = {
        name: round(statistics.median(one[name] for one in rounds), 3) for name in ("fcp_s", "lcp_s", "tbt_ms", "cls")
    }
    kb = {
        kind: round(statistics.median(one["bytes"].get(kind, 0) for one in rounds) / 1000, 1)
        for kind in (*KINDS.values(), "other")
    }
    last = rounds[-1]
    return {
        **figures, "html_css_kb": round(kb["html"] + kb["css"], 1), "js_kb": kb["js"], "fonts_kb": kb["fonts"],
        "total_kb": round(sum(kb.values()), 1), "kb": kb, "lcp_element": last["lcp_element"], "shifts": last["shifts"],
    }  # fmt: skip


def over(name: str, figures: dict[str, Any]) -> list[str]:
    """What does not keep within its budget."""
    budgets = {**BUDGETS, "fonts_kb": FONTS_KB[name.rpartition(" ")[2]]}
    return [f"{what} {figures[what]} > {most}" for what, most in budgets.items() if figures[what] > most]


def pages_of(host: str) -> dict[str, str]:
    """One of each kind, in both languages."""
    with urlopen(Request(f"{host}/cars?make=toyota&model=corolla", headers={"accept": "text/html"})) as answer:  # noqa: S310
        car = re.findall(r'href="(/l/[^"?#]+)"', answer.read().decode())[0]
    return {
        "home en": "/",
        "home ur": "/ur",
        "results en": "/cars?make=toyota",
        "results ur": "/ur/cars?make=toyota",
        "listing en": car,
        "listing ur": f"/ur{car}",
        "landing en": "/cars/toyota",
        "landing ur": quote("/ur/cars/ٹویوٹا"),
    }


@contextmanager
def served() -> Iterator[str]:
    """A desk over the demo's stock, first as a demo until its pictures are drawn, then as if it were real."""
    with tempfile.TemporaryDirectory(prefix="bench-pages-", ignore_cleanup_errors=True) as directory:
        data = Path(directory)
        data.chmod(0o711)
        with desk(data, "-m", "app.cli", "dev", DESK_DEMO="1", LOG_LEVEL="warning") as demo:
            demo.until_ready()
            asyncio.run(_drawn(demo.state.environment["DATABASE_OWNER_URL"]))
        with desk(data, "-m", "app.cli", "dev", DESK_DEMO="", RATE_FACTOR="1000", LOG_LEVEL="warning") as real:
            real.until_ready()
            yield real.state.base_url


async def _drawn(url: str) -> None:
    connection = await asyncpg.connect(url)
    for _ in range(600):
        if not await connection.fetchval("select count(*) from job where done_at is null and dead_at is null"):
            break
        await asyncio.sleep(1)
    await connection.execute("update listing set demo = false")
    await connection.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--host", help="a desk that runs; default: one of its own")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="", help="pages whose name holds this")
    parser.add_argument("--lighthouse", help="the program, where it is installed")
    options = parser.parse_args()
    if not 1 <= options.runs <= 50:
        parser.error("runs 1-50")
    subprocess.run([sys.executable, "infra/scripts/build_static.py"], check=True, stdout=subprocess.DEVNULL)
    if options.host:
        return report(options.host.rstrip("/"), options)
    with served() as host:
        return report(host, options)


def report(host: str, options: argparse.Namespace) -> int:
    paths = {name: path for name, path in pages_of(host).items() if options.only in name}
    found = asyncio.run(measure(host, paths, options.runs))
    wrong = {name: faults for name, figures in found.items() if (faults := over(name, figures))}
    told: dict[str, Any] = {"runs": options.runs, "pages": found, "over": wrong, "met": not wrong}
    if options.lighthouse:
        told["lighthouse"] = {name: scores(options.lighthouse, host + path) for name, path in paths.items()}
    print(json.dumps(told, ensure_ascii=False))
    return 0 if not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
