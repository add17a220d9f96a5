"""What cards, counts and offsets say equals what the facts say, on the samples."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from govreport_core import indicators
from govreport_core.dataset import counting
from govreport_core.dataset.cards import carded, of_frames, yearly
from govreport_core.dataset.counting import counts
from govreport_core.dataset.offsets import offsets
from govreport_core.indicators.figures import definitions
from govreport_core.indicators.grouped import Consistent, groups
from govreport_core.schemas import TABLES, columns_of, frame

Row = dict[str, Any]
OF_DOCUMENTS = (
    *("parts", "evidence", "values", "sections", "points", "claims"),
    *("diagnostics", "checks"),
)


@pytest.fixture(scope="module")
def tables(demo_dataset: Path) -> dict[str, pl.DataFrame]:
    return {
        name: pl.read_parquet(f"{demo_dataset}/{name}/**/*.parquet", hive_partitioning=False)
        for name in TABLES
    }


@pytest.fixture(scope="module")
def cards(tables: dict[str, pl.DataFrame]) -> list[Row]:
    return tables["cards"].to_dicts()


def by_document(rows: pl.DataFrame) -> dict[str | None, list[Row]]:
    found: dict[str | None, list[Row]] = defaultdict(list)
    for row in rows.iter_rows(named=True):
        found[row["document_id"]].append(row)
    return found


def test_a_card_for_each_agency_and_year_that_is_due_or_has_a_report(
    tables: dict[str, pl.DataFrame], cards: list[Row]
) -> None:
    known = {row["document_id"]: row for row in cards if row["document_id"]}
    reports = tables["reports"].filter("current")
    assert sorted(known) == sorted(reports["document_id"])
    for report in reports.iter_rows(named=True):
        card = known[report["document_id"]]
        assert {name: card[name] for name in report if name != "current"} == {
            name: value for name, value in report.items() if name != "current"
        }
    when = {(row["agency_id"], row["year"]): row for row in cards}
    assert len(when) == len(cards) > len(known)
    covered = tables["coverage"].to_dicts()
    for row in covered:
        card = when[row["agency_id"], row["year"]]
        for name in ("document_id", "status", "reason", "required", "due", "days_late"):
            assert card[name] == row[name], name
    assert len(covered) == sum(card["status"] is not None for card in cards)
    roster = {row["agency_id"]: row for row in tables["agencies"].iter_rows(named=True)}
    for card in cards:
        if card["document_id"] is None:
            assert card["agency_name"] == roster[card["agency_id"]]["name"]
            assert card["agency_kind"] == roster[card["agency_id"]]["kind"]


def test_cards_stand_by_division_agency_and_year(demo_dataset: Path) -> None:
    for file in sorted((demo_dataset / "cards").rglob("*.parquet")):
        rows = pl.read_parquet(file, hive_partitioning=False)
        keys = ["region_code", "agency_id", "year"]
        assert rows.select(keys).equals(rows.select(keys).sort(keys, nulls_last=True))


def test_a_year_is_cut_in_the_same_order_whatever_the_rows_come_in(
    tables: dict[str, pl.DataFrame],
) -> None:
    """So that the same reports make files of the same names."""
    rows = carded(tables)
    for seed in range(3):
        mixed = rows.sample(fraction=1, shuffle=True, seed=seed)
        years = [some["year"][0] for some in yearly(mixed)]
        assert years == sorted(years, key=lambda year: (year is None, year))
        assert len(set(years)) == len(years) > 5


def test_cards_are_the_same_however_few_are_made_at_a_time(
    tables: dict[str, pl.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("govreport_core.dataset.cards._AT_ONCE", 7)
    made = of_frames(tables)
    order = ["region_code", "agency_id", "year", "document_id"]
    assert made.height > 100
    assert made.equals(tables["cards"].sort(order, nulls_last=True))


def test_what_cards_count_is_in_the_facts(
    tables: dict[str, pl.DataFrame], cards: list[Row]
) -> None:
    values, points = by_document(tables["values"]), by_document(tables["points"])
    signs = by_document(tables["diagnostics"])
    for card in cards:
        mine = card["document_id"]
        states = Counter(row["state"] for row in values.get(mine, ()))
        assert card["cells_absent"] == states["absent"]
        assert card["cells"] == states.total() - states["absent"]
        assert card["cells_read"] == card["cells"] - states["unreadable"]
        kinds = Counter(row["kind"] for row in points.get(mine, ()))
        assert (card["problems"], card["improvements"]) == (kinds["problem"], kinds["improvement"])
        for column, kind in (("problem_themes", "problem"), ("improvement_themes", "improvement")):
            told = {t for row in points.get(mine, ()) if row["kind"] == kind for t in row["themes"]}
            assert card[column] == sorted(told)
        assert card["doubts"] == sum(row["level"] == "doubt" for row in signs.get(mine, ()))
    assert sum(card["problems"] for card in cards) > 100
    assert sum(bool(card["problem_themes"]) for card in cards) > 100
    assert any(card["cells_read"] < card["cells"] for card in cards)


def test_what_cards_count_of_checks_is_in_the_checks(
    tables: dict[str, pl.DataFrame], cards: list[Row]
) -> None:
    checks = by_document(tables["checks"])
    consistent = next(o.test for o in groups().values() if isinstance(o.test, Consistent))
    for card in cards:
        mine = checks[card["document_id"]]
        if card["document_id"] is None:
            key = (card["agency_id"], card["year"])
            mine = [row for row in mine if (row["agency_id"], row["year"]) == key]
        failed = [row for row in mine if row["outcome"] == "fail"]
        skipped = [row for row in mine if row["outcome"] == "skip"]
        for severity in ("error", "warning", "info"):
            expected = sum(row["severity"] == severity for row in failed)
            assert card[f"fail_{severity}"] == expected
        assert card["passed"] == len(mine) - len(failed) - len(skipped)
        assert card["skipped"] == len(skipped)
        pairs = sorted({(row["check"], row["severity"]) for row in failed})
        assert list(zip(card["failed_rules"], card["failed_severities"], strict=True)) == pairs
        reasons = dict(zip(card["skip_reasons"], card["skip_counts"], strict=True))
        assert reasons == Counter(row["reason"] for row in skipped)
        own = [row for row in mine if not row["check"].startswith(consistent.without)]
        outcomes = Counter(row["outcome"] for row in own)
        assert card["agree_passed"] == outcomes["pass"]
        assert card["agree_failed"] == outcomes["fail"]
        assert card["agree_skipped"] == outcomes["skip"]
        grave = [row for row in own if row["severity"] == "error"]
        assert card["agree_errors"] == sum(row["outcome"] == "fail" for row in grave)
        assert card["agree_judged"] == sum(row["outcome"] != "skip" for row in grave)
        doubted = [r for r in grave if r["outcome"] == "skip" and r["reason"] in consistent.doubts]
        assert card["agree_doubted"] == len(doubted)
    assert sum(card["fail_warning"] for card in cards) > 5
    assert any(card["failed_rules"] for card in cards if card["document_id"] is None)


def test_the_figures_of_cards_are_the_cells_numbers(
    tables: dict[str, pl.DataFrame], cards: list[Row]
) -> None:
    numbers = {
        (row["document_id"], f"{row['table']}.{row['row']}.{row['column']}"): row["number"]
        for row in tables["values"].iter_rows(named=True)
    }
    known = 0
    for card in cards:
        for figure in definitions().figures:
            cells = figure.cells.get(card["form"] or "", ())
            parts = [numbers.get((card["document_id"], cell)) for cell in cells]
            expected = None if not parts or None in parts else sum(parts)
            assert card[figure.code] == expected
            known += expected is not None
        total = numbers.get((card["document_id"], "t3_requests.disposed_total.applicant_total"))
        parts = [card[group.code] for group in definitions().outcomes.groups]
        if None not in parts and not card["failed_rules"]:
            assert sum(parts) == total
    assert known > 500


def test_the_indicators_of_cards_are_what_is_evaluated(
    tables: dict[str, pl.DataFrame], cards: list[Row]
) -> None:
    evaluated = {
        (row["document_id"], row["indicator"]): row
        for row in indicators.evaluate(tables["values"], tables["reports"]).iter_rows(named=True)
    }
    for card in cards:
        for code, indicator in indicators.catalogue().items():
            row = evaluated.get((card["document_id"], code))
            if row is None:
                assert (card[f"{code}_state"], card[f"{code}_numerator"]) == (None, None)
                continue
            told = row["n"] > 0
            assert card[f"{code}_numerator"] == (row["numerator"] if told else None)
            if indicator.denominator:
                assert card[f"{code}_base"] == (row["denominator"] if told else None)
            known = "assumed" if row["assumed_zero"] else "known"
            assert card[f"{code}_state"] == (known if row["n"] else row["reason"])


def above(region: str | None) -> set[str | None]:
    return {region and region[:digits].ljust(6, "0") for digits in (2, 4, 6)}


def counted_above(region: str | None) -> set[str | None]:
    """Of so few reports only provinces have rows."""
    return {code for code in above(region) if code is None or code.endswith("0000")}


@pytest.mark.parametrize(("wide", "regions_of"), [(0, above), (counting.WIDE, counted_above)])
def test_counts_are_those_of_the_checks_for_each_wide_division_above(
    tables: dict[str, pl.DataFrame],
    cards: list[Row],
    monkeypatch: pytest.MonkeyPatch,
    wide: int,
    regions_of: Callable[[str | None], set[str | None]],
) -> None:
    monkeypatch.setattr(counting, "WIDE", wide)
    of_document = {card["document_id"]: card for card in cards if card["document_id"]}
    of_none = {(c["agency_id"], c["year"]): c for c in cards if not c["document_id"]}
    results: Counter[tuple[Any, ...]] = Counter()
    reports: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for row in tables["checks"].iter_rows(named=True):
        mine = row["document_id"]
        card = of_document[mine] if mine else of_none[row["agency_id"], row["year"]]
        for region in regions_of(card["region_code"]):
            key = (
                *(row["check"], card["form"], card["year"], region, card["agency_kind"]),
                *(card["agency_level"], row["severity"], row["outcome"], row["reason"]),
            )
            results[key] += 1
            if mine:
                reports[key].add(mine)
    expected = {key: (count, len(reports[key])) for key, count in results.items()}
    made = counts(tables["cards"], [tables["checks"].lazy()])
    assert {row[:9]: row[9:] for row in made.iter_rows()} == expected
    if wide:
        order = made.columns
        assert made.sort(order).equals(tables["counts"].sort(order))


def test_counts_are_the_same_of_parts_that_are_summed_as_they_come(
    tables: dict[str, pl.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("govreport_core.dataset.counting._HELD", 50)
    parts = tables["checks"].partition_by("check")
    made = counts(tables["cards"], [some.lazy() for some in parts])
    assert made.equals(counts(tables["cards"], [tables["checks"].lazy()]))


def test_counts_have_rows_for_what_has_no_place(tables: dict[str, pl.DataFrame]) -> None:
    cards = tables["cards"].with_columns(region_code=pl.lit(None, pl.String))
    found = counts(cards, [tables["checks"].lazy()])
    assert found["region_code"].null_count() == found.height > 0
    assert found["results"].sum() == tables["checks"].height


def test_a_documents_rows_are_slices(demo_dataset: Path, tables: dict[str, pl.DataFrame]) -> None:
    places = tables["offsets"]
    for table in OF_DOCUMENTS:
        mine = places.filter(pl.col("table") == table)
        of_documents = tables[table].drop_nulls("document_id")
        assert mine["rows"].sum() == of_documents.height
        expected = of_documents.partition_by("document_id", as_dict=True, maintain_order=True)
        files = {file: pl.read_parquet(demo_dataset / file) for file in mine["file"].unique()}
        cut = mine.sort("file", "first").partition_by("document_id", as_dict=True)
        assert cut.keys() == expected.keys()
        for document, places_of in cut.items():
            slices = [
                files[row["file"]].slice(row["first"], row["rows"])
                for row in places_of.iter_rows(named=True)
            ]
            assert pl.concat(slices).equals(expected[document])
    facts = places.filter(pl.col("table") != "checks")
    assert facts.filter(pl.struct("document_id", "table").is_duplicated()).is_empty()


def test_rows_of_no_document_are_in_no_slice() -> None:
    rows = frame("checks", []).select("document_id")
    rows = pl.concat([rows, pl.DataFrame({"document_id": ["a", "a", None, "b", "a"]})])
    found = offsets(rows, "checks", "checks/part.parquet")
    assert found.columns == columns_of("offsets")
    assert found.select("document_id", "first", "rows").rows() == [
        ("a", 0, 2),
        ("b", 3, 1),
        ("a", 4, 1),
    ]
