"""A number in, what the app of so many generated reports takes in a real browser out.

`python tests/bench/many_screens.py 200000 [FOLDER]` writes a dataset of generated cards where the
folder has none, starts the app as a person does, and looks at it in Chromium: the first screen of
a process just started, filters changed one after the other, searches of section five and of all
sections, and ten readers at once, each with filters of its own. Times of the browser are by the
clock, those of the server by its processor.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from time import perf_counter, sleep
from typing import Any
from urllib.parse import urlencode

import click
from many_cards import YEARS, write
from many_texts import prose, words
from playwright.async_api import async_playwright

from dashboard.cli import _free_port
from dashboard.data import open_dataset
from govreport_core.build import pipeline

READERS = 10
CHANGES = 6  # of each of the readers
SCREENS = ("", "report", "region", "coverage", "checks", "words", "data", "compare", "method")
WAIT = 120_000
SAMPLES = Path(__file__).parents[2] / "data" / "reports"
_STARTING = [sys.executable, "-c", "from dashboard.cli import main; main()", "app", "--no-open"]
_GO = """href => {
  history.pushState({}, "", href);
  window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}"""


class Server:
    """The app in a process of its own, and what that process has used."""

    def __init__(self, dataset: Path) -> None:
        port = _free_port()
        self.home = f"http://localhost:{port}/"
        command = [*_STARTING, "--port", str(port), str(dataset)]
        self.started = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{self.home}_stcore/health").close()  # noqa: S310 - ours
                break
            except OSError:
                sleep(0.1)
        children = Path(f"/proc/{self.started.pid}/task/{self.started.pid}/children")
        self.pid = int(children.read_text(encoding="ascii").split()[0])

    def cpu_ms(self) -> float:
        """Its processor time so far, of all threads."""
        told = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    def peak(self) -> int:
        """The most it had in memory, in MB."""
        told = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(told.partition("VmHWM:")[2].split()[0]) // 1024

    def stop(self) -> None:
        """End it, and what it started."""
        os.killpg(self.started.pid, signal.SIGINT)
        self.started.wait(timeout=60)


class Reader:
    """One who looks at the app, in a context of their own."""

    def __init__(self, home: str, page: Any) -> None:
        self.home, self.page = home, page
        self.wrong: list[str] = []
        page.set_default_timeout(WAIT)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))

    async def come(self, screen: str, **filters: str) -> float:
        """Open an address anew; the seconds until it is drawn."""
        began = perf_counter()
        and_so_on = "&" if "?" in screen else "?"
        await self.page.goto(f"{self.home}{screen}{and_so_on}{urlencode(filters)}")
        await self._settled(filters)
        return perf_counter() - began

    async def change(self, screen: str, **filters: str) -> float:
        """Follow a link of the app to other filters; the seconds until it is drawn."""
        began = perf_counter()
        await self.page.evaluate(_GO, f"{self.home}{screen}?{urlencode(filters)}")
        await self._settled(filters)
        return perf_counter() - began

    async def choose(self, name: str, option: str) -> float:
        """Choose one more value by hand; the seconds from the click until it is drawn."""
        await self.page.locator(f".st-key-filter_{name} input").click()
        chosen = self.page.get_by_role("option", name=option)
        await chosen.wait_for()
        began = perf_counter()
        await chosen.click()
        await self.page.wait_for_url(lambda url: f"{name}=" in url)
        await self._settled({})
        return perf_counter() - began

    async def search(self, typed: str, **narrowed: str) -> float:
        """Open the room of words with a search; the seconds until it is drawn."""
        took = await self.come("words", q=typed, **narrowed)
        await self.page.locator(f"mark:text-is('{typed}')").first.wait_for()
        return took

    async def elements(self) -> int:
        """How many elements stand on the screen."""
        return int(await self.page.evaluate("document.querySelectorAll('*').length"))

    async def _settled(self, filters: dict[str, str]) -> None:
        """Wait until the screen of these filters has been drawn."""
        carried = "".join(f'[href*="{urlencode({k: v})}"]' for k, v in filters.items())
        await self.page.locator(f".gr-top a{carried}").first.wait_for(state="attached")
        still = '[data-testid="stApp"][data-test-script-state="notRunning"]'
        await self.page.locator(still).wait_for()
        if await self.page.locator('[data-testid="stException"], [data-testid="stAlert"]').count():
            said = '[data-testid="stException"], [data-testid="stAlert"]'
            self.wrong.append(await self.page.locator(said).first.inner_text())


def filters_of(regions: list[str], number: int) -> dict[str, str]:
    """Filters that no other number has."""
    kinds = ("department", "bureau", "township")
    chosen = {
        "year": str(YEARS[number % len(YEARS)]),
        "region": regions[number * 7 % len(regions)],
        "kind": kinds[number % len(kinds)],
        "outcome": "fail",
    }
    kept = [name for at, name in enumerate(chosen) if (number % 15 + 1) >> at & 1]
    return {name: chosen[name] for name in kept}


def p95(each: list[float]) -> float:
    """The value that 95 of a hundred don't exceed."""
    return sorted(each)[min(len(each) - 1, int(len(each) * 0.95))]


async def first(server: Server, browser: Any, agencies: str) -> None:
    """The first screen of all, then every screen as it is opened, and its elements."""
    reader = await new_reader(server, browser)
    cpu = server.cpu_ms()
    click.echo(f"started: CPU {cpu / 1000:.1f} s, peak {server.peak():,} MB")
    took = await reader.come("")
    spent = (server.cpu_ms() - cpu) / 1000
    click.echo(f"first screen: {took:.1f} s, CPU {spent:.1f} s, peak {server.peak():,} MB")
    for screen in SCREENS:
        other = await new_reader(server, browser)
        cpu = server.cpu_ms()
        asked = f"{screen}?compare={agencies}" if screen == "compare" else screen
        took = await other.come(asked)
        click.echo(
            f"  /{screen}: {took:.1f} s, CPU {server.cpu_ms() - cpu:.0f} ms,"
            f" {await other.elements():,} elements, peak {server.peak():,} MB"
            + "".join(f" WRONG: {one}" for one in other.wrong)
        )
        await other.page.context.close()
    await reader.page.context.close()


async def changing(server: Server, browser: Any, regions: list[str]) -> None:
    """Filters changed one after the other, on the overview and on the list."""
    reader = await new_reader(server, browser)
    for screen in ("", "report"):
        await reader.come(screen)
        waited, spent = [], []
        for number in range(30):
            cpu = server.cpu_ms()
            asked = filters_of(regions, number)
            waited.append(await reader.change(screen, **asked))
            spent.append(server.cpu_ms() - cpu)
        click.echo(
            f"/{screen}, 30 changes: p50 {sorted(waited)[15]:.2f} s, p95 {p95(waited):.2f} s;"
            f" CPU ms p50 {sorted(spent)[15]:.0f}, p95 {p95(spent):.0f}, most {max(spent):.0f};"
            f" peak {server.peak():,} MB" + "".join(f" WRONG: {one}" for one in reader.wrong)
        )
    chosen = []
    for year in YEARS:
        await reader.come("")
        chosen.append(await reader.choose("year", str(year)))
    click.echo(f"/, {len(chosen)} choices by hand: most {max(chosen):.2f} s")
    await reader.page.context.close()


async def searching(server: Server, browser: Any) -> None:
    """Searches of section five, then of all sections, the first of which read the texts."""
    reader = await new_reader(server, browser)
    for narrowed in ({}, {"section": "all"}):
        spent = []
        for typed in words()[:400:20]:
            cpu = server.cpu_ms()
            await reader.search(typed, **narrowed)
            spent.append(server.cpu_ms() - cpu)
        first, *others = spent
        click.echo(
            f"/words, {'all sections' if narrowed else 'section five'}: first CPU"
            f" {first / 1000:.1f} s, {len(others)} others CPU ms p50"
            f" {sorted(others)[len(others) // 2]:.0f}, most {max(others):.0f};"
            f" peak {server.peak():,} MB" + "".join(f" WRONG: {one}" for one in reader.wrong)
        )
    await reader.page.context.close()


async def together(server: Server, browser: Any, regions: list[str]) -> None:
    """Ten readers at once, each with filters of their own."""
    readers = [await new_reader(server, browser) for _ in range(READERS)]
    cpu, began = server.cpu_ms(), perf_counter()

    async def work(reader: Reader, number: int) -> list[float]:
        await reader.come("")
        return [
            await reader.change(("", "report")[n % 2], **filters_of(regions, 100 + number * 9 + n))
            for n in range(CHANGES)
        ]

    every = await asyncio.gather(*(work(one, n) for n, one in enumerate(readers)))
    waited = [each for some in every for each in some]
    wrong = [one for reader in readers for one in reader.wrong]
    half = sorted(waited)[len(waited) // 2]
    click.echo(
        f"{READERS} readers at once, {len(waited)} changes: p50 {half:.2f} s,"
        f" p95 {p95(waited):.2f} s, most {max(waited):.2f} s;"
        f" CPU {(server.cpu_ms() - cpu) / 1000:.1f} s in {perf_counter() - began:.0f} s;"
        f" peak {server.peak():,} MB; {len(wrong)} errors" + "".join(f": {one}" for one in wrong)
    )
    for reader in readers:
        await reader.page.context.close()


async def new_reader(server: Server, browser: Any) -> Reader:
    """A reader with a context of their own."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    return Reader(server.home, await context.new_page())


async def look(dataset: Path) -> None:
    """Start the app, look at it, say what it took."""
    cards = open_dataset(dataset).tables["cards"].select("region_code", "agency_id").collect()
    codes = cards["region_code"].drop_nulls()
    agencies = cards["agency_id"].unique(maintain_order=True)[:4]
    regions = [f"{code}0000" for code in sorted({code[:2] for code in codes})]
    regions += [f"{code}00" for code in sorted({code[:4] for code in codes})][::9]
    path = os.environ.get("GOVREPORT_CHROMIUM") or shutil.which("chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        server = Server(dataset)
        try:
            click.echo(f"load of the machine: {os.getloadavg()[0]:.1f}")
            await first(server, browser, ",".join(agencies))
            await changing(server, browser, regions)
            await searching(server, browser)
            await together(server, browser, regions)
        finally:
            server.stop()
            await browser.close()


def main(reports: int, folder: Path) -> None:
    """Write the dataset where it isn't there, and look at it."""
    dataset = folder / "dataset"
    if not dataset.exists():
        made = [sys.executable, __file__, "--write", str(folder), str(reports)]
        subprocess.run(made, check=True)
    asyncio.run(look(dataset))


def written(folder: Path, reports: int) -> None:
    """The dataset of generated cards, beside that of the samples."""
    folder.mkdir(parents=True, exist_ok=True)
    pipeline.build([SAMPLES], folder / "samples")
    write(open_dataset(folder / "samples"), reports, folder / "dataset", prose)


if __name__ == "__main__":
    if sys.argv[1] == "--write":
        written(Path(sys.argv[2]), int(sys.argv[3]))
    elif len(sys.argv) > 2:
        main(int(sys.argv[1]), Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(int(sys.argv[1]), Path(temporary))
