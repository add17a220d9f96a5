"""The numbers on the site's pages, held against the dataset's tables without the views between.

And the same dataset twice: the same files, byte for byte.
"""

import csv
import datetime as dt
import gzip
import io
import json
import os
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from view_data import write_small

from dashboard.data import open_dataset
from dashboard.labels import t
from dashboard.site import Options, addresses, build_site
from dashboard.views import report_card
from dashboard.views.tables import cell_numbers
from govreport_core.checks import catalogue
from govreport_core.coverage import statuses
from govreport_core.indicators.figures import definitions

pytestmark = pytest.mark.slow

RECEIVED = ("t3_requests", "requests_received", "applicant_total")


@pytest.fixture(scope="module")
def site(demo_site: Path) -> Path:
    return demo_site


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


def test_a_rules_page_says_where_it_fails_and_its_file_has_all_that_does(
    site: Path, tables: dict[str, pl.DataFrame]
) -> None:
    failed = tables["checks"].filter(pl.col("outcome") == "fail")
    files = {path.stem for path in (site / "rules").glob("*.csv")}
    assert files == {addresses.slug(code) for code in failed["check"].unique()}
    for (code,), mine in failed.partition_by("check", as_dict=True).items():
        rows = (site / addresses.rule_file(code)).read_text("utf-8-sig")
        taken = list(csv.DictReader(io.StringIO(rows)))
        assert {row["规则代码"] for row in taken} == {code}
        assert len(taken) == mine.height, code
        places = page(site, addresses.rule(code)).css("section[aria-labelledby=places] td.num")
        assert sum(numbers([cell.text(strip=True) for cell in places])) == failing(mine), code


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
        year = max(tables["coverage"]["year"])
        covered = tables["coverage"].filter(pl.col("year") == year)
        covered = covered.join(inside, on="agency_id", how="semi")
        due = covered.filter(pl.col("status") != "not_required").height
        missed = [covered.filter(pl.col("status") == one).height for one in ("late", "not_found")]
        of_year = here.filter(pl.col("year") == year).select("document_id")
        errors = checks.filter(pl.col("outcome") == "fail", pl.col("severity") == "error")
        wrong = errors.join(of_year, on="document_id", how="semi")["document_id"].n_unique()
        unread = pl.concat(
            [
                tables["values"].filter(pl.col("state") == "unreadable").select("document_id"),
                tables["diagnostics"].filter(pl.col("level") == "doubt").select("document_id"),
                here.filter(pl.col("form").is_null()).select("document_id"),
            ]
        )
        unsure = unread.join(of_year, on="document_id", how="semi")["document_id"].n_unique()
        assert cells == [due, *missed, wrong, unsure, here.height, failing(checks)], code
        # The last two lead to the list, which goes by the region that its rows have.
        mine = [fails for region, fails in regions_listed(site) if (region or "").startswith(stem)]
        assert cells[-2:] == [len(mine), sum(mine)], code
        # How many results that are, the region's own page says: of those the badge rests on.
        said = page(site, addresses.region(code)).css_first("p.said").text()
        said = re.sub("（其中错误.*?）", "", said[said.index("可判断的一致性检查") :])
        own = checks.filter(~pl.col("check").str.contains("^[ph]_"))
        assert numbers(re.findall(r"[\d,]+", said)) == of_outcomes(own), code


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


def test_the_first_page_says_of_when_its_data_are(
    site: Path, tables: dict[str, pl.DataFrame]
) -> None:
    years = tables["reports"]["year"].drop_nulls()
    newest = tables["reports"]["published_on"].max()
    said = page(site, addresses.HOME).css_first("section[aria-labelledby=answer] p.note").text()
    assert said == (
        f"收有 {years.min()}–{years.max()} 年度的年报。所收年报最近一份公布于 {newest}。"
    )
    english = page(site, f"en/{addresses.HOME}")
    assert f"Reports for {years.min()}–{years.max()} are here." in english.text()


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


def sampled(reports: pl.DataFrame) -> list[str]:
    """Ids of some reports: 10, or as many as GOVREPORT_SAMPLED_PAGES says, spread over all."""
    many = int(os.environ.get("GOVREPORT_SAMPLED_PAGES", "10"))
    ids = sorted(reports["report_id"])
    # Those with corrections and replies among them, as they could go wrong in their own way.
    odd = ["990100-public-security-2024", "990102-dengqiao-subdistrict-2021"]
    return [*odd, *random.Random(13).sample(sorted({*ids} - {*odd}), many - 2)]  # noqa: S311 - no secret


def cells_of_page(site: Path, report_id: str) -> dict[str, str]:
    """Of each cell of a report's page its number as text, by the cell's codes."""
    found = {}
    named = {addresses.cell("c-" + ".".join(key)): ".".join(key) for key in cell_numbers()}
    for cell in page(site, addresses.report(report_id)).css(".gr-form td"):
        shown = cell.css_first("a, span")
        for mark in shown.css("small"):
            mark.decompose()
        read = cell.css_first("small.read:not(.corrected)")
        text = read.text(strip=True) if read is not None else shown.text(strip=True)
        found[named[str(cell.css_first("[id]").attributes["id"])]] = text
    return found


def test_a_sampled_page_says_what_app_csv_and_json_say(
    site: Path, demo_dataset: Path, tables: dict[str, pl.DataFrame]
) -> None:
    data = open_dataset(demo_dataset)
    assert len(sampled(tables["reports"])) >= 10
    for report_id in sampled(tables["reports"]):
        shown = cells_of_page(site, report_id)
        card = report_card(data, report_id, "zh")
        values = tables["values"].filter(pl.col("document_id") == card.document_id)
        wanted = {
            ".".join(key): (number, state)
            for *key, number, state in values.select(
                "table", "row", "column", "number", "state"
            ).iter_rows()
        }
        of_app = {
            f"{one.table}.{one.row}.{one.column}": (one.number, one.state)
            for table in card.tables
            for row in table.rows
            for one in row.cells
        }
        assert {key: wanted[key] for key in of_app} == of_app, report_id
        beside = site / addresses.file_of(addresses.report(report_id), "csv")
        lines = list(csv.DictReader(io.StringIO(beside.read_text("utf-8-sig"))))
        # The first lines say whose it is.
        whose = {line["格 Cell"]: line for line in lines[:3]}
        assert {code: line["原样 As printed"] for code, line in whose.items()} == {
            "report.agency_name": card.agency.name,
            "report.year": str(card.year),
            "report.report_id": report_id,
        }
        assert not any(line["数值 Number"] for line in whose.values())
        lines = lines[3:]
        codes = codes_of_cells(site, card.form_id)
        reported = t("states.reported", "zh")
        of_csv = {
            codes[line["格 Cell"]]: (line["数值 Number"], line[STATE] or reported) for line in lines
        }
        assert of_csv.keys() == wanted.keys(), report_id
        of_json = cells_of_json(site, report_id)
        assert of_json == wanted, report_id
        places = values.select(pl.concat_str("table", "row", "column", separator="."), "part")
        assert places_of_json(site, report_id) == dict(places.iter_rows()), report_id
        for key, (number, state) in wanted.items():
            assert of_csv[key] == (written(number), t(f"states.{state}", "zh")), (report_id, key)
            # On a page a table that isn't in the report isn't drawn.
            if state == "reported" and key in shown:
                told = re.findall(r"-?[\d.]+", re.sub("[,，]", "", shown[key]))
                assert [float(one) for one in told] == [number], (report_id, key)
        reported = [key for key, (_, state) in wanted.items() if state == "reported"]
        assert set(reported) <= shown.keys(), report_id
        results_are_the_same(site, report_id, tables["checks"], card.document_id)


STATE = "状态（空：已填） State (empty: reported)"


def codes_of_cells(site: Path, form: str | None) -> dict[str, str]:
    """The codes of a form's cells by their numbers, as the form's own file tells them."""
    text = (site / addresses.form(form or "", "csv")).read_text("utf-8-sig")
    kinds = ("table_code", "row_code", "column_code")
    return {
        line["格 Cell"]: ".".join(line[kind] for kind in kinds)
        for line in csv.DictReader(io.StringIO(text))
    }


def written(number: float | None) -> str:
    return "" if number is None else str(int(number) if number.is_integer() else number)


def cells_of_json(site: Path, report_id: str) -> dict[str, tuple[float | None, str]]:
    found = {}
    address = addresses.file_of(addresses.report(report_id), "json")
    for table in json.loads((site / address).read_text("utf-8"))["tables"]:
        columns = table["columns"]
        for row in table["rows"]:
            for column, number, state in zip(columns, row["numbers"], states_of(row), strict=True):
                if state is not None:
                    found[f"{table['table']}.{row['row']}.{column}"] = (number, state)
    return found


def places_of_json(site: Path, report_id: str) -> dict[str, str | None]:
    """Where each cell of a report stands, as its JSON says it."""
    found: dict[str, str | None] = {}
    address = addresses.file_of(addresses.report(report_id), "json")
    for table in json.loads((site / address).read_text("utf-8"))["tables"]:
        for row in table["rows"]:
            for column, place, state in zip(
                table["columns"], places_of(row), states_of(row), strict=True
            ):
                if state is not None:
                    found[f"{table['table']}.{row['row']}.{column}"] = place
    return found


def states_of(row: dict[str, Any]) -> list[str | None]:
    """The state of each cell of a row of a report's JSON."""
    states: list[str | None] = row.get("states") or []
    return states or [row.get("state", "reported")] * len(row["numbers"])


def places_of(row: dict[str, Any]) -> list[str | None]:
    """Where each cell of a row of a report's JSON stands."""
    cells = len(row["numbers"])
    whole = row.get("part")
    if whole is None:
        return [None] * cells
    if "parts" in row:
        return [part and whole + part for part in row["parts"]]
    along = re.fullmatch(r"(.*[a-z:])(\d+)\.\.(\d+)", whole)
    if along is None:
        return [whole] * cells
    return [f"{along[1]}{at}" for at in range(int(along[2]), int(along[3]) + 1)]


def results_are_the_same(
    site: Path, report_id: str, checks: pl.DataFrame, document_id: str
) -> None:
    """How many failed, couldn't be judged and passed: on the page, in the JSON, in the dataset."""
    mine = Counter(checks.filter(pl.col("document_id") == document_id)["outcome"])
    address = addresses.file_of(addresses.report(report_id), "json")
    told = json.loads((site / address).read_text("utf-8"))
    passed = sum(told["passed"].values())
    skipped = sum(
        len(subjects) for one in told["not_assessed"] for subjects in one["checks"].values()
    )
    counted = (len(told["failed"]), skipped, passed)
    assert counted == (mine["fail"], mine["skip"], mine["pass"]), report_id
    well = checks.filter(pl.col("document_id") == document_id, pl.col("outcome") == "pass")
    assert told["passed"] == dict(Counter(well["check"]))
    found = page(site, addresses.report(report_id))
    heads = [one.text() for one in found.css("section[aria-labelledby=checks] > details > summary")]
    shown = [int(number) for head in heads for number in re.findall(r"\d+", head)[:1]]
    assert shown == [n for n in counted if n], report_id
    anchors = {one.attributes.get("id") for one in found.css("ul.results > li")}
    assert {one["link"].partition("#")[2] for one in told["failed"]} <= anchors, report_id


def test_a_card_is_light(site: Path, tables: dict[str, pl.DataFrame]) -> None:
    """But for its source: 11 KB packed on average, 12 at most, and nearly all under 45 KB."""
    raw, packed = [], []
    for report in tables["reports"].filter("current")["report_id"]:
        for folder in (site, site / "en"):
            page = (folder / addresses.report(report)).read_text(encoding="utf-8")
            card, source, rest = re.split(r'(<div class="?listing.*?</aside>)', page, flags=re.S)
            assert source
            content = (card + rest).encode()
            raw.append(len(content))
            packed.append(len(gzip.compress(content)))
    assert sum(packed) / len(packed) <= 11 * 1024
    assert max(packed) <= 12 * 1024
    assert sorted(raw)[int(len(raw) * 0.95)] <= 45_000
    assert max(raw) <= 48_000


def test_a_theme_is_named_again_only_beside_a_point_that_has_others(site: Path) -> None:
    found = set()
    for path in sorted((site / "en" / "reports").glob("*.html")):
        for point in page(path.parent, path.name).css("ol.points > li"):
            for again in point.css(".gr-again > summary"):
                named = re.search(r"\(the same theme(?:: (.+?))?\)", again.text())
                assert named
                themes = named[1].split(", ") if named[1] else []
                assert len(themes) < len(point.css(".chip"))
                found.add(bool(themes))
    assert found == {True, False}


SAYS = (
    r"(?:(\d+) 份年报不通过：)?可判断 (\d+) 处，(?:全部通过|通过 (\d+)，不通过 (\d+))；"
    r"未能判断 (\d+) 处。"
    r"|没有一处能够判断：未能判断 (\d+) 处。|数据中没有这条规则可以检查的。"
)


def test_a_rules_sentence_says_its_counts(site: Path, tables: dict[str, pl.DataFrame]) -> None:
    """Nor is anything said to have all passed where a report that isn't there fails it."""
    checks = tables["checks"].join(
        tables["reports"].filter(~pl.col("current")), on="document_id", how="anti"
    )
    seen = set()
    for code in catalogue():
        counts = Counter(checks.filter(pl.col("check") == code)["outcome"])
        (said,) = [
            found
            for one in page(site, addresses.rule(code)).css("main > p")
            if (found := re.fullmatch(SAYS, one.text().replace(",", "")))
        ]
        assert int(said[5] or said[6] or 0) == counts["skip"], code
        assert ("没有这条规则可以检查的" in said[0]) == (not counts), code
        assert int(said[2] or 0) == counts["pass"] + counts["fail"], code
        assert bool(said[4]) == bool(counts["fail"]), code
        assert int(said[4] or 0) == counts["fail"], code
        seen.add((bool(said[1]), bool(said[2]), bool(said[4])))
    # Failing reports, failures without one, none, none assessed.
    assert {(True, True, True), (False, True, True), (False, True, False)} <= seen


def test_what_a_report_takes_on_a_disk(site: Path, tables: dict[str, pl.DataFrame]) -> None:
    """Its page, its data and what sets it beside another, with the addresses of its own site."""
    reports = tables["reports"].filter("current")["report_id"]
    pages = [
        (folder / address(report))
        for report in reports
        for folder in (site, site / "en")
        for address in (addresses.report, addresses.compare, addresses.beside)
    ]
    files = [
        site / addresses.file_of(addresses.report(report), ending)
        for report in reports
        for ending in ("json", "csv")
    ]
    sizes = [one.stat().st_size for one in (*pages, *files) if one.exists()]
    assert sum(sizes) / len(reports) <= 189_500


def test_every_row_of_the_late_and_missing_is_the_datasets(
    site: Path, tables: dict[str, pl.DataFrame]
) -> None:
    """None is lost, each has its status, its day and how late it was."""
    found = page(site, addresses.COVERAGE)
    missed = [code for code, one in statuses().items() if one.expected == "missed"]
    rows_of = tables["coverage"].filter(pl.col("status").is_in(missed))
    wanted = Counter(
        (
            addresses.agency(row["agency_id"]),
            str(row["year"]),
            row["days_late"],
            row["published_on"],
        )
        for row in rows_of.iter_rows(named=True)
    )
    shown: Counter[tuple[object, ...]] = Counter()
    table = named(found, found.css_first("#missed").text())
    for row in table.css("tbody tr"):
        cells = row.css("th, td")
        days = re.search(r"逾期.*?(\d+) 天", cells[2].text(separator=" "))
        day = re.search(r"\d{4}-\d{2}-\d{2}", cells[4].text())
        shown[
            (row.css_first("a").attributes["href"] or "").removeprefix("../"),
            cells[1].text(strip=True),
            int(days[1]) if days else None,
            dt.date.fromisoformat(day[0]) if day else None,
        ] += 1
    assert shown == wanted


def test_the_grid_of_coverage_has_every_agency_and_every_year(
    site: Path, tables: dict[str, pl.DataFrame]
) -> None:
    table = page(site, addresses.COVERAGE).css_first("#timely")
    years = [int(one.text()) for one in table.css("thead th")[1:-2]]
    assert years == sorted(set(tables["coverage"]["year"]), reverse=True)
    days = {
        (addresses.agency(row["agency_id"]), row["year"]): row["days_late"]
        for row in tables["coverage"].iter_rows(named=True)
    }
    seen = {}
    for row in table.css("tbody tr"):
        agency = row.css_first("th a").attributes["href"]
        for year, cell in zip(years, row.css("td.cov"), strict=True):
            if cell.css_first(".gr-tag") is not None:
                late = cell.css_first(".days")
                seen[agency, year] = int(late.text().replace(",", "")) if late else None
    assert seen == days


def test_the_same_dataset_makes_the_same_bytes(
    demo_dataset: Path, published: Options, site: Path, tmp_path: Path
) -> None:
    build_site(demo_dataset, tmp_path / "again", published, jobs=1)
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
        marked = [cell for cell in cells if cell.css("del")]
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
