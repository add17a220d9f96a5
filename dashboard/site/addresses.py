"""A report's, an agency's or a rule's id in, the address of its page out.

Ids come from data: only plain ones become file names, others are hashed, so
none can name a file elsewhere or one that a file system can't hold.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from urllib.parse import urlencode

import msgspec

from dashboard.views.tables import cell_numbers

_PLAIN = re.compile(r"(?!x-|index$)[a-z0-9][a-z0-9_-]{0,79}")

HOME = "index.html"
AGENCIES = "agencies/index.html"
RULES = "rules/index.html"
DATA = "data/index.html"
ABOUT = "about.html"
COVERAGE = "coverage.html"
MISSED = "missed.html"
REGIONS = "regions.html"
INDICATORS = "indicators.html"
WORDS = "words/index.html"
COMPARE = "compare/index.html"
REPORTS = "reports/index.html"
COVERAGE_FILE = "timeliness.csv"
RUNNING_FILE = "words/running.csv"
SHARED_FILE = "words/shared.csv"
FEED = "feed.xml"
CORRECTIONS = "corrections.html"
GLOSSARY = "glossary.html"
PUBLISHER = "site.html"
# What stands at the foot of every page, by the key of its name.
MORE = {"corrections": CORRECTIONS, "glossary": GLOSSARY, "publisher": PUBLISHER}
# The rooms of the site's menu, by the key of their name.
ROOMS = {
    "home": HOME,
    "reports": REPORTS,
    "coverage": COVERAGE,
    "agencies": AGENCIES,
    "regions": REGIONS,
    "rules": RULES,
    "words": WORDS,
    "compare": COMPARE,
    "data": DATA,
    "about": ABOUT,
}
# Whose pages stand in a folder of another name.
_IN = {
    "beside": REPORTS,
    "regions": REGIONS,
    "circulars": REGIONS,
    "coverage": COVERAGE,
    "missed": COVERAGE,
}
# Where web servers look for it; shown at any depth, so it carries its own styles.
LOST = "404.html"


def room(address: str) -> str:
    """The room that a page stands in; its own address where it stands in none."""
    folder = re.split(r"[/.]", address)[0]
    at_home = next((one for one in ROOMS.values() if one.startswith(f"{folder}/")), address)
    return _IN.get(folder, at_home)


def report(report_id: str) -> str:
    """The page of a report."""
    return f"reports/{slug(report_id)}.html"


@lru_cache(maxsize=1024)
def cell(cell_id: str) -> str:
    """What a cell is called on its report's page, by its id in the app; that leads there too."""
    key = cell_id.removeprefix("c-")
    table, row, column = key.split(".")
    return f"c{cell_numbers().get((table, row, column)) or f'-{key}'}"


def cells() -> bytes:
    """The number of each cell, as JSON: of its table, row and column."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for (table, row, column), number in cell_numbers().items():
        found.setdefault(table, {}).setdefault(row, {})[column] = number
    return msgspec.json.encode(found)


def listed(**parameters: object) -> str:
    """The list of the reports that the parameters of an address let through."""
    return f"{REPORTS}?{urlencode(parameters, safe=',')}"


def beside(report_id: str) -> str:
    """The page that sets a report's texts beside others'."""
    return f"beside/{slug(report_id)}.html"


def compare(report_id: str) -> str:
    """The page that holds a report's form against that of the year before."""
    return f"compare/{slug(report_id)}.html"


def compare_file(agency_id: str) -> str:
    """What the room of comparisons reads of an agency."""
    return f"compare/agency/{slug(agency_id)}.json"


def agency(agency_id: str) -> str:
    """The page of an agency."""
    return f"agencies/{slug(agency_id)}.html"


def region(code: str) -> str:
    """The page of a region."""
    return f"regions/{slug(code)}.html"


def region_file(code: str) -> str:
    """The counts of a region's parts, year by year."""
    return f"regions/{slug(code)}.csv"


def circular(region: str) -> str:
    """The circular of a region."""
    return f"circulars/{slug(region)}.html"


OF_REGION = (region, region_file, circular)
"""What a region has in each language."""


def form(form_id: str, ending: str) -> str:
    """The file that tells the names of a form's tables, rows and columns."""
    return f"forms/{slug(form_id)}.{ending}"


def rule(code: str) -> str:
    """The page of a rule."""
    return f"rules/{slug(code)}.html"


def rule_file(code: str) -> str:
    """All that fails a rule."""
    return f"rules/{slug(code)}.csv"


def words(by: str, code: str) -> str:
    """The list of problems and improvements of a year, a region or a theme."""
    return f"words/{slug(f'{by}-{code}')}.html"


def numbered(address: str, page: int) -> str:
    """A page of a list; the first has the list's own address."""
    return address if page == 1 else f"{address.removesuffix('.html')}.{page}.html"


def file_of(page: str, ending: str) -> str:
    """The file beside a report's or an agency's page that has its data."""
    return f"{page.removesuffix('.html')}.{ending}"


def slug(text: str) -> str:
    """A file name for an id: itself where it is plain, else a hash of it."""
    if _PLAIN.fullmatch(text):
        return text
    return f"x-{hashlib.sha256(text.encode()).hexdigest()[:20]}"


def without_index(address: str) -> str:
    """The address by which a server shows it: a folder's first page by its folder."""
    folder, _, name = address.rpartition("/")
    return address if name != HOME else f"{folder}/" if folder else ""


def to_root(address: str) -> str:
    """What leads from a page back to the site's root: `../` once a folder."""
    return "../" * address.count("/")
