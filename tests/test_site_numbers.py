"""The numbers on the site's pages, held against the dataset's tables without the views between.

And the same dataset twice: the same files, byte for byte.
"""

import json
import re
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from view_data import write_small

from dashboard.data import open_dataset
from dashboard.site import Options, addresses, build_site
from govreport_core.coverage import statuses
from govreport_core.indicators.figures import definitions

pytestmark = pytest.mark.slow

RECEIVED = ("t3_requests", "requests_received", "applicant_total")


@pytest.fixture(scope="module")
def site(demo_dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("numbers") / "site"
    build_site(demo_dataset, out, Options(("zh",)))
    return out


@pytest.fixture(scope="module")
def tables(demo_dataset: Path) -> dict[str, pl.DataFrame]:
    found = {name: table.collect() for name, table in open_dataset(demo_dataset).tables.items()}
    current = found["reports"].filter("current")
    checks = found["checks"].join(current.select("document_id"), on="document_id", how="semi")
    nobody = found["checks"].filter(pl.col("document_id").is_null())
    return found | {"reports": current, "checks": pl.concat([checks, nobody])}


def page(site: Path, address: str) -> LexborHTMLParser:
    return LexborHTMLParser((site / address).read_text("utf-8"))


def rows(table: LexborNode) -> list[list[str]]:
    """The cells of a table's body as text."""
    return [
        [" ".join(cell.text(separator=" ").split()) for cell in row.css("th, td")]
        for row in table.css("tbody tr")
    ]


def numbers(cells: list[str]) -> list[int]:
    return [int(cell.replace(",", "")) for cell in cells]


def named(found: LexborHTMLParser, title: str) -> LexborNode:
    return next(one for one in found.css("table") if title in one.css_first("caption").text())


def of_outcomes(checks: pl.DataFrame) -> list[int]:
    """Applicable, passed, failed, skipped."""
    counted = Counter(checks["outcome"])
    applicable = counted["pass"] + counted["fail"]
    return [applicable, counted["pass"], counted["fail"], counted["skip"]]


def failing(checks: pl.DataFrame) -> int:
    failed = checks.filter(pl.col("outcome") == "fail")
    return failed["document_id"].drop_nulls().n_unique()


def test_every_number_of_the_rules(site: Path, tables: dict[str, pl.DataFrame]) -> None:
    found = page(site, addresses.RULES)
    checks = tables["checks"]
    seen = set()
    for row in found.css("table.rules tbody tr"):
        code = row.css_first("code").text()
        mine = checks.filter(pl.col("check") == code)
        shown = numbers([cell.text(strip=True) for cell in row.css("td.num")])
        assert shown == [failing(mine), *of_outcomes(mine)], code
        seen.add(code)
    assert seen >= set(checks["check"])


def test_every_number_of_the_regions(site: Path, tables: dict[str, pl.DataFrame]) -> None:
    agencies = pl.concat(
        [
            tables["agencies"].select("agency_id", "region_code"),
            tables["reports"].select("agency_id", "region_code"),
        ]
    ).unique("agency_id", keep="first")
    shown = page(site, addresses.REGIONS).css("table tbody tr")
    assert len(shown) > 3
    for row in shown:
        code = row.css_first("code").text()
        stem = re.sub(r"(00){1,2}$", "", code)
        inside = agencies.filter(pl.col("region_code").str.starts_with(stem))
        here = tables["reports"].join(inside, on="agency_id", how="semi")
        checks = tables["checks"].join(inside, on="agency_id", how="semi")
        cells = numbers([cell.text(strip=True) for cell in row.css("td.num")])
        assert cells == [here.height, failing(checks), *of_outcomes(checks)], code
        # The first two lead to the list, which goes by the region that its rows have.
        mine = [fails for region, fails in regions_listed(site) if (region or "").startswith(stem)]
        assert cells[:2] == [len(mine), sum(mine)], code


def regions_listed(site: Path) -> list[tuple[str | None, bool]]:
    """Of each report in the list its region's code, and whether something fails."""
    about = json.loads((site / "list" / "about.json").read_text("utf-8"))
    found = []
    for year, *_ in about["shards"]:
        for row in json.loads((site / "list" / f"{year}.json").read_text("utf-8")):
            one = dict(zip(about["fields"], row, strict=True))
            if one["report"] is not None:
                fails = any(one[name] for name in ("error", "warning", "info"))
                found.append((about["agencies"][one["agency"]][3], fails))
    return found


def test_the_numbers_the_first_page_opens_with(site: Path, tables: dict[str, pl.DataFrame]) -> None:
    coverage = tables["coverage"]
    year = coverage["year"].max()
    status = Counter(coverage.filter(pl.col("year") == year)["status"])
    due = sum(n for code, n in status.items() if statuses()[code].expected != "no")
    of_year = tables["reports"].filter(pl.col("year") == year)
    errors = tables["checks"].filter(
        (pl.col("severity") == "error") & pl.col("document_id").is_in(of_year["document_id"])
    )
    wanted = {"due": due, "late": status["late"], "not_found": status["not_found"]}
    wanted["wrong"] = failing(errors)
    tiles = {
        (tile.attributes["class"] or ""): tile.css_first("b").text()
        for tile in page(site, addresses.HOME).css(".gr-tiles li")
    }
    for code, n in wanted.items():
        assert tiles[code if n else "nothing"] == str(n), code
    found = named(page(site, addresses.HOME), "最常见的问题")
    failed = tables["checks"].filter(
        (pl.col("outcome") == "fail") & pl.col("document_id").is_in(of_year["document_id"])
    )
    counts = Counter(failed.unique(["check", "document_id"])["check"])
    for row in found.css("tbody tr"):
        asked = re.search(r"rule=(\w+)", row.css_first("a").attributes["href"] or "")
        assert asked
        shown = row.css("td")[-1].text(separator=" ").split()[0]
        assert int(shown) == counts[asked[1]], asked[1]


def test_the_course_is_the_sum_over_agencies_of_every_year(
    site: Path, tables: dict[str, pl.DataFrame]
) -> None:
    found = named(page(site, addresses.HOME), "历年申请与办结")
    n = int(re.search(r"同一批 (\d+) 个", found.css_first("caption").text())[1])  # type: ignore[index]
    keys = dict(zip(("table", "row", "column"), RECEIVED, strict=True))
    values = tables["values"].filter(*(pl.col(name) == key for name, key in keys.items()))
    cells = (
        tables["reports"]
        .select("document_id", "agency_id")
        .join(values.select("document_id", "year", "number"), on="document_id")
        .drop_nulls()
    )
    shown = {int(row[0]): (int(row[1]), row[2]) for row in rows(found)}
    in_all = cells.filter(pl.col("year").is_in(list(shown))).group_by("agency_id").len("years")
    same = in_all.filter(pl.col("years") == len(shown))["agency_id"]
    assert len(same) == n
    for year, (total, counted) in shown.items():
        mine = cells.filter(pl.col("agency_id").is_in(same), pl.col("year") == year)
        assert (total, counted) == (mine["number"].sum(), f"{n} 份"), year


def test_the_sums_of_the_first_page(site: Path, tables: dict[str, pl.DataFrame]) -> None:
    stats = [
        one.text(strip=True).replace(",", "") for one in page(site, addresses.HOME).css(".stats b")
    ]
    keys = dict(zip(("table", "row", "column"), RECEIVED, strict=True))
    values = tables["values"].filter(*(pl.col(name) == key for name, key in keys.items()))
    mine = values.join(tables["reports"], on="document_id", how="semi")
    assert stats[:2] == [
        str(tables["reports"].height),
        str(tables["reports"]["agency_id"].n_unique()),
    ]
    assert int(stats[2]) == mine["number"].sum()


def test_every_status_of_the_coverage_is_counted(
    site: Path, tables: dict[str, pl.DataFrame]
) -> None:
    found = page(site, addresses.COVERAGE)
    shown = [int(one.text().replace(",", "")) for one in found.css(".statuses b")]
    counted = Counter(tables["coverage"]["status"])
    assert shown == [counted[code] for code in statuses()]
    missed = [code for code, one in statuses().items() if one.expected == "missed"]
    head = found.css_first("#missed").text()
    n = sum(counted[code] for code in missed)
    assert str(n) in re.findall(r"\d+", head)
    assert len(rows(named(found, head))) == n


def test_the_pages_of_all_reports_list_each_once_with_its_numbers(
    site: Path, tables: dict[str, pl.DataFrame]
) -> None:
    errors = tables["checks"].filter(
        (pl.col("outcome") == "fail") & (pl.col("severity") == "error")
    )
    wrong = Counter(errors["document_id"].drop_nulls())
    keys = dict(zip(("table", "row", "column"), RECEIVED, strict=True))
    cells = tables["values"].filter(*(pl.col(name) == key for name, key in keys.items()))
    received = dict(cells.select("document_id", "number").iter_rows())
    documents = {
        addresses.report(report): document
        for report, document in tables["reports"].select("report_id", "document_id").iter_rows()
    }
    seen: list[str] = []
    for number in range(1, 4):
        found = page(site, addresses.numbered(addresses.REPORTS, number))
        for row in found.css("#reports tbody tr"):
            address = (row.css_first("a").attributes["href"] or "").removeprefix("../")
            cells_of_row = [cell.text(strip=True) for cell in row.css("td.num")]
            document = documents[address]
            assert cells_of_row[0] == f"{int(received[document]):,}", address
            assert cells_of_row[3] == str(wrong[document]), address
            seen.append(address)
    assert sorted(seen) == sorted(documents)


def test_the_same_dataset_makes_the_same_bytes(
    demo_dataset: Path, site: Path, tmp_path: Path
) -> None:
    build_site(demo_dataset, tmp_path / "again", Options(("zh",)))
    one, two = (
        {
            path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        for folder in (site, tmp_path / "again")
    )
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []


def test_a_dataset_made_again_changes_only_the_page_that_says_when(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        data = write_small(tmp_path / name / "dataset")
        if name == "two":
            about = json.loads((data / "dataset.json").read_text("utf-8"))
            about["built_at"] = "2031-01-01T00:00:00+00:00"
            (data / "dataset.json").write_text(json.dumps(about), encoding="utf-8")
        out = tmp_path / name / "site"
        build_site(data, out, Options(("zh",)))
        found.append({p.relative_to(out): p.read_bytes() for p in out.rglob("*") if p.is_file()})
    one, two = found
    assert one.keys() == two.keys()
    assert [str(name) for name in one if one[name] != two[name]] == [addresses.ABOUT]


def test_two_years_cell_by_cell_are_those_of_the_values(
    site: Path, tables: dict[str, pl.DataFrame]
) -> None:
    """Each cell of the form on the pages that hold a report against the one before."""
    reports = tables["reports"].drop_nulls("form").sort("agency_id", "year")
    after = reports.filter(pl.col("year") == 2024)["report_id"].sort()[:3]
    values = tables["values"].drop_nulls("number")
    for report_id in after:
        agency, year = report_id.rsplit("-", 1)
        found = page(site, addresses.compare(report_id))
        known = []
        for one in (int(year) - 1, int(year)):
            mine = reports.filter(agency_id=agency, year=one)["document_id"][0]
            rows = values.filter(pl.col("document_id") == mine, pl.col("table") == RECEIVED[0])
            known.append({(r["row"], r["column"]): r["number"] for r in rows.to_dicts()})
        cells = found.css("table.gr-pair")[4].css("tbody td")
        changed = {key for key in known[0] if known[0][key] != known[1].get(key, known[0][key])}
        marked = [cell for cell in cells if "changed" in (cell.attributes.get("class") or "")]
        assert len(marked) == len(changed)
        told = sorted(
            (cell.css_first("del").text(), cell.css_first("ins").text()) for cell in marked
        )
        assert told == sorted((f"{known[0][k]:,g}", f"{known[1][k]:,g}") for k in changed)
        size = (site / addresses.compare(report_id)).stat().st_size
        assert size < 40_000


def test_what_compares_agencies_reads_the_figures_of_the_cards(
    site: Path, demo_dataset: Path
) -> None:
    cards = open_dataset(demo_dataset).cards.filter(pl.col("document_id").is_not_null())
    codes = [one.code for one in definitions().figures]
    told = {}
    for agency in cards["agency_id"].unique():
        years = json.loads((site / addresses.compare_file(agency)).read_text("utf-8"))
        told |= {(agency, int(year)): row for year, row in years.items()}
    assert len(told) == cards.height
    for card in cards.iter_rows(named=True):
        form, slug, figures, rates = told[card["agency_id"], card["year"]]
        assert (form, slug) == (card["form"], addresses.slug(card["report_id"]))
        assert figures == [card[code] for code in codes]
        assert [card["grant_rate_numerator"], card["grant_rate_base"]] in rates
