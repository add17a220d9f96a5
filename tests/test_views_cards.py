"""Views that stand on cards and counts say what the facts say, on the samples."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec
import polars as pl
import pytest

from dashboard import views
from dashboard.data import (
    OF_A_DOCUMENT,
    Data,
    Index,
    documents_stored,
    held,
    open_dataset,
    opened_whole,
    ranked,
    rows_of,
    slice_of,
)
from dashboard.views.context import context
from dashboard.views.filters import narrow
from dashboard.views.rules import counted
from govreport_core import indicators
from govreport_core.model import Severity

ALL = views.Filters()
FILTERS = [
    ALL,
    views.Filters(years=("2021", "2023")),
    views.Filters(regions=("990100",)),
    views.Filters(regions=("990102", "990100", "990121")),
    views.Filters(regions=("990121",), kinds=("government", "township")),
    views.Filters(levels=("township",), years=("2020",)),
    views.Filters(years=("none",)),
]


@pytest.fixture(scope="module")
def data(demo_dataset: Path) -> Data:
    return open_dataset(demo_dataset)


@pytest.mark.parametrize("filters", FILTERS)
def test_rules_are_counted_as_the_results_are(data: Data, filters: views.Filters) -> None:
    cards = narrow(data.tables["cards"], filters).collect()
    checks = data.tables["checks"].collect()
    keys = ["agency_id", "year"]
    missing = checks.filter(pl.col("document_id").is_null()).join(
        cards.filter(pl.col("document_id").is_null()).select(keys), on=keys, how="semi"
    )
    about = checks.join(cards.select("document_id"), on="document_id", how="semi")
    rows = pl.concat([about, missing])
    results = ["check", "severity", "outcome", "reason"]
    expected = Counter(rows.select(results).iter_rows())
    found: Counter[tuple[str | None, ...]] = Counter()
    for *key, count in counted(data, filters).select(*results, "results").iter_rows():
        found[tuple(key)] += count
    assert found == expected
    failing = rows.filter(pl.col("outcome") == "fail")
    shown = views.checks_view(data, filters, "zh")
    assert shown.found == len(shown.findings) == failing.height
    for rule in shown.rules:
        documents = failing.filter(pl.col("check") == rule.code)["document_id"].drop_nulls()
        assert rule.reports_failed == documents.n_unique()


def test_some_reports_rows_are_those_of_the_files(data: Data) -> None:
    documents = documents_stored(data)
    some = slice_of(opened_whole(data), documents[:3])
    for table in OF_A_DOCUMENT:
        for document in documents[:3]:
            assert rows_of(some, document, table).equals(rows_of(data, document, table))
    # Texts of others, too, whether they were taken out before or not.
    shared = context(some)
    for prepared in ((), documents[:3], documents):
        shared.prepare(prepared)
        for table in ("sections", "points"):
            for document in documents:
                expected = rows_of(data, document, table).to_dicts()
                assert shared.rows(table, document) == expected


def test_all_rules_in_one_pass_are_what_each_is_alone(data: Data) -> None:
    filters = views.Filters(regions=("990100",), outcomes=("skip", "fail"))
    for chosen in (ALL, filters):
        together = views.rule_views(data, chosen, "en", limit=20)
        alone = (views.rule_view(data, one.rule.code, chosen, "en", limit=20) for one in together)
        assert together == tuple(alone)
    assert any(view.findings for view in together)


def test_group_indicators_of_cards_are_those_of_the_facts(data: Data) -> None:
    tables = {name: rows.collect() for name, rows in data.tables.items()}
    reports = tables["reports"].filter("current")
    expected = indicators.evaluate_groups(
        indicators.evaluate(tables["values"], reports),
        reports,
        tables["checks"],
        tables["coverage"],
    )
    assert indicators.groups_of_cards(data.cards).equals(expected)
    assert expected["n"].sum() > 100


def test_indicators_of_years_are_those_of_the_facts(data: Data) -> None:
    reports = data.tables["reports"].filter("current").collect()
    evaluated = indicators.evaluate(data.tables["values"].collect(), reports)
    found = indicators.cards_by_year(data.cards)
    rows = indicators.aggregate(evaluated, reports, by=["year"]).to_dicts()
    assert len(rows) > 100
    for row in rows:
        mine = found[row["year"]][row["indicator"]]
        for name in ("value", "numerator", "denominator", "n", "left_out", "reason"):
            assert mine[name] == row[name], (row["indicator"], name)
        assert mine["assumed_zero"] == row["assumed_zero"]
        assert sum(count for _, count in mine["reasons"]) == row["left_out"]


def test_a_documents_rows_are_read_alone(data: Data) -> None:
    cards = data.cards.drop_nulls("document_id")
    for document in cards["document_id"][::40]:
        for table in OF_A_DOCUMENT:
            whole = data.tables[table].filter(pl.col("document_id") == document).collect()
            assert rows_of(data, document, table).equals(whole)
            assert rows_of(held(data), document, table).equals(whole)
    assert rows_of(data, "nothing", "values").is_empty()


def test_a_page_in_memory_is_the_same(data: Data) -> None:
    mine = held(data)
    card = next(row for row in data.cards.iter_rows(named=True) if row["status"] == "late")
    for lang in ("zh", "en"):
        one = views.report_card(data, card["report_id"], lang)
        assert one == views.report_card(mine, card["report_id"], lang)
        page = views.agency_page(data, card["agency_id"], lang)
        assert page == views.agency_page(mine, card["agency_id"], lang)
    assert one.timely is not None
    assert one.timely in page.timeliness


def test_a_cut_overview_counts_as_the_whole(data: Data) -> None:
    whole = views.overview(data, ALL, "zh")
    cut = views.overview(data, ALL, "zh", limit=5)
    assert (cut.stats, cut.trend, cut.indicators) == (whole.stats, whole.trend, whole.indicators)
    assert cut.reports == whole.reports == data.reports.collect().height
    assert cut.coverage.rows == whole.coverage.rows[:5]
    assert cut.coverage.totals == whole.coverage.totals
    assert cut.coverage.found == len(whole.coverage.rows)
    states = Counter(cell.state for row in whole.coverage.rows for cell in row.cells)
    assert dict(whole.coverage.totals) == {state: states[state] for state, _ in cut.coverage.totals}


def test_rows_are_found_by_key() -> None:
    index = Index(pl.DataFrame({"k": ["b", "a", None, "b"], "n": [1, 2, 3, 4]}), "k")
    assert index.of("b")["n"].to_list() == [1, 4]
    assert index.of("c").is_empty()
    assert index.rows["n"].to_list() == [1, 2, 3, 4]


NONE_DISPOSED = {
    "zh": "无法计算：没有办结的申请",
    "en": "Can't be computed: no request was disposed of",
}


@pytest.mark.parametrize("lang", NONE_DISPOSED)
def test_a_rate_that_cannot_be_told_says_why_where_the_card_opens(data: Data, lang: str) -> None:
    none = data.cards.filter(pl.col("grant_rate_base") == 0).row(0, named=True)
    card = views.report_card(data, f"{none['agency_id']}-{none['year']}", lang)
    rate = card.key[-1]
    assert (rate.code, rate.text, rate.known) == ("grant_rate", NONE_DISPOSED[lang], False)


def test_an_agencys_failures_stand_by_year_the_gravest_first(data: Data) -> None:
    grave = [*map(str, Severity)]
    # Those of one report are as grave as their place says.
    place = pl.int_range(pl.len()).over("document_id") % len(grave)
    severity = place.replace_strict(dict(enumerate(reversed(grave))), return_dtype=pl.String)
    mine = msgspec.structs.replace(data)
    mine.__dict__["failures"] = ranked(
        data.failures.lazy().with_columns(severity=severity)
    ).collect()
    several = 0
    for agency in data.cards["agency_id"].unique():
        found = views.agency_page(mine, agency, "zh").findings
        order = [(-int(one.year_text[:4]), grave.index(one.severity)) for one in found]
        assert order == sorted(order)
        several += len(set(order)) > len({year for year, _ in order})
    assert several
